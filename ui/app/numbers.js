/** @import { Language, Numbers, TimeCount } from './types.js' */
/** @import { Say } from './words/say.js' */
import { clock, span } from './time.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Every so many hours one is named under its bar. */
const NAMED_HOURS = 3;

/**
 * One figure in large type. Where there is none, `words` says so to those who listen.
 *
 * @typedef {object} Tile
 * @property {string} name
 * @property {string} value
 * @property {string} words
 * @property {string} more
 *
 * A bar: what stands under it, what its line of the table says, and how many it stands for.
 *
 * @typedef {{ mark: string, words: string, n: number, value: string }} Bar
 *
 * @typedef {object} Plot
 * @property {string} id
 * @property {string} title
 * @property {string} about what it shows; empty where the title says it
 * @property {string} desc for those who do not see it
 * @property {readonly [string, string]} columns of the table behind it
 * @property {readonly Bar[]} bars
 * @property {string} empty said in its place; empty where there is something to show
 * @property {boolean} wide
 *
 * @typedef {{ tiles: readonly Tile[], plots: readonly Plot[], trouble: string, foot: string }} NumbersView
 */

/** @type {Readonly<Record<Language, string>>} */
const LOCALES = { bg: 'bg-BG', en: 'en-GB' };

/**
 * The beginning of the day that `now` lies in, by the clock of whoever looks.
 *
 * @param {number} now
 */
export function midnight(now) {
  return new Date(now).setHours(0, 0, 0, 0);
}

/**
 * How long something took, in words: seconds alone, minutes and seconds, from an hour on without
 * seconds.
 *
 * @param {number} ms
 * @param {Say} say
 */
export function took(ms, say) {
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return say('numbers.seconds', { s: seconds });
  const [minutes, s] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes >= 60) return say('numbers.hours-minutes', { h: count(Math.floor(minutes / 60), say), m: minutes % 60 });
  return s === 0 ? say('numbers.minutes', { m: minutes }) : say('numbers.minutes-seconds', { m: minutes, s: String(s).padStart(2, '0') });
}

/**
 * @param {Numbers} numbers
 * @param {number} since when the day began
 * @param {number} now
 * @param {Say} say
 * @returns {NumbersView}
 */
export function numbersView(numbers, since, now, say) {
  const { day, whole } = numbers;
  return {
    tiles: tilesOf(numbers, now, say),
    plots: [
      hoursPlot(day.hours, since, say),
      timesPlot('pre-sign', day.preSign.bars, say),
      timesPlot('post-sign', day.postSign.bars, say),
      answersPlot(numbers, now, say),
    ],
    trouble: whole ? '' : say('numbers.part'),
    foot: say('numbers.removed'),
  };
}

/**
 * @param {Numbers} numbers
 * @param {number} now
 * @param {Say} say
 * @returns {Tile[]}
 */
function tilesOf({ day, answers }, now, say) {
  const [a, b] = [day.preSign.timedOut, day.postSign.timedOut];
  const time = clock(answers.since, now, say.language);
  const errors = answers.polls === 0
    ? { value: null, more: say('numbers.errors.none', { time }) }
    : { value: share(answers.errors, answers.polls, say), more: say('numbers.errors.more', { n: count(answers.errors, say), all: count(answers.polls, say), time }) };
  const median = (/** @type {number | null} */ ms) => (ms === null ? null : took(ms, say));
  return [
    tile('signed', count(day.signed, say), say('numbers.signed.more'), say),
    tile('pre-sign', median(day.preSign.medianMs), say('numbers.pre-sign.more'), say),
    tile('post-sign', median(day.postSign.medianMs), say('numbers.post-sign.more'), say),
    tile('timed-out', count(a + b, say), say('numbers.timed-out.more', { a: count(a, say), b: count(b, say) }), say),
    tile('errors', errors.value, errors.more, say),
  ];
}

/**
 * @param {string} what
 * @param {string | null} value
 * @param {string} more
 * @param {Say} say
 * @returns {Tile}
 */
function tile(what, value, more, say) {
  return { name: say(`numbers.${what}`), value: value ?? say('numbers.none'), words: value === null ? say('numbers.none.words') : '', more };
}

/**
 * @param {readonly number[]} hours
 * @param {number} since
 * @param {Say} say
 * @returns {Plot}
 */
function hoursPlot(hours, since, say) {
  const tomorrow = new Date(since).setHours(24, 0, 0, 0);
  const all = Math.max(Math.round((tomorrow - since) / HOUR), hours.length);
  const at = (/** @type {number} */ hour) => clock(since + hour * HOUR, since + hour * HOUR, say.language);
  const bars = Array.from({ length: all }, (_, hour) => {
    const words = say('numbers.hours.row', { from: at(hour), to: at(hour + 1) });
    return bar(hour % NAMED_HOURS === 0 ? at(hour) : '', words, hours[hour] ?? 0, say);
  });
  const columns = /** @type {const} */ ([say('numbers.hours.column'), say('numbers.signed')]);
  return plot('hours', say('numbers.hours'), '', columns, bars, say('numbers.hours.empty'), true, say);
}

/**
 * @param {'pre-sign' | 'post-sign'} phase
 * @param {readonly TimeCount[]} counts
 * @param {Say} say
 * @returns {Plot}
 */
function timesPlot(phase, counts, say) {
  const bars = counts.map(({ uptoMs, customers }, at) => {
    const edge = uptoMs ?? counts[at - 1]?.uptoMs ?? 0;
    const [sign, key] = uptoMs === null ? ['>', 'numbers.beyond'] : ['≤', 'numbers.upto'];
    return bar(`${sign}${span(edge, say)}`, say(key, { time: took(edge, say) }), customers, say);
  });
  const columns = /** @type {const} */ ([say('numbers.time.column'), say('numbers.customers.column')]);
  return plot(phase, say(`numbers.${phase}.plot`), say(`numbers.${phase}.from`), columns, bars, say(`numbers.${phase}.empty`), false, say);
}

/**
 * @param {Numbers} numbers
 * @param {number} now
 * @param {Say} say
 * @returns {Plot}
 */
function answersPlot({ answers }, now, say) {
  const tenths = (/** @type {number} */ ms) => number(ms / SECOND, { maximumFractionDigits: 1 }, say);
  const bars = answers.bars.map((one) => bar(`≤${tenths(one.uptoMs)}`, say('numbers.upto', { time: say('numbers.seconds', { s: tenths(one.uptoMs) }) }), one.answers, say));
  const time = clock(answers.since, now, say.language);
  const about = say('numbers.answers.from', { median: tenths(answers.medianMs ?? 0), p95: tenths(answers.p95Ms ?? 0), time });
  const columns = /** @type {const} */ ([say('numbers.time.column'), say('numbers.answers.column')]);
  return plot('answers', say('numbers.answers'), about, columns, bars, say('numbers.answers.empty', { time }), true, say);
}

/**
 * @param {string} mark
 * @param {string} words
 * @param {number} n
 * @param {Say} say
 * @returns {Bar}
 */
function bar(mark, words, n, say) {
  return { mark, words, n, value: count(n, say) };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {string} about
 * @param {readonly [string, string]} columns
 * @param {readonly Bar[]} bars
 * @param {string} empty
 * @param {boolean} wide
 * @param {Say} say
 * @returns {Plot}
 */
function plot(id, title, about, columns, bars, empty, wide, say) {
  const all = bars.reduce((sum, one) => sum + one.n, 0);
  const most = bars.reduce((best, one) => (one.n > (best?.n ?? 0) ? one : best), bars[0]);
  const desc = most ? say('numbers.desc', { words: most.words, n: most.value, all: count(all, say) }) : '';
  return { id, title, about: all > 0 ? about : '', desc, columns, bars, empty: all > 0 ? '' : empty, wide };
}

/**
 * @param {number} n
 * @param {Say} say
 */
function count(n, say) {
  return number(n, {}, say);
}

/**
 * Whatever is not nothing does not read as nothing.
 *
 * @param {number} part
 * @param {number} all
 * @param {Say} say
 */
function share(part, all, say) {
  const least = 0.001;
  const percent = (/** @type {number} */ one) => number(one, { style: 'percent', maximumFractionDigits: 1 }, say);
  return part > 0 && part / all < least ? `< ${percent(least)}` : percent(part / all);
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} options
 * @param {Say} say
 */
function number(value, options, say) {
  return new Intl.NumberFormat(LOCALES[say.language], options).format(value);
}
