/** @import { Parts } from './parts.js' */
import { copy, notify } from './doings.js';
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
    const why = /** @type {{ why?: unknown } | null} */ (thrown)?.why;
    const words = typeof why === 'string' ? say('handout.failed', { why: visible(why) }) : say('handout.no-folder');
    notify(w, { words, about: 'handout', tone: 'bad', lifeMs: LIFE_MS });
  }
}
