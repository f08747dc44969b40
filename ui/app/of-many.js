/** @import { Action, Done, Key, Row } from './types.js' */
/** @import { Say } from './words/say.js' */
import { asRefused, refusalWords } from './refusals.js';

/**
 * What came of doing one thing to many: how many took it, and why others did not.
 *
 * @typedef {{ done: number, refused: ReadonlyMap<string, { count: number, thrown: unknown }> }} OfMany
 */

/**
 * Whether a row waits for nothing but to be resumed.
 *
 * @param {Row} row
 */
export function isInterrupted({ step }) {
  // What was handed over waits at another desk.
  return step.step === 'ended' && step.miss.outcome === 'interrupted' && step.miss.why !== 'handed-over';
}

/**
 * Does one thing to each row, in the state it was shown in. One that is refused holds up no other;
 * where the host does not answer at all, the rest is not tried.
 *
 * @param {readonly Row[]} rows
 * @param {Action} action
 * @param {(key: Key, state: number, action: Action) => Promise<Done>} act
 * @param {(done: number) => void} onProgress
 * @returns {Promise<OfMany>}
 */
export async function toEach(rows, action, act, onProgress) {
  /** @type {Map<string, { count: number, thrown: unknown }>} */
  const refused = new Map();
  let done = 0;
  for (const [at, { key, state }] of rows.entries()) {
    try {
      await act(key, state, action);
      done += 1;
    } catch (thrown) {
      const code = asRefused(thrown)?.code;
      const left = code === undefined ? rows.length - at : 1;
      const why = code ?? 'no answer';
      refused.set(why, { count: (refused.get(why)?.count ?? 0) + left, thrown });
      if (code === undefined) break;
    }
    onProgress(at + 1);
  }
  return { done, refused };
}

/**
 * @param {OfMany} outcome
 * @param {string} what key of the words
 * @param {Say} say
 * @returns {{ words: string, tone: 'plain' | 'attention' }}
 */
export function ofManyWords({ done, refused }, what, say) {
  const parts = [say.count(`notice.${what}`, done)];
  for (const { count, thrown } of refused.values()) {
    const known = asRefused(thrown);
    const why = known ? refusalWords(known, say) : say('notice.failed');
    parts.push(say.count(`notice.not-${what}`, count, { why }));
  }
  return { words: parts.join(' '), tone: refused.size > 0 ? 'attention' : 'plain' };
}
