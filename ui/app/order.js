/** @import { Key, Language, Order, Row } from './types.js' */
/** @import { Situation } from './situation.js' */
import { about, isOver } from './situation.js';
import { visible } from './text.js';

/**
 * @typedef {object} Placed
 * @property {Row} row
 * @property {Situation} situation
 */

/** @type {readonly Order[]} */
export const ORDERS = ['attention', 'newest', 'longest', 'time-left', 'name', 'id'];

const RANK = { 'needs-me': 0, 'trouble': 2, 'waiting': 3, 'done': 4 };

/** @param {Situation} situation */
function rank(situation) {
  // Signed is good news that can wait behind the customers who cannot.
  return situation === 'signed' ? 1 : RANK[about(situation).group];
}

/** @typedef {(a: Placed, b: Placed) => number} Compare */

/**
 * Attention first, then the newest change of step.
 *
 * @type {Compare}
 */
const byAttention = (a, b) => rank(a.situation) - rank(b.situation) || b.row.since - a.row.since || b.row.key - a.row.key;

/** @type {Compare} */
const byId = (a, b) => a.row.id - b.row.id || a.row.key - b.row.key;

/** @type {Readonly<Record<Language, Intl.Collator>>} */
const ALPHABETS = { bg: new Intl.Collator('bg'), en: new Intl.Collator('en') };

/**
 * No two rows stand in one place: 0 says that a row which has changed stands where it stood.
 *
 * @param {Order} order
 * @param {Language} language
 * @returns {Compare}
 */
export function compareBy(order, language) {
  switch (order) {
    case 'attention':
      return byAttention;
    case 'newest':
      return (a, b) => b.row.key - a.row.key;
    case 'longest':
      return (a, b) => Number(isOver(a.row)) - Number(isOver(b.row)) || a.row.since - b.row.since || a.row.key - b.row.key;
    case 'time-left':
      return (a, b) => endsAt(a) - endsAt(b) || byAttention(a, b);
    case 'name':
      return (a, b) => Number(a.row.label === '') - Number(b.row.label === '') || ALPHABETS[language].compare(visible(a.row.label), visible(b.row.label)) || byId(a, b);
    case 'id':
      return byId;
  }
}

/**
 * When the watch ends; what is not watched comes last.
 *
 * @param {Placed} placed
 */
function endsAt({ row: { step } }) {
  const watched = step.step === 'pre-sign' || step.step === 'post-sign';
  return watched && step.time.clock === 'running' ? step.time.deadline : Number.MAX_SAFE_INTEGER;
}

/**
 * @param {readonly Placed[]} placed
 * @param {Order} order
 * @param {Language} language whose alphabet
 * @returns {Key[]}
 */
export function bestOrder(placed, order, language) {
  const compare = compareBy(order, language);
  return [...placed].sort(compare).map(({ row }) => row.key);
}

/**
 * The best order with more rows in it.
 *
 * @param {readonly Key[]} best
 * @param {readonly Placed[]} come
 * @param {(key: Key) => Placed | undefined} placed
 * @param {Compare} compare as `best` is sorted
 * @returns {Key[]}
 */
export function moveIn(best, come, placed, compare) {
  const next = [];
  let from = 0;
  for (const one of [...come].sort(compare)) {
    let [low, high] = [from, best.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = placed(best[middle] ?? one.row.key);
      if (other && compare(other, one) < 0) low = middle + 1;
      else high = middle;
    }
    next.push(best.slice(from, low), [one.row.key]);
    from = low;
  }
  return [...next, best.slice(from)].flat();
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
  return a === b || a.length === b.length && a.every((key, at) => key === b[at]);
}
