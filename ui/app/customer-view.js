/** @import { Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText, setTextOrHide } from './dom.js';
import { customerWords } from './rows.js';
import { about } from './situation.js';
import { createSteps } from './steps.js';

/**
 * What a customer may see: their own next step in large type, in both languages, and nothing that
 * names anybody.
 *
 * @param {{ onLeave: () => void }} events
 */
export function createCustomerView({ onLeave }) {
  const steps = createSteps('customer');
  setAttribute(steps.node, 'aria-hidden', 'true');
  const words = el('h1', { class: 'customer-words', tabindex: -1 });
  const other = el('p', { class: 'customer-other' });
  const leave = button({ class: 'quiet', id: 'customer-leave' }, onLeave);
  const node = el(
    'main',
    { class: 'customer', id: 'customer', 'aria-live': 'polite' },
    steps.node, words, other, leave,
  );

  /**
   * @param {Row} row
   * @param {Situation} situation
   * @param {Say} say in the customer's language
   * @param {Say} also in the other one
   */
  function render(row, situation, say, also) {
    setAttribute(node, 'data-tone', about(situation).tone);
    steps.render(row, situation, say);
    setText(words, saidTo(situation, say));
    setTextOrHide(other, saidTo(situation, also));
    setAttribute(other, 'lang', also.language);
    setText(leave, say('customer-view.leave'));
  }

  return { node, render, focus: () => words.focus() };
}

/**
 * Where an agent had better ask first, the customer is asked to wait.
 *
 * @param {Situation} situation
 * @param {Say} say
 */
function saidTo(situation, say) {
  return customerWords(situation, say) || say('customer-view.wait');
}
