/** @import { SeveralPress } from './choosing.js' */
/** @import { Say } from './words/say.js' */
import { SEVERAL } from './choosing.js';
import { button, el, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {object} SeveralEvents
 * @property {(press: SeveralPress) => void} onPress
 * @property {() => void} onAll
 * @property {() => void} onCopy
 * @property {() => void} onSave
 * @property {() => void} onEnd
 *
 * @typedef {object} SeveralView
 * @property {number} chosen
 * @property {boolean} all whether everything in sight is
 * @property {Readonly<Record<SeveralPress, number>>} takers for how many each press means something
 * @property {string} locked why nothing may be changed, empty where it may
 */

/**
 * What can be done to those that are chosen, under the list.
 *
 * @param {SeveralEvents} events
 */
export function createSeveral(events) {
  const count = el('span', { class: 'several-count', role: 'status' });
  const all = button({ class: 'link', id: 'several-all' }, events.onAll);
  const presses = SEVERAL.map((press) => ({ press, node: button({ class: 'quiet', 'data-do': press }, () => events.onPress(press)) }));
  const copy = button({ class: 'quiet', id: 'several-copy' }, events.onCopy);
  const save = button({ class: 'quiet', id: 'several-save' }, events.onSave);
  const end = button({ class: 'icon-button', id: 'several-end' }, events.onEnd, icon('close'));
  const node = el('div', { class: 'several', role: 'toolbar', hidden: true }, end, count, all, el('div', { class: 'several-doings' }, ...presses.map((one) => one.node), copy, save));

  /**
   * @param {SeveralView | null} view
   * @param {Say} say
   */
  function render(view, say) {
    setAttribute(node, 'hidden', view === null);
    if (!view) return;
    setAttribute(node, 'aria-label', say('several.choose'));
    setText(count, say.count('several.chosen', view.chosen));
    setText(all, say(view.all ? 'several.none' : 'several.all'));
    for (const { press, node: one } of presses) {
      const takers = view.takers[press];
      setText(one, takers > 0 ? `${say(`do.${press}`)} (${takers})` : say(`do.${press}`));
      setAttribute(one, 'aria-disabled', takers === 0 || view.locked ? 'true' : null);
      setAttribute(one, 'title', view.locked || null);
    }
    setText(copy, say('several.copy'));
    setText(save, say('several.save'));
    for (const one of [copy, save]) setAttribute(one, 'aria-disabled', view.chosen === 0 ? 'true' : null);
    setAttribute(end, 'aria-label', say('several.end'));
    setAttribute(end, 'title', say('several.end'));
  }

  return { node, render };
}
