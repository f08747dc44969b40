/** @import { Refused, TokenProblem } from './types.js' */
/** @import { Say } from './words/say.js' */
import { hostWords, problemWords } from './rows.js';
import { visible } from './text.js';
import { clock } from './time.js';

/**
 * Why a command did nothing, in words.
 *
 * @param {Refused} refused
 * @param {Say} say
 */
export function refusalWords(refused, say) {
  switch (refused.code) {
    case 'bad-id':
      return say.code('bad-id', refused.rule);
    case 'bad-name':
      return say.code('bad-name', refused.rule);
    case 'other-host':
      return say('refused.other-host', { host: visible(refused.host) });
    case 'link-refused':
      return say('refused.link-refused', { rule: say.code('rule', refused.rule), host: hostWords(refused.host, say) });
    case 'no-answer':
      return say('refused.no-answer', { problem: problemWords(refused.problem, say) });
    case 'not-before':
      return say('refused.not-before', { time: clock(refused.at, Date.now(), say.language) });
    case 'not-opened':
      return say('refused.not-opened', { why: say.code('not-opened', refused.why) });
    default:
      return say.code('refused', refused.code);
  }
}

/**
 * Whatever was thrown, as a refusal; null where it is none.
 *
 * @param {unknown} thrown
 * @returns {Refused | null}
 */
export function asRefused(thrown) {
  return hasCode(thrown) ? /** @type {Refused} */ (thrown) : null;
}

/**
 * @param {unknown} thrown
 * @returns {TokenProblem | null}
 */
export function asTokenProblem(thrown) {
  return hasCode(thrown) ? /** @type {TokenProblem} */ (thrown) : null;
}

/**
 * The code of what is wrong with chosen settings; null where nobody knows.
 *
 * @param {unknown} thrown
 * @returns {'not-written' | 'managed' | 'who-is-there' | null}
 */
export function asSettingsProblem(thrown) {
  const code = hasCode(thrown) ? /** @type {{ code: string }} */ (thrown).code : '';
  return code === 'not-written' || code === 'managed' || code === 'who-is-there' ? code : null;
}

/**
 * Why a shift was not taken in: the file is none, or the desk refuses.
 *
 * @param {unknown} thrown
 * @param {Say} say
 */
export function shiftRefusal(thrown, say) {
  const error = /** @type {import('./types.js').ShiftError} */ (thrown);
  if (!hasCode(thrown)) return say('notice.failed');
  if (error.code === 'entry') return say('shift-file.entry', { n: error.entry, field: say.code('shift-field', error.field) });
  return say.has(`shift-file.${error.code}`) ? say(`shift-file.${error.code}`) : refusalWords(/** @type {Refused} */ (thrown), say);
}

/** @param {unknown} thrown */
function hasCode(thrown) {
  return typeof thrown === 'object' && thrown !== null && typeof (/** @type {{ code?: unknown }} */ (thrown).code) === 'string';
}

/** The keyring's own troubles, where memory is a way out. */
export const KEYRING_TROUBLE = /** @type {ReadonlySet<string>} */ (new Set(['locked', 'busy', 'denied', 'none-here']));
