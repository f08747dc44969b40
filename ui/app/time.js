/** @import { Language } from './types.js' */
import { visible } from './text.js';

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
 * The time of day; with the date where it is another day, and the year where it is another one.
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
  if (isSameDay(at, now)) return time;
  return `${date(then, language, then.getFullYear() !== today.getFullYear())} ${time}`;
}

/**
 * The same as part of a sentence: at a time of day, or on another day.
 *
 * @param {number} at
 * @param {number} now
 * @param {import('./words/say.js').Say} say
 */
export function atClock(at, now, say) {
  return say(isSameDay(at, now) ? 'time.clock' : 'time.clock.day', { time: clock(at, now, say.language) });
}

/**
 * A day as `2026-03-31` in the language's own order; anything else as it is.
 *
 * @param {string} day
 * @param {Language} language
 */
export function dayWords(day, language) {
  const [, year, month, of] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year ? date(new Date(Number(year), Number(month) - 1, Number(of)), language, true) : visible(day);
}

/**
 * @param {number} at
 * @param {number} now
 */
function isSameDay(at, now) {
  return new Date(at).toDateString() === new Date(now).toDateString();
}

/**
 * @param {Date} day
 * @param {Language} language
 * @param {boolean} year
 */
function date(day, language, year) {
  if (language === 'en') return `${day.getDate()} ${MONTHS[day.getMonth()]}${year ? ` ${day.getFullYear()}` : ''}`;
  return `${two(day.getDate())}.${two(day.getMonth() + 1)}.${year ? day.getFullYear() : ''}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, '0');
}
