/** @import { Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { visible } from './text.js';

/**
 * What a row is found by, in the letters that queries are compared in.
 *
 * @typedef {object} Searched
 * @property {string} id digits alone
 * @property {string} text
 */

/** Letters of the Bulgarian law on transliteration (2009), which passports use. */
const LATIN = /** @type {const} */ ({
  'а': 'a', 'б': 'b', 'в': 'v', 'г': 'g', 'д': 'd', 'е': 'e', 'ж': 'zh', 'з': 'z', 'и': 'i', 'й': 'y',
  'к': 'k', 'л': 'l', 'м': 'm', 'н': 'n', 'о': 'o', 'п': 'p', 'р': 'r', 'с': 's', 'т': 't', 'у': 'u',
  'ф': 'f', 'х': 'h', 'ц': 'ts', 'ч': 'ch', 'ш': 'sh', 'щ': 'sht', 'ъ': 'a', 'ь': 'y', 'ю': 'yu', 'я': 'ya',
});

/**
 * Every word of the query must be found somewhere, in whichever alphabet either was written; digits
 * are compared without their spaces.
 *
 * @param {string} query
 * @returns {(row: Searched) => boolean}
 */
export function matcher(query) {
  const folded = fold(query);
  if (folded === '') return () => true;
  const digits = folded.replace(/\s/g, '');
  if (/^\d+$/.test(digits)) return ({ id, text }) => id.includes(digits) || text.includes(folded);
  const parts = folded.split(/\s+/);
  return ({ text }) => parts.every((part) => text.includes(part));
}

/** @type {WeakMap<Row, Searched & { of: string }>} a row that changes is another one */
const known = new WeakMap();

/**
 * @param {Row} row
 * @param {Situation} situation
 * @param {Say} say
 * @returns {Searched}
 */
export function searchedBy(row, situation, say) {
  const of = `${say.language} ${situation}`;
  const before = known.get(row);
  if (before?.of === of) return before;
  const id = String(row.id);
  const texts = [id, visible(row.label), say(`state.${situation}`), row.status ?? '', say(`type.${row.userType}`)];
  const searched = { of, id, text: fold(texts.join('\n')) };
  known.set(row, searched);
  return searched;
}

/**
 * Text in small Latin letters, so that Ivanova is Иванова and Мария is Maria and Mariya.
 *
 * @param {string} text
 */
export function fold(text) {
  const latin = text
    .trim()
    .toLocaleLowerCase('bg')
    .replace(/[а-я]/g, (letter) => LATIN[/** @type {keyof typeof LATIN} */ (letter)] ?? letter);
  return latin.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('iya', 'ia');
}
