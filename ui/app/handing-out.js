/** @import { Refused } from './types.js' */
/** @import { Parts } from './parts.js' */
/** @import { Say } from './words/say.js' */
import { copy, notify } from './doings.js';
import { refusalWords } from './refusals.js';
import { visible } from './text.js';

/** A place on the disk takes a while to be read, or to be copied. */
const LIFE_MS = 30_000;

/**
 * Has a file written for somebody outside, and says where it is.
 *
 * @param {Parts} w
 * @param {() => Promise<string>} write
 * @param {string} done the key of the words that tell where
 */
export async function handOut(w, write, done) {
  const { say } = w.app;
  notify(w, { words: say('handout.writing'), about: 'handout' });
  try {
    const place = await write();
    notify(w, {
      words: say(done, { place: visible(place) }),
      about: 'handout',
      action: { words: say('handout.copy'), run: () => void copy(w, place) },
      lifeMs: LIFE_MS,
    });
  } catch (thrown) {
    notify(w, { words: problemWords(thrown, say), about: 'handout', tone: 'bad', lifeMs: LIFE_MS });
  }
}

/**
 * @typedef {{ code: 'no-folder' | 'nothing' | 'too-large' } | { code: 'not-written', why: string } | { code: 'refused', why: Refused }} HandoutProblem
 */

/**
 * @param {unknown} thrown
 * @param {Say} say
 */
function problemWords(thrown, say) {
  const problem = /** @type {HandoutProblem | null} */ (thrown);
  switch (problem?.code) {
    case 'refused':
      return refusalWords(problem.why, say);
    case 'not-written':
      return say('handout.not-written', { why: visible(problem.why) });
    case 'no-folder':
    case 'nothing':
    case 'too-large':
      return say(`handout.${problem.code}`);
    default:
      return say('notice.failed');
  }
}
