/** @import { JournalView, PolicyView, ShiftEnded } from './types.js' */
/** @import { Tab } from './tabs.js' */
/** @import { Say } from './words/say.js' */
import { createChoice, createField } from './dialogs/frame.js';
import { button, el, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';
import { visible } from './text.js';

/** @typedef {'hidden' | 'start' | 'ending' | 'ended'} WhyCovered */

/**
 * What may be seen of a covered list: numbers, and never whose.
 *
 * @typedef {object} CoverView
 * @property {WhyCovered} why
 * @property {Readonly<Record<Tab, number>>} counts
 * @property {number} watched
 * @property {boolean} asks whether whoever uncovers it says who they are
 * @property {PolicyView} policy
 * @property {JournalView} journal
 * @property {ShiftEnded | null} ended what came of ending the shift
 *
 * @typedef {object} CoverEvents
 * @property {() => void} onShow
 * @property {(name: string) => Promise<string>} onCome gives the words of a refusal, empty where
 *   there is none
 */

/** @type {readonly (Tab & ('needs-me' | 'waiting' | 'trouble'))[]} */
const COUNTED = ['needs-me', 'waiting', 'trouble'];

/**
 * Stands in the place of everything else while the list is covered.
 *
 * @param {CoverEvents} events
 */
export function createCover(events) {
  const title = el('h1', { class: 'cover-title', id: 'cover-title', tabindex: -1 });
  const told = el('div', { class: 'cover-told', role: 'status' });
  const counts = COUNTED.map((group) => {
    const [name, count] = [el('dt'), el('dd')];
    return { group, name, count, node: el('div', { class: 'cover-count', 'data-group': group }, name, count) };
  });
  const list = el('dl', { class: 'cover-counts' }, ...counts.map((one) => one.node));
  const watched = el('p', { class: 'cover-watched' });
  const way = el('div', { class: 'cover-way' });
  const quiet = el('p', { class: 'cover-quiet' });
  const card = el('section', { class: 'cover-card', 'aria-labelledby': 'cover-title' }, icon('hide'), title, told, list, watched, way, quiet);
  const node = el('main', { class: 'cover', id: 'cover' }, card);
  let painted = '';

  /**
   * @param {CoverView} view
   * @param {Say} say
   */
  function render(view, say) {
    setText(title, say(view.why === 'start' ? 'app.name' : `cover.title.${view.why}`));
    setAttribute(node, 'data-why', view.why);
    setAttribute(list, 'aria-label', say('cover.counts'));
    for (const { group, name, count, node: line } of counts) {
      setText(name, say(`group.${group}`));
      setText(count, String(view.counts[group]));
      setAttribute(line, 'data-none', view.counts[group] === 0);
    }
    setText(watched, view.watched > 0 ? say.count('cover.watched', view.watched) : say('cover.idle'));
    setText(quiet, say('cover.quiet'));
    setLines(told, view.ended ? endedLines(view.ended, view.journal, say) : []);
    // What is being typed stays as long as the question is the same.
    const is = JSON.stringify([view.why === 'ending', view.asks, view.policy.operators, say.language]);
    if (is === painted) return;
    painted = is;
    const hadFocus = node.contains(document.activeElement);
    way.replaceChildren(...(view.why === 'ending' ? [] : [view.asks ? whoForm(view.policy.operators, events, say) : showButton(events, say)]));
    if (hadFocus) focus();
  }

  function focus() {
    const first = /** @type {HTMLElement | null} */ (way.querySelector('input, button'));
    (first ?? title).focus();
  }

  return { node, render, focus };
}

/**
 * @param {CoverEvents} events
 * @param {Say} say
 */
function showButton(events, say) {
  return button({ class: 'strong', id: 'uncover' }, events.onShow, say('cover.show'));
}

/**
 * @param {readonly string[]} operators
 * @param {CoverEvents} events
 * @param {Say} say
 */
function whoForm(operators, events, say) {
  const field = createField({ id: 'who', name: say('cover.who'), hint: say('cover.who.hint'), attributes: { maxlength: 120 } });
  const choice = createChoice('who', say('cover.who'), operators.map((name) => ({ value: name, words: visible(name) })), '');
  choice.node.classList.add('cover-names');
  const [chooses, error] = [operators.length > 0, el('p', { class: 'field-error', role: 'alert', hidden: true })];
  const submit = el('button', { type: 'submit', class: 'strong', id: 'come' }, say('cover.come'));
  const parts = chooses ? [choice.node, el('p', { class: 'field-hint' }, say('cover.who.hint')), error] : [field.node];
  const form = el('form', { class: 'cover-who', novalidate: true }, ...parts, submit);
  let busy = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const refusal = await events.onCome(chooses ? choice.value() : field.input.value);
    busy = false;
    if (!chooses) return field.setError(refusal);
    setText(error, refusal);
    setAttribute(error, 'hidden', refusal === '');
  });
  return form;
}

/**
 * @param {ShiftEnded} ended
 * @param {JournalView} journal
 * @param {Say} say
 * @returns {{ words: string, tone: 'plain' | 'bad' }[]}
 */
export function endedLines({ interrupted, tokensLeft }, journal, say) {
  const troubled = journal.health === 'troubled' ? journal.trouble : null;
  /** @type {{ words: string, tone: 'plain' | 'bad' }[]} */
  const lines = [];
  if (tokensLeft.length === 0 && troubled === null) lines.push({ words: say('ended.gone'), tone: 'plain' });
  if (interrupted > 0) lines.push({ words: say.count('ended.interrupted', interrupted), tone: 'plain' });
  for (const { environment, why } of tokensLeft) {
    const reason = say.code('token-problem', why.code);
    lines.push({ words: say('ended.token-left', { environment: visible(environment), why: reason }), tone: 'bad' });
  }
  if (troubled !== null) lines.push({ words: say('ended.not-saved', { trouble: say(`trouble.${troubled}`) }), tone: 'bad' });
  return lines;
}

/**
 * @param {HTMLElement} node
 * @param {readonly { words: string, tone: string }[]} lines
 */
function setLines(node, lines) {
  const is = JSON.stringify(lines);
  if (node.dataset.lines === is) return;
  node.dataset.lines = is;
  node.replaceChildren(...lines.map(({ words, tone }) => el('p', { 'data-tone': tone }, words)));
}
