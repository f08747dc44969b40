/** @import { Row, Way } from '../types.js' */
import { el, setDigits } from '../dom.js';
import { digitGroups, visible } from '../text.js';
import { createQuestion } from './question.js';

/** @typedef {{ row: Row, way: Way }} Handing a link that is about to be handed over */

/** Before a link is handed over for the first time: is this the customer the CRM shows? */
export function createConfirmDialog() {
  return createQuestion('confirm-dialog', (/** @type {Handing} */ { row, way }, say) => {
    const id = el('span', { class: 'confirm-id' });
    setDigits(id, digitGroups(row.id));
    const facts = el('dl', { class: 'confirm-facts' });
    const fact = (/** @type {string} */ name, /** @type {Node | string} */ value, kind = '') =>
      facts.append(el('div', { class: kind }, el('dt', {}, say(name)), el('dd', {}, value)));
    fact('confirm.id', id, 'large');
    fact('confirm.type', say(`type.${row.userType}`), 'large');
    if (row.label !== '') fact('confirm.label', visible(row.label));
    if (row.link) fact('confirm.host', el('span', { class: 'host' }, visible(row.link.host)));
    return {
      title: say('confirm.title'),
      content: [facts, el('p', { class: 'dialog-text' }, say('confirm.compare'))],
      yes: say(way === 'browser' ? 'confirm.yes' : `confirm.yes.${way}`),
    };
  });
}

/** Before a remote customer's link is opened on this computer. */
export function createRemoteDialog() {
  return createQuestion('remote-dialog', (/** @type {Row} */ row, say) => ({
    title: say('remote.title'),
    content: [
      el('p', { class: 'dialog-who' }, row.label === '' ? String(row.id) : visible(row.label)),
      el('p', { class: 'dialog-text' }, say('remote.text')),
    ],
    yes: say('remote.yes'),
  }));
}
