/** @import { Row } from './types.js' */

/** How long a number is shown that somebody asked for. */
export const REVEAL_MS = 30_000;

/**
 * Which customers' numbers are hidden. One page shows one list, and words that name somebody are made
 * all over it, so there is one rule for all of them.
 *
 * @type {(row: Pick<Row, 'key' | 'place'>) => boolean}
 */
let hides = () => false;

/** @param {typeof hides} rule */
export function hideNumbers(rule) {
  hides = rule;
}

/**
 * Where the next customer in line sees the screen, a number is hidden but for a while.
 *
 * @param {Pick<Row, 'key' | 'place'>} row
 */
export function isHidden(row) {
  return hides(row);
}

/**
 * The number as it may be shown: two digits of a longer one, and not how long it is.
 *
 * @param {Pick<Row, 'key' | 'place' | 'id'>} row
 */
export function numberOf(row) {
  if (!hides(row)) return String(row.id);
  return row.id < 100 ? '••' : `••${String(row.id % 100).padStart(2, '0')}`;
}
