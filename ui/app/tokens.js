/** @import { TokenView } from './types.js' */
/** @import { Say } from './words/say.js' */
import { needsToken } from './situation.js';
import { wholeMinutes } from './time.js';

/** A token this close to its end is worth a look before the next customer. */
const SOON_MINUTES = 5;

/**
 * The token in the header: a few words, and how much they matter.
 *
 * @param {TokenView} token
 * @param {number} now
 * @param {Say} say
 * @returns {{ words: string, tone: 'neutral' | 'attention' | 'bad' }}
 */
export function tokenView(token, now, say) {
  if (needsToken(token)) return { words: say(`token.${token.state}`), tone: 'bad' };
  if (token.state === 'reading' || token.expires === null) {
    return { words: say(`token.${token.state}`), tone: 'neutral' };
  }
  const left = token.expires - now;
  if (left <= 0) return { words: say('token.run-out'), tone: 'attention' };
  const minutes = wholeMinutes(left);
  const words = minutes === 0 ? say('token.under-minute') : say('token.minutes', { n: minutes });
  return { words, tone: minutes < SOON_MINUTES ? 'attention' : 'neutral' };
}
