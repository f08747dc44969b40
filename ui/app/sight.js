/**
 * Which of many rows of one height are in sight.
 *
 * @typedef {object} View
 * @property {number} top how far the list is scrolled
 * @property {number} height of what can be seen of it
 * @property {number} rowHeight
 * @property {number} count of all rows
 *
 * @typedef {{ first: number, end: number }} Sight the end is not in it
 */

/**
 * What is in sight, and as much again before and after it: a page scrolls before it paints.
 *
 * @param {View} view
 * @returns {Sight}
 */
export function inSight({ top, height, rowHeight, count }) {
  if (rowHeight <= 0) return { first: 0, end: 0 };
  const page = Math.max(1, Math.ceil(height / rowHeight));
  const at = Math.floor(top / rowHeight);
  const first = Math.min(Math.max(0, at - page), count);
  return { first, end: Math.min(count, Math.max(first, at + 2 * page + 1)) };
}

/**
 * How far to scroll so that a row is in sight whole, by as little as possible.
 *
 * @param {View} view
 * @param {number} at
 */
export function scrolledTo({ top, height, rowHeight }, at) {
  const from = at * rowHeight;
  if (from < top) return from;
  return Math.max(top, from + rowHeight - height);
}

/**
 * Who gets the focus where its row goes: the next one that stays, or else the one before.
 *
 * @template T
 * @param {readonly T[]} before
 * @param {T} gone
 * @param {(key: T) => boolean} stays
 * @returns {T | undefined}
 */
export function neighbour(before, gone, stays) {
  const at = before.indexOf(gone);
  return before.slice(at + 1).find(stays) ?? before.slice(0, Math.max(0, at)).findLast(stays);
}
