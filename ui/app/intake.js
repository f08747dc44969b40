/** @import { IntakeError, IntakeLine, IntakeVerdict, Row, UserType } from './types.js' */
/** @import { Say } from './words/say.js' */

/**
 * One line of a list on its way into the console.
 *
 * @typedef {object} Entered
 * @property {number} number where it stood in the list
 * @property {string} text as it stands now
 * @property {IntakeVerdict} verdict
 * @property {string} refused why the host did not take it, empty where it was not asked or did
 *
 * @typedef {'good' | 'here' | 'bad'} Fate
 */

/**
 * @param {readonly IntakeLine[]} lines
 * @returns {Entered[]}
 */
export function entered(lines) {
  return lines.map((line) => ({ ...line, refused: '' }));
}

/**
 * Who is in the list, to be looked up by id and type.
 *
 * @param {readonly Row[]} rows
 */
export function whoIsHere(rows) {
  return new Set(rows.map((row) => `${row.id} ${row.userType}`));
}

/**
 * What becomes of a line: added, passed over because the customer is in the list, or mended first.
 *
 * @param {Entered} line
 * @param {UserType} usual of those whose line does not say it
 * @param {ReadonlySet<string>} here who is in the environment's list
 * @returns {Fate}
 */
export function fateOf({ verdict, refused }, usual, here) {
  if (verdict.verdict !== 'good' || refused) return 'bad';
  return here.has(`${verdict.id} ${verdict.userType ?? usual}`) ? 'here' : 'good';
}

/**
 * @param {Entered} line
 * @param {Fate} fate
 * @param {UserType} usual
 * @param {Say} say
 */
export function verdictWords({ verdict, refused }, fate, usual, say) {
  if (refused) return refused;
  switch (verdict.verdict) {
    case 'good':
      return fate === 'here' ? say('list-add.here') : say(`type.${verdict.userType ?? usual}`);
    case 'bad-id':
      return say.code('bad-id', verdict.rule);
    case 'twice':
      return say('list-add.twice', { line: verdict.line });
    default:
      return say(`list-add.${verdict.verdict}`);
  }
}

/**
 * Whether what was pasted is more than the one id that the field is for.
 *
 * @param {string} text
 */
export function isList(text) {
  return /[\n;,\t]|\S\s+\S/.test(text.trim());
}

/**
 * @param {unknown} thrown
 * @param {Say} say
 */
export function unreadableWords(thrown, say) {
  const code = /** @type {Partial<IntakeError> | null} */ (thrown)?.code;
  return code === undefined ? say('notice.failed') : say(`list-add.${code}`);
}
