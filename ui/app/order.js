/** @import { Key, Row } from './types.js' */
/** @import { Situation } from './situation.js' */
import { about } from './situation.js';

/**
 * @typedef {object} Placed
 * @property {Row} row
 * @property {Situation} situation
 */

const RANK = { 'needs-me': 0, 'trouble': 2, 'waiting': 3, 'done': 4 };

/** @param {Situation} situation */
function rank(situation) {
  // Signed is good news that can wait behind the customers who cannot.
  return situation === 'signed' ? 1 : RANK[about(situation).group];
}

/**
 * Attention first, then the newest change of step.
 *
 * @param {readonly Placed[]} placed
 * @returns {Key[]}
 */
export function bestOrder(placed) {
  return [...placed]
    .sort(
      (a, b) =>
        rank(a.situation) - rank(b.situation) || b.row.since - a.row.since || b.row.key - a.row.key,
    )
    .map(({ row }) => row.key);
}

/**
 * The order while a hand is on the list: what is shown keeps its place even if it has left the
 * group, what is gone leaves, and what is new waits at the end.
 *
 * @param {readonly Key[]} shown
 * @param {readonly Key[]} best
 * @param {(key: Key) => boolean} exists
 * @returns {Key[]}
 */
export function heldOrder(shown, best, exists) {
  const stay = shown.filter(exists);
  const known = new Set(stay);
  return [...stay, ...best.filter((key) => !known.has(key))];
}

/**
 * @param {readonly Key[]} a
 * @param {readonly Key[]} b
 */
export function sameOrder(a, b) {
  return a.length === b.length && a.every((key, at) => key === b[at]);
}
