/** @import { Key } from './types.js' */
import { visibleLines } from './text.js';

/** As the host counts: characters, not their units. */
export const LONGEST_NOTE = 2000;

/** From here on the characters that are left are counted. */
const COUNTED_FROM = 1800;

/** @param {string} text */
const lengthOf = (text) => [...text.trim()].length;

/**
 * A note while it is written. What somebody types is theirs until it is saved or taken back: no
 * live update, no refusal and no other row makes it go away.
 *
 * @typedef {object} Draft
 * @property {(key: Key, note: string, focused: boolean) => string | null} show takes in what the
 *   host says; the text to put in the box, null where it must be left alone
 * @property {(text: string) => void} type
 * @property {() => string} revert to what is saved; gives the text to put in the box
 * @property {() => { key: Key, note: string } | null} take what is to be saved now
 * @property {(key: Key, note: string) => void} saved
 * @property {() => boolean} isDirty
 * @property {() => string} count of the characters, where it is worth telling
 * @property {() => boolean} isTooLong
 */

/** @returns {Draft} */
export function createDraft() {
  /** What was typed and not saved yet, by row. @type {Map<Key, string>} */
  const typed = new Map();
  /** @type {Key | null} */
  let shown = null;
  let heard = '';
  let base = '';

  const text = () => (shown === null ? '' : typed.get(shown) ?? base);
  const isDirty = () => shown !== null && typed.has(shown) && text().trim() !== base.trim();

  return {
    show(key, note, focused) {
      const other = key !== shown;
      const news = other || note !== heard;
      [shown, heard] = [key, note];
      if (news) base = visibleLines(note);
      // What has just been saved comes back as it is: nothing is left of the draft.
      if (!focused && !isDirty()) typed.delete(key);
      if (other) return text();
      return focused || isDirty() ? null : text();
    },
    type(value) {
      if (shown !== null) typed.set(shown, value);
    },
    revert() {
      if (shown !== null) typed.delete(shown);
      return base;
    },
    take() {
      return shown !== null && isDirty() && lengthOf(text()) <= LONGEST_NOTE ? { key: shown, note: text().trim() } : null;
    },
    saved(key, note) {
      if (typed.get(key)?.trim() === note) typed.delete(key);
      if (key === shown) base = note;
    },
    isDirty,
    count: () => (lengthOf(text()) >= COUNTED_FROM ? `${lengthOf(text())} / ${LONGEST_NOTE}` : ''),
    isTooLong: () => lengthOf(text()) > LONGEST_NOTE,
  };
}
