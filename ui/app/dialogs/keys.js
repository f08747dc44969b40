/** @import { Say } from '../words/say.js' */
import { el } from '../dom.js';
import { KEY_LINES } from '../keys.js';
import { createFrame } from './frame.js';

export function createKeysDialog() {
  const frame = createFrame('keys-dialog');

  /**
   * @param {boolean} on whether keys that are characters act
   * @param {(on: boolean) => void} onChosen
   * @param {Say} say
   */
  function open(on, onChosen, say) {
    const lines = KEY_LINES.map(([words, keys]) => {
      const caps = keys.map((key) => el('kbd', {}, say(key)));
      return el('div', { class: 'key-line' }, el('dt', {}, ...caps), el('dd', {}, say(words)));
    });
    const input = el('input', { type: 'checkbox', id: 'single-keys', checked: on });
    input.addEventListener('change', () => onChosen(input.checked));
    const switchNode = el('label', { class: 'choice' }, input, el('span', { class: 'choice-words' }, say('keys.on')));
    frame.open(say('keys.title'), say, el('p', { class: 'dialog-text' }, say('keys.text')), el('dl', { class: 'key-lines' }, ...lines), switchNode);
  }

  return { dialog: frame.dialog, open };
}
