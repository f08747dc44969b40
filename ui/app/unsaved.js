/** @import { Feed, Key, Row } from './types.js' */

/**
 * Whether a row shows what is not saved yet, and whether that lasts.
 *
 * @typedef {'now' | 'long' | null} Unsaved
 */

/** Saving takes a tenth of a second at most where all is well: a plain mark would only flicker. */
export const MARK_AFTER_MS = 400;

/**
 * Since when each row shows what is not saved yet, after one more feed.
 *
 * @param {ReadonlyMap<Key, number>} since
 * @param {Feed} feed
 * @param {number} now
 * @returns {Map<Key, number>}
 */
export function unsavedSince(since, feed, now) {
  const next = new Map(since);
  for (const key of feed.removed) next.delete(key);
  for (const { key, saved } of feed.rows) {
    if (saved) next.delete(key);
    else if (!next.has(key)) next.set(key, now);
  }
  if (feed.seq !== 1) return next;
  // A table that starts anew has no rows but those it brings.
  const here = new Set(feed.rows.map(({ key }) => key));
  return new Map([...next].filter(([key]) => here.has(key)));
}

/**
 * @param {ReadonlyMap<Key, number>} since
 * @param {Key} key
 * @param {number} now
 */
export function isMarked(since, key, now) {
  const at = since.get(key);
  return at !== undefined && now - at >= MARK_AFTER_MS;
}

/**
 * When the next mark comes to be shown; null where none does.
 *
 * @param {ReadonlyMap<Key, number>} since
 * @param {number} now
 */
export function nextMarkAt(since, now) {
  const coming = [...since.values()].map((at) => at + MARK_AFTER_MS).filter((at) => at > now);
  return coming.length > 0 ? Math.min(...coming) : null;
}

/**
 * @param {ReadonlyMap<Key, number>} since
 * @param {Row} row
 * @param {number} now
 * @returns {Unsaved}
 */
export function unsavedNow(since, row, now) {
  if (row.saved) return null;
  return isMarked(since, row.key, now) ? 'long' : 'now';
}
