/** @import { Row } from '../types.js' */
import { el } from '../dom.js';
import { numberOf } from '../numbers-hidden.js';
import { whoOf } from '../rows.js';
import { createQuestion } from './question.js';

/** Before everything that is kept of a customer is deleted, which nothing brings back. */
export function createForgetDialog() {
  return createQuestion('forget-dialog', (/** @type {Row} */ row, say) => {
    const who = row.label === '' ? '' : `${numberOf(row)} · `;
    const live = row.step.step === 'pre-sign' || row.step.step === 'post-sign';
    const points = [...(live ? ['forget.stops'] : []), 'forget.deleted', 'forget.same', 'forget.aside', 'forget.stays', 'forget.for-good'];
    return {
      title: say('forget.title'),
      content: [
        el('p', {}, el('strong', { class: 'dialog-who' }, whoOf(row)), ` ${who}${say(`type.${row.userType}`)}`),
        el('ul', { class: 'dialog-points' }, ...points.map((point) => el('li', {}, say(point)))),
      ],
      yes: say('forget.yes'),
      kind: 'danger',
    };
  });
}
