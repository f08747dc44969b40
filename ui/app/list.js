/** @import { Key } from './types.js' */
/** @import { RowEvents } from './row.js' */
/** @import { RowView } from './rows.js' */
/** @import { Sight } from './sight.js' */
/** @import { Say } from './words/say.js' */
import { arrange, el, setAttribute, setStyle } from './dom.js';
import { createRow } from './row.js';
import { inSight, neighbour, scrolledTo } from './sight.js';

/**
 * @typedef {RowEvents & { onLookedAway: () => void }} ListEvents the last one: pointer and focus have left the list
 *
 * @typedef {object} Shown what the list was last asked to show
 * @property {readonly Key[]} order
 * @property {(key: Key) => RowView | null} look a row as it is painted now
 * @property {Key | null} selected
 * @property {Say} say
 */

/**
 * The list of rows. Only those in sight have elements, and the one with the focus: ten thousand are
 * no slower than ten. An element is patched in place, so that a live update never costs the focus.
 *
 * @param {ListEvents} events
 * @param {HTMLElement} panel what scrolls
 */
export function createList(events, panel) {
  const node = el('ul', { class: 'list', id: 'list', role: 'list' });
  /** @type {Map<Key, ReturnType<typeof createRow>>} */
  const rows = new Map();
  /** @type {Shown | null} */
  let shown = null;
  /** @type {ReadonlyMap<Key, number>} where each row stands */
  let places = new Map();
  let rowHeight = 0;
  let movedAt = 0;
  const moved = () => {
    movedAt = performance.now();
  };
  const held = () => node.matches(':hover') || (document.hasFocus() && node.contains(document.activeElement));
  const left = () => setTimeout(() => held() || events.onLookedAway(), 0);
  node.addEventListener('pointerleave', left);
  node.addEventListener('focusout', left);
  window.addEventListener('blur', left);
  // What scrolling brings into sight has not changed under anybody's hand.
  panel.addEventListener('scroll', () => paint(0), { passive: true });
  const measured = new ResizeObserver(() => {
    rowHeight = 0;
    paint(performance.now());
  });
  // The list is resized too, where its rows take another height.
  measured.observe(panel);
  measured.observe(node);

  function view() {
    // Its height is that of as many rows as it has, whatever unit the styles give one.
    if (rowHeight === 0 && places.size > 0) rowHeight = node.getBoundingClientRect().height / places.size;
    return { top: panel.scrollTop, height: panel.clientHeight, rowHeight, count: places.size };
  }

  /** The row with the focus keeps its element wherever the list is scrolled. */
  function focused() {
    const row = document.activeElement?.closest('.row');
    return row instanceof HTMLElement && node.contains(row) ? Number(row.dataset.key) : null;
  }

  /**
   * @param {number} madeAt when a row that has no element yet came to be there
   * @param {Key} [also] has one wherever it stands
   * @param {Sight} [sight]
   */
  function paint(madeAt, also, { first, end } = inSight(view())) {
    if (!shown) return;
    const { order, look, selected, say } = shown;
    const wanted = new Map(order.slice(first, end).map((key, at) => [key, first + at]));
    for (const key of [focused(), also]) {
      const at = key == null ? undefined : places.get(key);
      if (key != null && at !== undefined) wanted.set(key, at);
    }
    const inOrder = [...wanted].sort(([, a], [, b]) => a - b).map(([key]) => key);
    for (const key of inOrder) {
      const painted = look(key);
      const row = rows.get(key) ?? createRow(key, events, madeAt);
      rows.set(key, row);
      row.stand(wanted.get(key) ?? 0, order.length);
      if (painted) row.patch(painted, key === selected, say);
    }
    for (const key of [...rows.keys()]) if (!wanted.has(key)) rows.delete(key);
    place(node, inOrder.flatMap((key) => rows.get(key)?.node ?? []));
  }

  /** @param {Shown} next */
  function render(next) {
    const before = shown?.order ?? [];
    shown = next;
    if (next.order !== before) places = new Map(next.order.map((key, at) => [key, at]));
    setAttribute(node, 'aria-label', next.say('list.label'));
    setAttribute(node, 'hidden', places.size === 0);
    setStyle(node, '--count', String(places.size));
    const had = focused();
    const heir = had === null || places.has(had) ? undefined : neighbour(before, had, (key) => places.has(key));
    // Looked up once: to ask where the page stands has it laid out.
    const sight = inSight(view());
    const seen = (/** @type {readonly Key[]} */ order) => order.slice(sight.first, sight.end).join();
    paint(performance.now(), heir, sight);
    if (heir !== undefined) focus(heir);
    if (seen(before) !== seen(next.order)) moved();
  }

  /**
   * Brings a row into sight.
   *
   * @param {Key} key
   */
  function reveal(key) {
    const at = places.get(key);
    if (at === undefined) return;
    const now = view();
    const top = scrolledTo(now, at);
    if (top === now.top) return;
    panel.scrollTop = top;
    paint(performance.now());
    moved();
  }

  /**
   * @param {Key} key
   * @param {boolean} [only] without selecting it
   */
  function focus(key, only = false) {
    reveal(key);
    if (!rows.has(key)) paint(performance.now(), key);
    rows.get(key)?.focus(only);
  }

  return {
    node,
    render,
    held,
    reveal,
    moved,
    focus,
    glow: (/** @type {Key} */ key) => rows.get(key)?.node.classList.add('glow'),
    painted: () => [...rows.keys()],
    // When what a press would do last changed, under the pointer or at all.
    changedAt: (/** @type {Key} */ key, /** @type {boolean} */ byPointer) =>
      Math.max(rows.get(key)?.mainChangedAt() ?? 0, byPointer ? movedAt : 0),
    patch: (/** @type {RowView} */ painted, /** @type {boolean} */ selected, /** @type {Say} */ say) =>
      rows.get(painted.row.key)?.patch(painted, selected, say),
  };
}

/**
 * Puts the rows in their order, with the focus where it was.
 *
 * @param {HTMLElement} list
 * @param {readonly HTMLElement[]} shown
 */
function place(list, shown) {
  if (list.children.length === shown.length && shown.every((row, at) => list.children[at] === row)) return;
  const focus = document.activeElement;
  arrange(list, shown);
  // The rows stand where they stood: nothing scrolls after it.
  if (focus instanceof HTMLElement && focus !== document.activeElement && list.contains(focus)) focus.focus({ preventScroll: true });
}
