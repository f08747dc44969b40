/**
 * @typedef {object} Searched
 * @property {string} id digits alone
 * @property {string[]} texts label, words of the status and the gateway's value
 */

/**
 * Every word of the query must be found somewhere; digits are compared without their spaces.
 *
 * @param {string} query
 * @returns {(row: Searched) => boolean}
 */
export function matcher(query) {
  const folded = fold(query);
  if (folded === '') return () => true;
  const digits = folded.replace(/\s/g, '');
  if (/^\d+$/.test(digits)) return (row) => row.id.includes(digits) || hasAll(row, [folded]);
  const parts = folded.split(/\s+/);
  return (row) => hasAll(row, parts);
}

/**
 * @param {Searched} row
 * @param {string[]} parts
 */
function hasAll(row, parts) {
  const texts = [row.id, ...row.texts].map(fold);
  return parts.every((part) => texts.some((text) => text.includes(part)));
}

/** @param {string} text */
function fold(text) {
  return text.trim().toLocaleLowerCase('bg');
}
