/** @import { Row } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { button, el } from '../dom.js';
import { whoOf } from '../rows.js';
import { clock } from '../time.js';
import { createField, createFrame, footOf } from './frame.js';

const MINUTE_MS = 60_000;

/** What most looks are for, in minutes from now. */
const SOON = [15, 30, 60, 120];

/**
 * The next moment of this time of day, as Unix time; null where it is no time of day.
 *
 * @param {string} typed `14:30`, `14.30`, `1430` or `9`
 * @param {number} now
 */
export function readsAsTime(typed, now) {
  const [, hours, minutes = '0'] = /^(\d{1,2})(?:[:.,\s]?(\d{2}))?(?:\s*(?:ч\.?|h))?$/u.exec(typed.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return null;
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** When the gateway is to be asked once more. */
export function createLookDialog() {
  const frame = createFrame('look-dialog');
  /** @type {(answer: { at: number | null } | null) => void} */
  let answer = () => {};
  frame.dialog.addEventListener('close', () => answer(null));

  /** @param {number | null} at */
  function choose(at) {
    answer({ at });
    frame.close();
  }

  /** @param {Say} say */
  function soon(say) {
    const words = (/** @type {number} */ minutes) => (minutes < 60 ? say.count('look.minutes', minutes) : say.count('look.hours', minutes / 60));
    const one = (/** @type {number} */ minutes) => button({ class: 'quiet', 'data-minutes': minutes }, () => choose(Date.now() + minutes * MINUTE_MS), words(minutes));
    return el('div', { class: 'look-soon', role: 'group', 'aria-label': say('look.soon') }, ...SOON.map(one));
  }

  /**
   * @param {Row} row
   * @param {Say} say
   * @returns {Promise<{ at: number | null } | null>} without a time: it is taken back; null: nothing is changed
   */
  function ask(row, say) {
    const planned = row.lookAt === null ? '' : clock(row.lookAt, Date.now(), say.language);
    const attributes = { inputmode: 'numeric', class: 'field-days', placeholder: '14:30' };
    const field = createField({ id: 'look-time', name: say('look.field'), hint: say('look.rule'), value: planned.slice(-5), attributes });
    const back = planned === '' ? [] : [button({ class: 'quiet', 'data-answer': 'back' }, () => choose(null), say('look.back'))];
    const submit = el('button', { type: 'submit', class: 'strong' }, say('look.submit'));
    const foot = footOf(...back, button({ class: 'quiet' }, frame.close, say('dialog.cancel')), submit);
    const form = el('form', { novalidate: true }, el('p', {}, el('strong', { class: 'dialog-who' }, whoOf(row))), soon(say), field.node, foot);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const at = readsAsTime(field.input.value, Date.now());
      if (at === null) field.setError(say('look.bad'));
      else choose(at);
    });
    frame.open(say('look.title'), say, form);
    field.input.focus();
    field.input.select();
    return new Promise((resolve) => {
      answer = resolve;
    });
  }

  return { dialog: frame.dialog, ask };
}
