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
 * @property {(key?: Key | null) => { key: Key, note: string } | null} take what is to be saved now,
 *   of the row in the box where no other is named
 * @property {() => Key[]} unsaved rows with something typed that is not saved
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
  /** Also of a row that is not in the box any more. @param {Key} key */
  const isDraft = (key) => (key === shown ? isDirty() : typed.has(key));
  const isDirty = () => shown !== null && typed.has(shown) && text().trim() !== base.trim();

  return {
    show(key, note, focused) {
      const other = key !== shown;
      // What was typed and taken back by hand is no draft.
      if (other && shown !== null && !isDirty()) typed.delete(shown);
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
    take(key = shown) {
      if (key === null || !isDraft(key)) return null;
      const note = typed.get(key)?.trim() ?? '';
      return lengthOf(note) <= LONGEST_NOTE ? { key, note } : null;
    },
    unsaved: () => [...typed.keys()].filter(isDraft),
    saved(key, note) {
      if (typed.get(key)?.trim() === note) typed.delete(key);
      if (key === shown) base = note;
    },
    isDirty,
    count: () => (lengthOf(text()) >= COUNTED_FROM ? `${lengthOf(text())} / ${LONGEST_NOTE}` : ''),
    isTooLong: () => lengthOf(text()) > LONGEST_NOTE,
  };
}
