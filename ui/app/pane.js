/** @import { EnvironmentView } from './types.js' */
/** @import { MainAction, Press } from './actions.js' */
/** @import { RowView } from './rows.js' */
/** @import { Timeline } from './store.js' */
/** @import { Say } from './words/say.js' */
import { ASKS_GATEWAY, mainAction, otherActions } from './actions.js';
import { arrange, button, el, setAttribute, setDigits, setText, setTextOrHide } from './dom.js';
import { problemOf, resultText } from './escalation.js';
import { icon } from './icons.js';
import { createNoteBox } from './note-box.js';
import { customerWords, explanation, lockOf, problemWords } from './rows.js';
import { createSteps } from './steps.js';
import { visible } from './text.js';
import { clock } from './time.js';
import { createTimelineList } from './timeline-list.js';
import { setUnsaved, unsavedMark } from './unsaved-mark.js';

/**
 * @typedef {object} PaneView
 * @property {RowView} view
 * @property {EnvironmentView | null} environment
 * @property {Timeline} timeline
 * @property {boolean} isKept whether there is a journal at all
 * @property {number} now
 * @property {Say} say
 *
 * @typedef {object} PaneEvents
 * @property {(press: Press, byPointer: boolean) => void} onPress
 * @property {() => void} onClose
 * @property {() => void} onReveal shows the number for a while
 * @property {() => void} onCustomer shows this customer their own step
 * @property {(text: string) => void} onCopy
 * @property {() => void} onCopySupport
 * @property {import('./note-box.js').SaveNote} onNote
 */

/**
 * All there is to know of one enrollment, and all that can be done to it.
 *
 * @param {PaneEvents} events
 */
export function createPane(events) {
  const head = headPart(events);
  const state = statePart();
  const actions = actionsPart(events);
  const facts = factsPart(events);
  const note = createNoteBox(events.onNote);
  const timeline = createTimelineList();
  const body = el('div', { class: 'pane-body', hidden: true }, head.node, state.node, actions.node, facts.node, note.node, timeline.node);
  const nothing = el('p', { class: 'pane-nothing' });
  const node = el('aside', { class: 'pane', id: 'pane' }, body, nothing);

  /**
   * @param {PaneView | null} shown
   * @param {Say} say
   */
  function render(shown, say) {
    setAttribute(node, 'aria-label', say('pane.label'));
    setAttribute(node, 'data-open', shown !== null);
    setAttribute(body, 'hidden', shown === null);
    setTextOrHide(nothing, shown ? '' : say('pane.empty'));
    if (!shown) return;
    const key = String(shown.view.row.key);
    if (node.dataset.key !== key) node.scrollTop = 0;
    node.dataset.key = key;
    head.render(shown);
    state.render(shown);
    actions.render(shown, head.focus);
    facts.render(shown);
    note.render(shown.view.row, shown.view.locked !== '', say);
    timeline.render(shown.timeline, shown.isKept, shown.now, say);
  }

  return { node, render, changedAt: actions.changedAt, saveNotes: note.saveAll, unsavedNotes: note.unsaved };
}

/** @param {PaneEvents} events */
function headPart(events) {
  const who = el('h2', { class: 'pane-who', tabindex: -1 });
  const close = button({ class: 'icon-button' }, events.onClose, icon('close'));
  const customer = button({ class: 'icon-button', id: 'customer-view' }, events.onCustomer, icon('customer'));
  const mark = unsavedMark();
  const id = el('span', { class: 'pane-id' });
  const reveal = button({ class: 'icon-button small', id: 'reveal' }, events.onReveal, icon('eye'));
  const type = el('span');
  const place = el('span');
  const confirmed = el('span', { class: 'pane-confirmed' });
  const node = el(
    'div',
    { class: 'pane-head' },
    el('div', { class: 'pane-title' }, who, mark, customer, close),
    el('p', { class: 'pane-user' }, id, reveal, ' ', type),
    el('p', { class: 'pane-place' }, place, ' ', confirmed),
  );

  /** @param {PaneView} shown */
  function render({ view, say }) {
    setText(who, view.label || say('row.no-label'));
    setAttribute(who, 'data-none', view.label === '');
    setUnsaved(mark, view.unsaved, say);
    setAttribute(close, 'aria-label', say('pane.close'));
    setAttribute(customer, 'aria-label', say('customer-view.show'));
    setAttribute(customer, 'title', say('customer-view.show'));
    setDigits(id, view.digits);
    setAttribute(reveal, 'hidden', !view.hidden);
    setAttribute(reveal, 'aria-label', say('pane.reveal'));
    setAttribute(reveal, 'title', say('pane.reveal'));
    setText(type, view.type);
    setText(place, say(`place.${view.row.place}`));
    setText(confirmed, say(view.row.confirmed ? 'pane.confirmed' : 'pane.unconfirmed'));
  }

  return { node, render, focus: () => who.focus() };
}

function statePart() {
  const steps = createSteps('pane');
  const words = el('h3', { class: 'pane-words' });
  const since = el('span', { class: 'pane-since' });
  const raw = el('code', { class: 'raw' });
  const explain = el('p', { class: 'pane-explain' });
  const detail = el('p', { class: 'pane-detail' });
  const message = el('p', { class: 'pane-message' });
  const heading = el('span', { class: 'pane-say-heading' });
  const customer = el('q', { class: 'pane-say-words' });
  const quote = el('div', { class: 'pane-say' }, heading, customer);
  const node = el(
    'section',
    { class: 'pane-state' },
    steps.node,
    el('div', { class: 'pane-now' }, words, since),
    raw, detail, explain, message, quote,
  );

  /** @param {PaneView} shown */
  function render({ view, say }) {
    setAttribute(node, 'data-tone', view.tone);
    steps.render(view.row, view.situation, say);
    setText(words, view.words);
    setText(since, view.left ? `${view.since} · ${say('time.left').toLocaleLowerCase(say.language)} ${view.left.text}` : view.since);
    setTextOrHide(raw, view.raw);
    setAttribute(raw, 'aria-label', view.raw ? `${say('pane.status')}: ${view.raw}` : null);
    setText(explain, explanation(view.row, view.situation, say));
    // A problem and the next step have places of their own further down.
    setTextOrHide(detail, problemOf(view.row) || view.situation === 'signed' ? '' : view.detail);
    setTextOrHide(message, view.row.message === null ? '' : `${say('pane.message')}: ${visible(view.row.message)}`);
    const voice = customerWords(view.situation, say);
    setAttribute(quote, 'hidden', voice === '');
    setText(heading, say('customer.heading'));
    setText(customer, voice);
  }

  return { node, render };
}

/** @param {PaneEvents} events */
function actionsPart(events) {
  const main = el('div', { class: 'pane-main' });
  const further = el('div', { class: 'pane-further' });
  const ending = el('div', { class: 'pane-ending' });
  const endHeading = el('h3', { class: 'pane-heading' });
  const endings = el('section', { class: 'pane-endings' }, endHeading, ending);
  const node = el('section', { class: 'pane-actions' }, main, further, endings);
  /** @type {Map<Press, HTMLButtonElement>} */
  const buttons = new Map();
  let painted = '';
  let changedAt = 0;

  /** @param {Press} press */
  function buttonFor(press) {
    const known = buttons.get(press);
    if (known) return known;
    const made = button({ 'data-do': press }, (event) => events.onPress(press, event.detail > 0));
    buttons.set(press, made);
    return made;
  }

  /**
   * @param {PaneView} shown
   * @param {() => void} focusHead
   */
  function render({ view, environment, say }, focusHead) {
    const first = mainAction(view.row, view.situation, environment?.token ?? null);
    const others = otherActions(view.row, first);
    const rows = [first ? [first.press] : [], others.further, others.endings];
    const is = `${view.row.key} ${view.row.state} ${rows.join('|')}`;
    if (is !== painted) changedAt = performance.now();
    painted = is;
    const focused = node.contains(document.activeElement);
    [main, further, ending].forEach((place, at) => arrange(place, (rows[at] ?? []).map(buttonFor)));
    if (focused && !node.contains(document.activeElement)) focusHead();
    for (const press of rows.flat()) paintButton(buttonFor(press), press, view, first, say);
    setText(endHeading, say('pane.end'));
    setAttribute(endHeading, 'hidden', others.endings.length < 2);
  }

  return { node, render, changedAt: () => changedAt };
}

/**
 * @param {HTMLButtonElement} node
 * @param {Press} press
 * @param {RowView} view
 * @param {MainAction | null} main
 * @param {Say} say
 */
function paintButton(node, press, view, main, say) {
  const isMain = press === main?.press;
  const words = isMain ? main.words : press === 'open' && view.row.place === 'remote' ? 'open-here' : press;
  const busy = view.row.busy && ASKS_GATEWAY.has(press);
  setText(node, say(busy && isMain ? `do.busy.${press}` : `do.${words}`));
  setAttribute(node, 'class', isMain && main.strong ? 'strong' : press === 'forget' ? 'quiet bad' : 'quiet');
  const lock = lockOf(view, press);
  setAttribute(node, 'aria-disabled', busy || lock ? 'true' : null);
  setAttribute(node, 'title', lock || null);
}

/** @param {PaneEvents} events */
function factsPart(events) {
  const next = factPart();
  let result = '';
  const copyResult = button({ class: 'quiet', id: 'copy-result' }, () => events.onCopy(result), icon('copy'), el('span'));
  const look = factPart();
  const link = factPart();
  const problem = factPart();
  const trace = el('code', { class: 'raw' });
  const copyTrace = button({ class: 'icon-button small' }, () => events.onCopy(trace.textContent ?? ''), icon('copy'));
  const traceLine = el('p', { class: 'pane-trace' }, el('span', { class: 'pane-trace-name' }), trace, copyTrace);
  const support = button({ class: 'quiet', id: 'copy-support' }, events.onCopySupport);
  problem.node.append(traceLine, support);
  const node = el('div', { class: 'pane-facts' }, next.node, copyResult, look.node, link.node, problem.node);

  /** @param {PaneView} shown */
  function render({ view, environment, now, say }) {
    const { row } = view;
    const nextStep = view.row.step.step === 'signed' ? environment?.nextStep ?? '' : '';
    next.render(say('pane.next-step'), visible(nextStep), '');
    result = environment ? resultText(row, environment, say) : '';
    setAttribute(copyResult, 'hidden', result === '');
    setText(/** @type {HTMLElement} */ (copyResult.lastElementChild), say('pane.copy.result'));
    look.render(say('pane.look'), row.lookAt === null ? '' : clock(row.lookAt, now, say.language), '');
    const opened = row.link && say(row.link.opened ? 'pane.link.opened' : 'pane.link.not-opened');
    link.render(
      say('pane.link'),
      row.link ? `${say('pane.link.host')} ${visible(row.link.host)}` : '',
      row.link ? `${say('pane.link.received', { time: clock(row.link.received, now, say.language, true) })} · ${opened}` : '',
    );
    const last = problemOf(row);
    const at = row.problem?.problem === last && row.problem ? row.problem.at : row.since;
    problem.render(say('pane.problem'), last ? problemWords(last, say) : '', last ? clock(at, now, say.language, true) : '');
    setText(trace, last?.traceId ?? '');
    setAttribute(traceLine, 'hidden', !last?.traceId);
    setText(/** @type {HTMLElement} */ (traceLine.firstElementChild), say('pane.trace'));
    setAttribute(copyTrace, 'aria-label', say('pane.copy.trace'));
    setText(support, say('pane.copy.support'));
  }

  return { node, render };
}

/** A heading, a line, and a quieter line; not there at all without the first line. */
function factPart() {
  const heading = el('h3', { class: 'pane-heading' });
  const words = el('p', { class: 'pane-fact' });
  const more = el('p', { class: 'pane-fact-more' });
  const node = el('section', { class: 'pane-fact-part' }, heading, words, more);
  return {
    node,
    /**
     * @param {string} title
     * @param {string} text
     * @param {string} quieter
     */
    render(title, text, quieter) {
      setText(heading, title);
      setText(words, text);
      setTextOrHide(more, quieter);
      setAttribute(node, 'hidden', text === '');
    },
  };
}
