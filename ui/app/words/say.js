/** @import { Language } from '../types.js' */
import bgCover from './bg-cover.js';
import bgEmpty from './bg-empty.js';
import bgHandouts from './bg-handouts.js';
import bgHeadsUp from './bg-heads-up.js';
import bgIntake from './bg-intake.js';
import bgKeeping from './bg-keeping.js';
import bgLook from './bg-look.js';
import bgManaged from './bg-managed.js';
import bgNumbers from './bg-numbers.js';
import bgPalette from './bg-palette.js';
import bgProblems from './bg-problems.js';
import bgSeveral from './bg-several.js';
import bg from './bg.js';
import enCover from './en-cover.js';
import enEmpty from './en-empty.js';
import enHandouts from './en-handouts.js';
import enHeadsUp from './en-heads-up.js';
import enIntake from './en-intake.js';
import enKeeping from './en-keeping.js';
import enLook from './en-look.js';
import enManaged from './en-managed.js';
import enNumbers from './en-numbers.js';
import enPalette from './en-palette.js';
import enProblems from './en-problems.js';
import enSeveral from './en-several.js';
import en from './en.js';

/**
 * @typedef {Record<string, string | number>} Values
 * @typedef {((key: string, values?: Values) => string) & {
 *   has: (key: string) => boolean,
 *   count: (key: string, n: number, values?: Values) => string,
 *   code: (group: string, code: string) => string,
 *   language: Language,
 * }} Say
 */

/** @type {Readonly<Record<Language, Readonly<Record<string, string>>>>} */
export const WORDS = {
  bg: { ...bg, ...bgKeeping, ...bgCover, ...bgEmpty, ...bgHandouts, ...bgLook, ...bgManaged, ...bgNumbers, ...bgPalette, ...bgProblems, ...bgSeveral, ...bgIntake, ...bgHeadsUp },
  en: { ...en, ...enKeeping, ...enCover, ...enEmpty, ...enHandouts, ...enLook, ...enManaged, ...enNumbers, ...enPalette, ...enProblems, ...enSeveral, ...enIntake, ...enHeadsUp },
};

/**
 * The words of one language. A missing key shows itself: the tests see to it that there is none.
 *
 * @param {Language} language
 * @returns {Say}
 */
export function speaker(language) {
  const words = WORDS[language];
  /** @type {(key: string, values?: Values) => string} */
  const say = (key, values) => fill(words[key] ?? key, values);
  return Object.assign(say, {
    language,
    has: (/** @type {string} */ key) => key in words,
    count: (/** @type {string} */ key, /** @type {number} */ n, /** @type {Values} */ values = {}) =>
      say(`${key}.${n === 1 ? 'one' : 'other'}`, { n, ...values }),
    // A code that a newer host sends is still named, in its own spelling.
    code: (/** @type {string} */ group, /** @type {string} */ code) =>
      `${group}.${code}` in words ? say(`${group}.${code}`) : say(`${group}.other`, { code }),
  });
}

/**
 * @param {string} text
 * @param {Values} [values]
 */
function fill(text, values) {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
