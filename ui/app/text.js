// The same set as `is_unseen` in the core: controls, bidi controls, zero-width characters, line
// separators and tags.
const UNSEEN =
  /[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Text from outside with every unseen character written out, as in `\u{202e}`.
 *
 * @param {string} text
 */
export function visible(text) {
  return text.replace(UNSEEN, (c) => `\\u{${/** @type {number} */ (c.codePointAt(0)).toString(16)}}`);
}

/**
 * Text that people write in lines, such as a note: the same, but line breaks break lines. The host
 * may have written them out already.
 *
 * @param {string} text
 */
export function visibleLines(text) {
  return text.replaceAll('\\u{a}', '\n').split(/\r?\n/).map(visible).join('\n');
}

/**
 * A number's digits in groups of three, the way people compare them.
 *
 * @param {number} id
 * @returns {string[]}
 */
export function digitGroups(id) {
  return String(id).match(/\d{1,3}(?=(?:\d{3})*$)/g) ?? [];
}

/**
 * Whether what was typed so far reads as an id; the host decides, this only echoes it back.
 *
 * @param {string} typed
 */
export function readsAsId(typed) {
  const digits = typed.trim();
  if (!/^[0-9]+$/.test(digits)) return null;
  const id = Number(digits);
  return id >= 1 && id <= 2147483647 ? id : null;
}
