/** @import { Group } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';
import { GROUPS } from './situation.js';

/** @typedef {Group | 'all'} Tab */

/** @type {readonly Tab[]} */
export const TABS = [...GROUPS, 'all'];

/**
 * The groups as tabs over the list, and the offer to sort again.
 *
 * @param {{ onChoose: (tab: Tab) => void, onSort: () => void }} events
 */
export function createTabs({ onChoose, onSort }) {
  const tabs = TABS.map((tab) => {
    const words = el('span');
    const count = el('span', { class: 'tab-count' });
    const node = button({ class: 'tab', role: 'tab', 'data-tab': tab, 'aria-controls': 'list-panel', id: `tab-${tab}` }, () => onChoose(tab), words, ' ', count);
    return { tab, node, words, count };
  });
  const bar = el('div', { class: 'tab-bar', role: 'tablist' }, ...tabs.map(({ node }) => node));
  const sortWords = el('span');
  const sort = button({ class: 'quiet sort', id: 'sort-again', hidden: true }, onSort, icon('sort'), sortWords);
  bar.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
    const at = tabs.findIndex(({ node }) => node === document.activeElement);
    if (!step || at < 0) return;
    const next = tabs.at((at + step) % tabs.length);
    next?.node.focus();
    if (next) onChoose(next.tab);
    event.preventDefault();
  });

  /**
   * @param {Tab} chosen
   * @param {Readonly<Record<Tab, number>>} counts
   * @param {boolean} stale whether the order shown is no longer the best one
   * @param {Say} say
   */
  function render(chosen, counts, stale, say) {
    setAttribute(bar, 'aria-label', say('group.label'));
    for (const { tab, node, words, count } of tabs) {
      setText(words, say(`group.${tab}`));
      setText(count, String(counts[tab]));
      setAttribute(node, 'aria-selected', String(tab === chosen));
      setAttribute(node, 'tabindex', tab === chosen ? 0 : -1);
      setAttribute(node, 'data-empty', counts[tab] === 0);
    }
    setText(sortWords, say('list.resort'));
    setAttribute(sort, 'title', say('list.resort.why'));
    // The focus stays where it is until the button is left again.
    setAttribute(sort, 'hidden', !stale && document.activeElement !== sort);
  }

  return { node: el('div', { class: 'tabs' }, bar, sort), render };
}
