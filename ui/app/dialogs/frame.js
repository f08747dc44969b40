/** @import { Say } from '../words/say.js' */
import { button, el, setAttribute, setText } from '../dom.js';
import { icon } from '../icons.js';

/** A button that appears under a pressing finger is not pressed by it. */
export const SETTLE_MS = 700;

/**
 * A native dialog with a title, a place for its content and a row of buttons. Escape closes it.
 *
 * @param {string} id
 */
export function createFrame(id) {
  const title = el('h2', { class: 'dialog-title', id: `${id}-title` });
  const close = button({ class: 'icon-button' }, () => dialog.close(), icon('close'));
  const body = el('div', { class: 'dialog-body' });
  const dialog = el('dialog', { id, 'aria-labelledby': `${id}-title` }, el('div', { class: 'dialog-head' }, title, close), body);
  let openedAt = 0;

  /**
   * @param {string} heading
   * @param {Say} say
   * @param {...Node} content
   */
  function open(heading, say, ...content) {
    setText(title, heading);
    setAttribute(close, 'aria-label', say('dialog.close'));
    setAttribute(dialog, 'lang', say.language);
    body.replaceChildren(...content);
    openedAt = performance.now();
    if (!dialog.open) dialog.showModal();
  }

  return {
    dialog,
    body,
    open,
    close: () => dialog.close(),
    settled: () => performance.now() - openedAt >= SETTLE_MS,
  };
}

/**
 * A text field with its hint and its error, which stands at the field.
 *
 * @param {{ id: string, name: string, hint: string, type?: string, value?: string, attributes?: import('../dom.js').Attributes }} about
 */
export function createField({ id, name, hint, type = 'text', value = '', attributes = {} }) {
  const input = el('input', { id, type, 'aria-describedby': `${id}-hint ${id}-error`, autocomplete: 'off', spellcheck: 'false', ...attributes });
  input.value = value;
  const hintNode = el('p', { class: 'field-hint', id: `${id}-hint` }, hint);
  const errorNode = el('p', { class: 'field-error', id: `${id}-error`, hidden: true, role: 'alert' });
  const node = el('div', { class: 'field' }, el('label', { for: id }, name), input, hintNode, errorNode);

  /** @param {string} words empty where all is well */
  function setError(words) {
    setText(errorNode, words);
    setAttribute(errorNode, 'hidden', words === '');
    setAttribute(input, 'aria-invalid', words === '' ? null : 'true');
    if (words !== '') input.focus();
  }

  return { node, input, hint: hintNode, error: errorNode, setError };
}

/**
 * A question with one answer out of a few.
 *
 * @template {string} V
 * @param {string} name
 * @param {string} legend
 * @param {readonly { value: V, words: string, more?: string }[]} choices
 * @param {V} chosen
 */
export function createChoice(name, legend, choices, chosen) {
  const inputs = choices.map(({ value, words, more }) => {
    const input = el('input', { type: 'radio', name, value, checked: value === chosen });
    const text = el('span', { class: 'choice-words' }, words);
    if (more) text.append(el('span', { class: 'choice-more' }, more));
    return { value, input, node: el('label', { class: 'choice' }, input, text) };
  });
  const choicesNode = el('div', { class: choices.some((one) => one.more) ? 'choices tall' : 'choices' }, ...inputs.map((one) => one.node));
  const node = el('fieldset', { class: 'field' }, el('legend', {}, legend), choicesNode);
  return { node, value: () => inputs.find((one) => one.input.checked)?.value ?? chosen };
}

/** @param {...Node} buttons */
export function footOf(...buttons) {
  return el('div', { class: 'dialog-foot' }, ...buttons);
}
