/** @import { Say } from '../words/say.js' */
import { button, el } from '../dom.js';
import { createField, createFrame, footOf } from './frame.js';

const LONGEST_DAYS = 3650;

/**
 * The days that were typed; null where they are not a whole number from 1 to 3650.
 *
 * @param {string} typed
 */
export function readsAsDays(typed) {
  const digits = typed.trim();
  const days = /^\d{1,9}$/.test(digits) ? Number(digits) : 0;
  return days >= 1 && days <= LONGEST_DAYS ? days : null;
}

/** For how long finished enrollments are kept. */
export function createKeepDialog() {
  const frame = createFrame('keep-dialog');

  /**
   * @param {number} days
   * @param {(days: number) => void} onChosen
   * @param {Say} say
   */
  function open(days, onChosen, say) {
    const attributes = { inputmode: 'numeric', class: 'field-days' };
    const field = createField({ id: 'keep-days', name: say('keep.field'), hint: say('keep.rule'), value: String(days), attributes });
    const submit = el('button', { type: 'submit', class: 'strong' }, say('keep.submit'));
    const form = el('form', { novalidate: true }, field.node, footOf(button({ class: 'quiet' }, frame.close, say('dialog.cancel')), submit));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const read = readsAsDays(field.input.value);
      if (read === null) return field.setError(say('keep.bad'));
      frame.close();
      if (read !== days) onChosen(read);
    });
    frame.open(say('keep.title'), say, form);
    field.input.focus();
    field.input.select();
  }

  return { dialog: frame.dialog, open };
}
