/** @import { Order } from './types.js' */
/** @import { Group } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText, setTextOrHide } from './dom.js';
import { icon } from './icons.js';
import { createMenu } from './menu.js';
import { ORDERS } from './order.js';
import { GROUPS } from './situation.js';

/** @typedef {Group | 'all'} Tab */

/** @type {readonly Tab[]} */
export const TABS = [...GROUPS, 'all'];

/**
 * @typedef {object} TabsView
 * @property {Tab} tab the chosen one
 * @property {Readonly<Record<Tab, number>>} counts
 * @property {Order} order
 * @property {boolean} stale whether the order shown is no longer the best one
 * @property {boolean} choosing whether several are being chosen
 * @property {Say} say
 *
 * @typedef {object} TabsEvents
 * @property {(tab: Tab) => void} onChoose
 * @property {() => void} onSort
 * @property {(order: Order) => void} onOrder
 * @property {() => void} onSeveral begins or ends choosing several
 */

/**
 * The groups as tabs over the list, and how the list is sorted.
 *
 * @param {TabsEvents} events
 */
export function createTabs(events) {
  const tabs = TABS.map((tab) => {
    const words = el('span');
    const count = el('span', { class: 'tab-count' });
    const node = button({ class: 'tab', role: 'tab', 'data-tab': tab, 'aria-controls': 'list-panel', id: `tab-${tab}` }, () => events.onChoose(tab), words, ' ', count);
    return { tab, node, words, count };
  });
  const bar = el('div', { class: 'tab-bar', role: 'tablist' }, ...tabs.map(({ node }) => node));
  const sortWords = el('span');
  const sort = button({ class: 'quiet sort', id: 'sort-again', hidden: true }, events.onSort, icon('again'), sortWords);
  const order = orderMenu(events);
  const several = button({ class: 'icon-button', id: 'several' }, events.onSeveral, icon('several'));
  bar.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
    const at = tabs.findIndex(({ node }) => node === document.activeElement);
    if (!step || at < 0) return;
    const next = tabs.at((at + step) % tabs.length);
    next?.node.focus();
    if (next) events.onChoose(next.tab);
    event.preventDefault();
  });

  /** @param {TabsView} view */
  function render(view) {
    const { say } = view;
    setAttribute(bar, 'aria-label', say('group.label'));
    for (const { tab, node, words, count } of tabs) {
      setText(words, say(`group.${tab}`));
      setText(count, String(view.counts[tab]));
      setAttribute(node, 'aria-selected', String(tab === view.tab));
      setAttribute(node, 'tabindex', tab === view.tab ? 0 : -1);
      setAttribute(node, 'data-empty', view.counts[tab] === 0);
    }
    setText(sortWords, say('list.resort'));
    setAttribute(sort, 'title', say('list.resort.why'));
    // The focus stays where it is until the button is left again.
    setAttribute(sort, 'hidden', !view.stale && document.activeElement !== sort);
    order.render(view);
    setAttribute(several, 'aria-label', say('several.choose'));
    setAttribute(several, 'title', say('several.choose'));
    setAttribute(several, 'aria-pressed', String(view.choosing));
  }

  return { node: el('div', { class: 'tabs' }, bar, el('div', { class: 'tabs-end' }, sort, order.node, several)), render };
}

/** @param {TabsEvents} events */
function orderMenu({ onOrder }) {
  const words = el('span', { class: 'order-words' });
  const opener = button({ class: 'order', id: 'order' }, () => {}, icon('sort'), words);
  /** @type {TabsView | null} */
  let shown = null;
  const node = createMenu(opener, () => {
    if (!shown) return [];
    const { say, order } = shown;
    return [{
      heading: say('order.label'),
      items: ORDERS.map((value) => ({ value, words: say(`order.${value}`), checked: value === order })),
      choose: (value) => onOrder(/** @type {Order} */ (value)),
    }];
  });
  node.classList.add('menu-end');

  /** @param {TabsView} view */
  function render(view) {
    shown = view;
    // The usual order needs no words: there is more room for the groups.
    setTextOrHide(words, view.order === 'attention' ? '' : view.say(`order.${view.order}.short`));
    setAttribute(opener, 'aria-label', `${view.say('order.label')}: ${view.say(`order.${view.order}`)}`);
    setAttribute(opener, 'title', view.say('order.label'));
  }

  return { node, render };
}
