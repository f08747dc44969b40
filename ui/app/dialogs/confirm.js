/** @import { Row } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { button, el, setDigits } from '../dom.js';
import { digitGroups, visible } from '../text.js';
import { createFrame, footOf } from './frame.js';

/** Before the first opening: is this the customer the CRM shows? */
export function createConfirmDialog() {
  return createQuestion('confirm-dialog', (row, say) => {
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
      yes: say('confirm.yes'),
    };
  });
}

/** Before a remote customer's link is opened on this computer. */
export function createRemoteDialog() {
  return createQuestion('remote-dialog', (row, say) => ({
    title: say('remote.title'),
    content: [
      el('p', { class: 'dialog-who' }, row.label === '' ? String(row.id) : visible(row.label)),
      el('p', { class: 'dialog-text' }, say('remote.text')),
    ],
    yes: say('remote.yes'),
  }));
}

/**
 * A dialog that is answered with yes or left. Its yes is not pressed by a finger that is still
 * coming down, nor by a held key.
 *
 * @param {string} id
 * @param {(row: Row, say: Say) => { title: string, content: Node[], yes: string }} paint
 */
function createQuestion(id, paint) {
  const frame = createFrame(id);
  /** @type {(answer: boolean) => void} */
  let answer = () => {};
  frame.dialog.addEventListener('close', () => answer(false));

  /**
   * @param {Row} row
   * @param {Say} say
   * @returns {Promise<boolean>}
   */
  function ask(row, say) {
    const { title, content, yes } = paint(row, say);
    const no = button({ class: 'quiet', 'data-answer': 'no' }, frame.close, say('dialog.cancel'));
    const agree = button({ class: 'strong', 'data-answer': 'yes' }, () => {
      if (!frame.settled()) return;
      answer(true);
      frame.close();
    }, yes);
    frame.open(title, say, ...content, footOf(no, agree));
    no.focus();
    return new Promise((resolve) => {
      answer = resolve;
    });
  }

  return { dialog: frame.dialog, ask };
}
