/** @import { Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText, setTextOrHide } from './dom.js';
import { setSteps, stepsGlyph } from './icons.js';
import { customerWords } from './rows.js';
import { about, shapesOf, stepNumber } from './situation.js';

/**
 * What a customer may see: their own next step in large type, in both languages, and nothing that
 * names anybody.
 *
 * @param {{ onLeave: () => void }} events
 */
export function createCustomerView({ onLeave }) {
  const steps = stepsGlyph();
  const captions = ['identification', 'signing', 'done'].map((name) => ({ name, node: el('span') }));
  const words = el('h1', { class: 'customer-words', tabindex: -1 });
  const other = el('p', { class: 'customer-other' });
  const leave = button({ class: 'quiet', id: 'customer-leave' }, onLeave);
  const node = el(
    'main',
    { class: 'customer', id: 'customer', 'aria-live': 'polite' },
    el('div', { class: 'customer-steps', 'aria-hidden': 'true' }, steps, el('div', { class: 'customer-captions' }, ...captions.map((one) => one.node))),
    words, other, leave,
  );

  /**
   * @param {Row} row
   * @param {Situation} situation
   * @param {Say} say in the customer's language
   * @param {Say} also in the other one
   */
  function render(row, situation, say, also) {
    setAttribute(node, 'data-tone', about(situation).tone);
    setSteps(steps, shapesOf(row, situation));
    captions.forEach(({ name, node: caption }, at) => {
      setText(caption, say(`step.${name}`));
      setAttribute(caption, 'aria-current', at + 1 === stepNumber(row) ? 'step' : null);
    });
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
