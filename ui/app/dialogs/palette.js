/** @import { Command } from '../commands.js' */
/** @import { Say } from '../words/say.js' */
import { commandsFor } from '../commands.js';
import { el, setAttribute, setText } from '../dom.js';
import { createFrame } from './frame.js';

/** Finds what can be done by its name: a combobox whose list is always open (ARIA 1.2). */
export function createPaletteDialog() {
  const frame = createFrame('palette-dialog');

  /**
   * @param {readonly Command[]} commands that can be done now
   * @param {Say} say
   */
  function open(commands, say) {
    const field = el('input', {
      type: 'text', id: 'palette-field', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
      'aria-label': say('palette.field'), placeholder: say('palette.field'), 'aria-expanded': 'true', 'aria-controls': 'palette-list', 'aria-autocomplete': 'list',
    });
    const list = el('ul', { class: 'palette', id: 'palette-list', role: 'listbox', 'aria-label': say('palette.title') });
    const none = el('p', { class: 'dialog-text', role: 'status' });
    let found = commands;
    let at = 0;

    function render() {
      found = commandsFor(commands, field.value);
      at = Math.min(at, Math.max(0, found.length - 1));
      list.replaceChildren(...found.map((command, nth) => optionNode(command, nth, say)));
      [...list.children].forEach((node, nth) => node.addEventListener('click', () => frame.settled() && run(nth)));
      setText(none, found.length === 0 ? say('palette.none') : '');
      setAttribute(list, 'hidden', found.length === 0);
      point(at);
    }

    /** @param {number} nth */
    function point(nth) {
      at = nth;
      [...list.children].forEach((node, one) => setAttribute(node, 'aria-selected', String(one === at)));
      setAttribute(field, 'aria-activedescendant', found.length > 0 ? `palette-${at}` : null);
      list.children[at]?.scrollIntoView({ block: 'nearest' });
    }

    /** @param {number} nth */
    function run(nth) {
      const command = found[nth];
      if (!command) return;
      // The dialog first: what a command opens is not closed with it.
      frame.close();
      command.run();
    }

    field.addEventListener('input', () => {
      at = 0;
      render();
    });
    field.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
      if (step !== undefined && found.length > 0) point((at + step + found.length) % found.length);
      else if (event.code === 'Enter' || event.code === 'NumpadEnter') event.repeat || event.isComposing || run(at);
      else return;
      event.preventDefault();
    });
    frame.open(say('palette.title'), say, el('div', { class: 'field' }, field), list, none);
    render();
    field.focus();
  }

  return { dialog: frame.dialog, open, close: frame.close };
}

/**
 * @param {Command} command
 * @param {number} nth
 * @param {Say} say
 */
function optionNode({ words, about, keys }, nth, say) {
  const caps = keys.map((key) => el('kbd', {}, say(key)));
  return el('li', { class: 'palette-option', id: `palette-${nth}`, role: 'option' }, el('span', { class: 'palette-words' }, words), el('span', { class: 'palette-about' }, about), ...caps);
}
