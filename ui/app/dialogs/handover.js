/** @import { ShiftLine, ShiftRead } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { el } from '../dom.js';
import { visible } from '../text.js';
import { clock } from '../time.js';
import { customerNode } from './add-list.js';
import { createQuestion } from './question.js';

/** Before a shift is handed over: what goes into the file, and what stops here. */
export function createHandoverDialog() {
  return createQuestion('handover-dialog', (/** @type {null} */ _nothing, say) => {
    const points = ['file', 'stops', 'personal'].map((point) => el('li', {}, say(`handover.${point}`)));
    return { title: say('handover.title'), content: [el('ul', { class: 'dialog-points' }, ...points)], yes: say('handover.yes') };
  });
}

/** Before another desk's shift is taken in: who is in it, and what this desk makes of each. */
export function createTakeInDialog() {
  return createQuestion('take-in-dialog', (/** @type {ShiftRead} */ shift, say) => {
    const good = shift.lines.filter((line) => line.verdict === 'good').length;
    const from = visible(shift.by.name ?? shift.by.account);
    return {
      title: say('take-in.title'),
      content: [
        el('p', { class: 'dialog-text' }, say('take-in.from', { from, at: clock(Date.parse(shift.made), Date.now(), say.language) })),
        el('p', { class: 'dialog-text', role: 'status' }, say.count('take-in.good', good)),
        el('ol', { class: 'intake', tabindex: 0, 'aria-label': say('take-in.lines') }, ...shift.lines.map((line, nth) => lineNode(line, nth + 1, say))),
      ],
      yes: say.count('take-in.yes', good),
    };
  });
}

/**
 * @param {ShiftLine} line
 * @param {number} number
 * @param {Say} say
 */
function lineNode({ id, userType, label, environment, stands, verdict }, number, say) {
  const who = customerNode(id, label);
  who.append(' ', say(`type.${userType}`));
  const where = el('span', { class: 'intake-verdict' }, verdict === 'good' ? `${visible(environment)} · ${say(`take-in.stands.${stands}`)}` : say(`take-in.verdict.${verdict}`));
  return el('li', { class: 'intake-line', 'data-fate': verdict === 'good' ? 'good' : 'here' }, el('span', { class: 'intake-number' }, String(number)), who, where);
}
