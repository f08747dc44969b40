import { el } from '../dom.js';
import { createQuestion } from './question.js';

/** Before a shift ends: what goes for good, and what stays. */
export function createShiftDialog() {
  return createQuestion('shift-dialog', (/** @type {number} */ watched, say) => {
    const points = ['shift.tokens', 'shift.labels', 'shift.links', 'shift.stays', 'shift.for-good'].map((point) => say(point));
    if (watched > 0) points.unshift(say.count('shift.watched', watched));
    return {
      title: say('shift.title'),
      content: [el('ul', { class: 'dialog-points' }, ...points.map((point) => el('li', {}, point)))],
      yes: say('shift.yes'),
      kind: 'danger',
    };
  });
}
