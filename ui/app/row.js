/** @import { Key } from './types.js' */
/** @import { Press } from './actions.js' */
/** @import { RowView } from './rows.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setDigits, setStyle, setText, setTextOrHide } from './dom.js';
import { setSteps, stepsGlyph } from './icons.js';
import { lockOf } from './rows.js';
import { setUnsaved, unsavedMark } from './unsaved-mark.js';

/**
 * @typedef {object} RowEvents
 * @property {(key: Key) => void} onSelect
 * @property {(key: Key, press: Press, byPointer: boolean) => void} onPress
 * @property {(key: Key, range: boolean) => void} onChoose one of several
 */

/**
 * @typedef {ReturnType<typeof createRow>} RowNode
 */

/**
 * One row's element, patched in place for as long as it is in sight.
 *
 * @param {Key} key
 * @param {RowEvents} events
 * @param {number} madeAt when what it says came to be there, on the page's clock
 */
export function createRow(key, events, madeAt) {
  const part = rowParts(key);
  const { node, select, main, choose } = part;
  let mainIs = '';
  let mainChangedAt = madeAt;
  let painted = '';
  let quiet = false;

  node.addEventListener('click', (event) => {
    // Text that is being marked for copying is no press.
    const at = /** @type {Node} */ (event.target);
    if (main.contains(at) || choose.contains(at) || (String(getSelection()) && !event.shiftKey)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) events.onChoose(key, event.shiftKey);
    else events.onSelect(key);
  });
  choose.addEventListener('click', (event) => events.onChoose(key, event.shiftKey));
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
    setAttribute(choose, 'hidden', view.chosen === null);
    setAttribute(choose, 'aria-label', say('several.row'));
    choose.checked = view.chosen === true;
    setAttribute(node, 'data-chosen', view.chosen === true);
    paintWho(part, view, say);
    paintState(part, view);
    setUnsaved(part.mark, view.unsaved, say);
    paintTime(part, view, say);
    const is = view.main ? `${view.main.press} ${view.row.state}` : '';
    if (is !== mainIs && painted !== '') mainChangedAt = performance.now();
    mainIs = is;
    paintMain(part, view);
    const state = `${view.row.state} ${view.situation}`;
    if (painted !== '' && painted !== state) node.classList.add('glow');
    painted = state;
  }

  /** @param {boolean} only not selected as well */
  function focus(only) {
    quiet = only;
    select.focus({ preventScroll: true });
    quiet = false;
  }

  /**
   * Where it stands among all rows, those that are not in sight included.
   *
   * @param {number} at
   * @param {number} count
   */
  function stand(at, count) {
    setStyle(node, '--at', String(at));
    setAttribute(node, 'aria-posinset', at + 1);
    setAttribute(node, 'aria-setsize', count);
  }

  return { node, patch, stand, mainChangedAt: () => mainChangedAt, focus };
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
  const choose = el('input', { type: 'checkbox', class: 'row-choose', 'aria-describedby': ids.who, hidden: true });
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
    choose,
    steps,
    el('div', { class: 'row-text' }, select, el('div', { class: 'row-state' }, words, ' ', raw), detail),
    el('div', { class: 'row-time' }, since, meter),
    el('div', { class: 'row-action' }, main),
  );
  return { node, mark, choose, steps, select, label, id, type, place, words, raw, detail, since, bar, left, meter, main };
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
  setAttribute(words, 'title', view.words);
  setTextOrHide(raw, view.raw);
  setAttribute(raw, 'title', view.raw || null);
  const more = [view.detail, view.look].filter(Boolean).join(' · ');
  setTextOrHide(detail, more);
  setAttribute(detail, 'title', more || null);
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
  setStyle(bar, 'inline-size', `${(view.left.fraction * 100).toFixed(1)}%`);
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
