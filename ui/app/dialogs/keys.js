/** @import { Say } from '../words/say.js' */
import { el } from '../dom.js';
import { KEY_LINES } from '../keys.js';
import { createFrame } from './frame.js';

const REMEMBERED = 'single-keys';

/** Whether keys that are characters act. Kept by the window itself: it is a matter of this desk. */
export function singleKeysOn() {
  try {
    return localStorage.getItem(REMEMBERED) !== 'off';
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function rememberSingleKeys(on) {
  try {
    localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts as long as this dialog; nothing else is lost.
  }
}

export function createKeysDialog() {
  const frame = createFrame('keys-dialog');

  /** @param {Say} say */
  function open(say) {
    const lines = KEY_LINES.map(([words, keys]) => {
      const caps = keys.map((key) => el('kbd', {}, say(key)));
      return el('div', { class: 'key-line' }, el('dt', {}, ...caps), el('dd', {}, say(words)));
    });
    const input = el('input', { type: 'checkbox', id: 'single-keys', checked: singleKeysOn() });
    input.addEventListener('change', () => rememberSingleKeys(input.checked));
    const switchNode = el('label', { class: 'choice' }, input, el('span', { class: 'choice-words' }, say('keys.on')));
    frame.open(say('keys.title'), say, el('p', { class: 'dialog-text' }, say('keys.text')), el('dl', { class: 'key-lines' }, ...lines), switchNode);
  }

  return { dialog: frame.dialog, open };
}
