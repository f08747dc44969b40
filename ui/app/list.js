/** @import { Key } from './types.js' */
/** @import { Press } from './actions.js' */
/** @import { RowView } from './rows.js' */
/** @import { Say } from './words/say.js' */
import { arrange, button, el, setAttribute, setDigits, setText, setTextOrHide } from './dom.js';
import { setSteps, stepsGlyph } from './icons.js';
import { lockOf } from './rows.js';
import { setUnsaved, unsavedMark } from './unsaved-mark.js';

/**
 * @typedef {object} ListEvents
 * @property {(key: Key) => void} onSelect
 * @property {(key: Key, press: Press, byPointer: boolean) => void} onPress
 * @property {() => void} onLookedAway pointer and focus have left the list
 */

/**
 * The list of rows. Each row's element lives as long as its enrollment is shown and is patched in
 * place, so that a live update never costs the focus.
 *
 * @param {ListEvents} events
 */
export function createList(events) {
  const node = el('ul', { class: 'list', id: 'list', role: 'list' });
  const seen = watchSight();
  /** @type {Map<Key, RowNode>} */
  const rows = new Map();
  let movedAt = 0;
  const moved = () => {
    movedAt = performance.now();
  };
  const held = () => node.matches(':hover') || (document.hasFocus() && node.contains(document.activeElement));
  const left = () => setTimeout(() => held() || events.onLookedAway(), 0);
  node.addEventListener('pointerleave', left);
  node.addEventListener('focusout', left);
  window.addEventListener('blur', left);

  /** @param {Key} key */
  function rowFor(key) {
    const row = rows.get(key) ?? createRow(key, events);
    if (!rows.has(key)) seen.watch(row.node);
    rows.set(key, row);
    return row;
  }

  /**
   * @param {readonly RowView[]} views in their order
   * @param {Key | null} selected
   * @param {Say} say
   */
  function render(views, selected, say) {
    setAttribute(node, 'aria-label', say('list.label'));
    for (const view of views) rowFor(view.row.key).patch(view, view.row.key === selected, say);
    if (place(node, views.map((view) => rowFor(view.row.key).node))) moved();
    const shown = new Set(views.map((view) => view.row.key));
    for (const [key, row] of rows) {
      if (shown.has(key)) continue;
      seen.forget(row.node);
      rows.delete(key);
    }
  }

  /**
   * Brings a row into sight where the pane has come to lie over its place.
   *
   * @param {Key} key
   */
  function reveal(key) {
    const row = rows.get(key)?.node;
    const before = row?.getBoundingClientRect().top;
    row?.scrollIntoView({ block: 'nearest' });
    if (row?.getBoundingClientRect().top !== before) moved();
  }

  return {
    node,
    render,
    held,
    reveal,
    moved,
    onScreen: seen.keys,
    focus: (/** @type {Key} */ key, only = false) => rows.get(key)?.focus(only),
    // When what a press would do last changed, under the pointer or at all.
    changedAt: (/** @type {Key} */ key, /** @type {boolean} */ byPointer) =>
      Math.max(rows.get(key)?.mainChangedAt() ?? 0, byPointer ? movedAt : 0),
    patch: (/** @type {RowView} */ view, /** @type {boolean} */ selected, /** @type {Say} */ say) =>
      rows.get(view.row.key)?.patch(view, selected, say),
  };
}

/** Which rows are on screen, so that only those are painted every second. */
function watchSight() {
  /** @type {Set<Key>} */
  const keys = new Set();
  const keyOf = (/** @type {Element} */ row) => Number(/** @type {HTMLElement} */ (row).dataset.key);
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) keys.add(keyOf(target));
      else keys.delete(keyOf(target));
    }
  });
  return {
    keys: () => keys,
    watch: (/** @type {Element} */ row) => observer.observe(row),
    forget(/** @type {Element} */ row) {
      observer.unobserve(row);
      keys.delete(keyOf(row));
    },
  };
}

/**
 * Puts the rows in their order, with the focus where it was or, where its row goes, on a neighbour.
 *
 * @param {HTMLElement} list
 * @param {readonly HTMLElement[]} shown
 * @returns {boolean} whether anything stands elsewhere now
 */
function place(list, shown) {
  if (list.children.length === shown.length && shown.every((row, at) => list.children[at] === row)) return false;
  const focus = document.activeElement;
  const row = focus?.closest('.row');
  const stay = new Set(shown);
  if (row && list.contains(row) && !stay.has(/** @type {HTMLElement} */ (row))) {
    let next = row.nextElementSibling ?? row.previousElementSibling;
    while (next && !stay.has(/** @type {HTMLElement} */ (next))) next = next.nextElementSibling;
    /** @type {HTMLElement | null | undefined} */ (next?.querySelector('.row-select'))?.focus();
  }
  arrange(list, shown);
  if (focus instanceof HTMLElement && focus !== document.activeElement && list.contains(focus)) focus.focus();
  return true;
}

/**
 * @typedef {ReturnType<typeof createRow>} RowNode
 */

/**
 * @param {Key} key
 * @param {ListEvents} events
 */
function createRow(key, events) {
  const part = rowParts(key);
  const { node, select, main } = part;
  let mainIs = '';
  let mainChangedAt = performance.now();
  let painted = '';
  let quiet = false;

  node.addEventListener('click', (event) => {
    // Text that is being marked for copying is no press.
    if (main.contains(/** @type {Node} */ (event.target)) || String(getSelection())) return;
    events.onSelect(key);
  });
  select.addEventListener('focus', () => quiet || events.onSelect(key));
  // Keys act on the selected row, so the focus is never on one row and the selection on another.
  main.addEventListener('focus', () => main.matches(':focus-visible') && events.onSelect(key));
  main.addEventListener('click', (event) => {
    const press = main.dataset.do;
    events.onSelect(key);
    if (press) events.onPress(key, /** @type {Press} */ (press), event.detail > 0);
  });
  node.addEventListener('animationend', () => node.classList.remove('glow'));

  /**
   * @param {RowView} view
   * @param {boolean} selected
   * @param {Say} say
   */
  function patch(view, selected, say) {
    setAttribute(node, 'data-tone', view.tone);
    setAttribute(node, 'data-step', view.row.step.step);
    setAttribute(node, 'data-situation', view.situation);
    setAttribute(node, 'data-group', view.group);
    setAttribute(select, 'aria-current', selected ? 'true' : null);
    paintWho(part, view, say);
    paintState(part, view);
    setUnsaved(part.mark, view.unsaved, say);
    paintTime(part, view, say);
    const is = view.main ? `${view.main.press} ${view.row.state}` : '';
    if (is !== mainIs) mainChangedAt = performance.now();
    mainIs = is;
    paintMain(part, view);
    const state = `${view.row.state} ${view.situation}`;
    if (painted !== '' && painted !== state) node.classList.add('glow');
    painted = state;
  }

  /** @param {boolean} only */
  function focus(only) {
    quiet = only;
    select.focus();
    quiet = false;
  }

  return { node, patch, mainChangedAt: () => mainChangedAt, focus };
}

/** @typedef {ReturnType<typeof rowParts>} RowParts */

/** @param {Key} key */
function rowParts(key) {
  const ids = { who: `row-${key}-who`, state: `row-${key}-state`, unsaved: `row-${key}-unsaved` };
  const steps = stepsGlyph();
  const label = el('span', { class: 'row-label' });
  const id = el('span', { class: 'row-id' });
  const type = el('span', { class: 'row-type' });
  const place = el('span', { class: 'row-place' });
  const select = el(
    'button',
    { type: 'button', class: 'row-select', id: ids.who, 'aria-describedby': `${ids.state} ${ids.unsaved}` },
    label, ' ', id, ' ', type, ' ', place,
  );
  const words = el('span', { class: 'row-words', id: ids.state });
  const mark = unsavedMark(ids.unsaved);
  const raw = el('code', { class: 'raw' });
  const detail = el('div', { class: 'row-detail' });
  const since = el('span', { class: 'row-since' });
  const bar = el('span', { class: 'bar-fill' });
  const left = el('span', { class: 'row-left' });
  const meter = el('div', { class: 'meter' }, el('span', { class: 'bar', 'aria-hidden': 'true' }, bar), left);
  const main = button({ class: 'main', 'aria-describedby': ids.who }, () => {});
  const node = el(
    'li',
    { class: 'row', 'data-key': key },
    mark,
    steps,
    el('div', { class: 'row-text' }, select, el('div', { class: 'row-state' }, words, ' ', raw), detail),
    el('div', { class: 'row-time' }, since, meter),
    el('div', { class: 'row-action' }, main),
  );
  return { node, mark, steps, select, label, id, type, place, words, raw, detail, since, bar, left, meter, main };
}

/**
 * @param {RowParts} part
 * @param {RowView} view
 * @param {Say} say
 */
function paintWho({ label, id, type, place }, view, say) {
  setText(label, view.label || say('row.no-label'));
  setAttribute(label, 'data-none', view.label === '');
  setDigits(id, view.digits);
  setText(type, view.type);
  setTextOrHide(place, view.place);
}

/**
 * @param {RowParts} part
 * @param {RowView} view
 */
function paintState({ steps, words, raw, detail }, view) {
  setSteps(steps, view.shapes);
  setText(words, view.words);
  setTextOrHide(raw, view.raw);
  setAttribute(raw, 'title', view.raw || null);
  setTextOrHide(detail, view.detail);
  setAttribute(detail, 'title', view.detail || null);
}

/**
 * @param {RowParts} part
 * @param {RowView} view
 * @param {Say} say
 */
function paintTime({ since, bar, left, meter }, view, say) {
  setText(since, view.since);
  setAttribute(since, 'title', say(view.ticking ? 'time.in-state' : 'time.ended'));
  setAttribute(meter, 'hidden', view.left === null);
  if (!view.left) return;
  bar.style.inlineSize = `${(view.left.fraction * 100).toFixed(1)}%`;
  setText(left, view.left.text);
  setAttribute(meter, 'title', say(view.left.held ? 'time.held' : 'time.left'));
  setAttribute(meter, 'data-held', view.left.held);
  setAttribute(meter, 'data-little', view.left.little);
}

/**
 * @param {RowParts} part
 * @param {RowView} view
 */
function paintMain({ main, select }, view) {
  if (!view.main) {
    // A button that goes must not take the focus with it.
    if (document.activeElement === main) select.focus();
    setAttribute(main, 'data-do', null);
    setAttribute(main, 'hidden', true);
    return;
  }
  setText(main, view.main.words);
  setAttribute(main, 'data-do', view.main.press);
  setAttribute(main, 'data-strong', view.main.strong);
  const lock = lockOf(view, view.main.press);
  setAttribute(main, 'aria-disabled', view.main.busy || lock ? 'true' : null);
  setAttribute(main, 'title', lock || null);
  setAttribute(main, 'hidden', false);
}
