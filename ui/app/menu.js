import { button, el, setAttribute } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {object} MenuItem
 * @property {string} value
 * @property {string} words
 * @property {string} [note]
 * @property {string} [badge]
 * @property {string} [kind] an environment's kind, for its colour
 * @property {boolean} [checked] for a choice; without it the item leads to a dialog
 *
 * @typedef {{ heading: string, items: MenuItem[], choose: (value: string) => void }} MenuGroup
 */

/**
 * A button with a menu of choices under it. The menu is made when it opens.
 *
 * @param {HTMLButtonElement} opener
 * @param {() => MenuGroup[]} groups
 */
export function createMenu(opener, groups) {
  const popup = el('div', { class: 'menu', role: 'menu', hidden: true });
  const node = el('div', { class: 'menu-place' }, opener, popup);
  setAttribute(opener, 'aria-haspopup', 'menu');
  setAttribute(opener, 'aria-expanded', 'false');

  const items = () => /** @type {HTMLElement[]} */ ([...popup.querySelectorAll('[role^=menuitem]')]);

  /** @param {boolean} giveFocusBack */
  function close(giveFocusBack) {
    if (popup.hidden) return;
    popup.hidden = true;
    setAttribute(opener, 'aria-expanded', 'false');
    if (giveFocusBack) opener.focus();
  }

  function open() {
    popup.replaceChildren(...groups().map((group) => menuGroup(group, () => close(true))));
    setAttribute(popup, 'aria-label', opener.getAttribute('aria-label') ?? opener.textContent);
    popup.hidden = false;
    setAttribute(opener, 'aria-expanded', 'true');
    (items().find((item) => item.getAttribute('aria-checked') === 'true') ?? items()[0])?.focus();
  }

  opener.addEventListener('click', () => (popup.hidden ? open() : close(true)));
  popup.addEventListener('keydown', (event) => steer(event, items(), () => close(true)));
  node.addEventListener('focusout', (event) => {
    if (!node.contains(/** @type {Node | null} */ (event.relatedTarget))) close(false);
  });
  document.addEventListener('pointerdown', (event) => {
    if (!node.contains(/** @type {Node} */ (event.target))) close(false);
  });
  return node;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 * @param {() => void} close
 */
function steer(event, items, close) {
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.code];
  if (to !== undefined) items.at(to % items.length)?.focus();
  else if (event.code === 'Escape') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * @param {MenuGroup} group
 * @param {() => void} close
 */
function menuGroup({ heading, items, choose }, close) {
  const nodes = items.map((item) => {
    const role = item.checked === undefined ? { role: 'menuitem', 'aria-haspopup': 'dialog' } : { role: 'menuitemradio', 'aria-checked': String(item.checked) };
    const attributes = { class: 'menu-item', tabindex: -1, ...role };
    const node = button(attributes, () => {
      close();
      choose(item.value);
    });
    setAttribute(node, 'data-kind', item.kind);
    setAttribute(node, 'data-value', item.value);
    const words = el('span', { class: 'menu-words' }, item.words);
    if (item.note) words.append(el('span', { class: 'menu-note' }, item.note));
    node.append(icon('check'), words);
    if (item.badge) node.append(el('span', { class: 'badge' }, item.badge));
    return node;
  });
  return el('div', { role: 'group', 'aria-label': heading }, el('div', { class: 'menu-heading', 'aria-hidden': 'true' }, heading), ...nodes);
}
