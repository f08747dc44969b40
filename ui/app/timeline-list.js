/** @import { Entry } from './types.js' */
/** @import { Timeline } from './store.js' */
/** @import { Line } from './timeline.js' */
/** @import { Say } from './words/say.js' */
import { el, setText, setTextOrHide } from './dom.js';
import { lineOf, timelineNotes } from './timeline.js';
import { clock } from './time.js';

/** The timeline as a list, newest first: what has just happened is what a call is about. */
export function createTimelineList() {
  const heading = el('h3', { class: 'pane-heading' });
  const above = el('p', { class: 'pane-fact-more' });
  const list = el('ol', { class: 'timeline', role: 'list', reversed: true });
  const below = el('p', { class: 'pane-fact-more' });
  const node = el('section', { class: 'pane-timeline' }, heading, above, list, below);
  /** @type {readonly Entry[]} */
  let painted = [];
  let language = '';

  /**
   * @param {Timeline} timeline
   * @param {boolean} isKept whether there is a journal at all
   * @param {number} now
   * @param {Say} say
   */
  function render(timeline, isKept, now, say) {
    const { lines } = timeline;
    const notes = timelineNotes(timeline, isKept, say);
    setText(heading, say('pane.timeline'));
    setTextOrHide(above, notes.above);
    setTextOrHide(below, notes.below);
    if (lines === painted && language === say.language) return;
    painted = lines;
    language = say.language;
    list.replaceChildren(...lines.map((entry) => lineNode(lineOf(entry, say), now, say)).reverse());
  }

  return { node, render };
}

/**
 * @param {Line} line
 * @param {number} now
 * @param {Say} say
 */
function lineNode(line, now, say) {
  const text = el('div', { class: 'line-text' }, el('span', { class: 'line-words' }, line.words));
  if (line.raw) text.append(' ', el('code', { class: 'raw' }, line.raw));
  if (line.more) text.append(el('span', { class: 'line-more' }, line.more));
  const time = el('time', { class: 'line-time' }, clock(line.at, now, say.language, true));
  const by = line.by ? el('span', { class: 'line-by', title: line.account || null }, line.by) : null;
  return el('li', { class: 'line', 'data-tone': line.tone }, time, text, by);
}
