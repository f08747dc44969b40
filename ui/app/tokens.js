/** @import { TokenView } from './types.js' */
/** @import { Say } from './words/say.js' */
import { needsToken } from './situation.js';
import { wholeMinutes } from './time.js';

/** A token this close to its end is worth a look before the next customer. */
export const SOON_MINUTES = 10;
/** And this close, one that comes too late. */
const LAST_MINUTES = 2;

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
  if (left <= 0) return { words: say('token.run-out'), tone: 'bad' };
  const minutes = wholeMinutes(left);
  const words = minutes === 0 ? say('token.under-minute') : say('token.minutes', { n: minutes });
  // A program that brings the next one needs nobody's eye.
  if (token.command !== null || minutes >= SOON_MINUTES) return { words, tone: 'neutral' };
  return { words, tone: minutes < LAST_MINUTES ? 'bad' : 'attention' };
}

/**
 * Whether somebody has to bring a new token soon.
 *
 * @param {TokenView} token
 * @param {number} now
 */
export function endsSoon(token, now) {
  if (needsToken(token) || token.command !== null || token.expires === null) return false;
  return token.expires > now && wholeMinutes(token.expires - now) < SOON_MINUTES;
}
