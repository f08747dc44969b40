/** @import { Language } from './types.js' */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A span as m:ss, from an hour on as h:mm:ss, from a day on in whole days.
 *
 * @param {number} ms
 * @param {(key: string, values: { n: number }) => string} say
 */
export function span(ms, say) {
  const whole = Math.max(0, ms);
  if (whole >= DAY) return say('time.days', { n: Math.floor(whole / DAY) });
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const seconds = two(Math.floor((whole % MINUTE) / SECOND));
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/**
 * What is left of a span, rounded up: a countdown says 0:01 until it is over.
 *
 * @param {number} ms
 * @param {(key: string, values: { n: number }) => string} say
 */
export function rest(ms, say) {
  return span(Math.ceil(Math.max(0, ms) / SECOND) * SECOND, say);
}

/** @param {number} ms */
export function wholeSeconds(ms) {
  return Math.max(0, Math.ceil(ms / SECOND));
}

/** @param {number} ms */
export function wholeMinutes(ms) {
  return Math.max(0, Math.floor(ms / MINUTE));
}

/**
 * The time of day; with the date where it is another day.
 *
 * @param {number} at
 * @param {number} now
 * @param {Language} language
 * @param {boolean} [seconds]
 */
export function clock(at, now, language, seconds = false) {
  const [then, today] = [new Date(at), new Date(now)];
  const time = seconds
    ? `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`
    : `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === today.toDateString()) return time;
  const date =
    language === 'bg'
      ? `${two(then.getDate())}.${two(then.getMonth() + 1)}.`
      : `${then.getDate()} ${MONTHS[then.getMonth()]}`;
  return `${date} ${time}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, '0');
}
