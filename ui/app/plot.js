/** @import { Plot } from './numbers.js' */
import { el, setAttribute, setText, setTextOrHide } from './dom.js';
import { svg } from './icons.js';

/** In units of the drawing, which fills the width it has. */
const HEIGHT = 136;
const FOOT = 112;
const TOP = 20;
const WIDEST_BAR = 48;
/** However few, they can be seen. */
const LOWEST_BAR = 2;

/**
 * A plot of bars with the table behind it. It is painted anew in its place, so that a table that
 * somebody opened stays open.
 *
 * @param {string} id
 * @param {string} tableWords
 */
export function createPlot(id, tableWords) {
  const heading = el('h3', { class: 'plot-title', id: `plot-${id}` });
  const about = el('p', { class: 'field-hint' });
  const empty = el('p', { class: 'plot-empty' });
  const title = svg('title', { id: `plot-${id}-title` });
  const desc = svg('desc', { id: `plot-${id}-desc` });
  const bars = svg('g', {});
  const drawing = svg('svg', { class: 'plot', role: 'img', 'aria-labelledby': title.id, 'aria-describedby': desc.id, focusable: 'false' }, title, desc, bars);
  const caption = el('caption', { class: 'unseen' });
  const head = el('tr');
  const lines = el('tbody');
  const whose = el('span', { class: 'unseen' });
  const table = el('table', { class: 'plot-table' }, caption, el('thead', {}, head), lines);
  const details = el('details', { class: 'plot-behind' }, el('summary', {}, tableWords, whose), table);
  const node = el('section', { class: 'plot-part', 'aria-labelledby': heading.id }, heading, about, empty, drawing, details);

  /** @param {Plot} plot */
  function render(plot) {
    setAttribute(node, 'data-wide', plot.wide);
    setText(heading, plot.title);
    setTextOrHide(about, plot.about);
    setTextOrHide(empty, plot.empty);
    title.textContent = plot.title;
    desc.textContent = plot.desc;
    setText(caption, plot.title);
    setText(whose, `: ${plot.title}`);
    for (const one of [drawing, details]) setAttribute(one, 'hidden', plot.empty !== '');
    draw(plot);
    head.replaceChildren(...plot.columns.map((words) => el('th', { scope: 'col' }, words)));
    lines.replaceChildren(...plot.bars.map((bar) => el('tr', {}, el('th', { scope: 'row' }, bar.words), el('td', {}, bar.value))));
  }

  /** @param {Plot} plot */
  function draw(plot) {
    const width = plot.wide ? 736 : 356;
    setAttribute(drawing, 'viewBox', `0 0 ${width} ${HEIGHT}`);
    const most = Math.max(1, ...plot.bars.map((bar) => bar.n));
    const room = width / plot.bars.length;
    const wide = Math.min(room * 0.72, WIDEST_BAR);
    const marks = plot.bars.flatMap((bar, at) => {
      const middle = (at + 0.5) * room;
      const high = bar.n === 0 ? 0 : Math.max(LOWEST_BAR, (bar.n / most) * (FOOT - TOP));
      const told = svg('title', {});
      told.textContent = `${bar.words}: ${bar.value}`;
      return [
        high > 0 ? svg('rect', { class: 'plot-bar', x: middle - wide / 2, y: FOOT - high, width: wide, height: high, rx: Math.min(3, high / 2) }, told) : null,
        bar.n > 0 ? word(bar.value, middle, FOOT - high - 6, 'plot-value') : null,
        word(bar.mark, middle, FOOT + 17, 'plot-mark'),
      ];
    });
    const ground = svg('line', { class: 'plot-ground', x1: 0, x2: width, y1: FOOT + 0.5, y2: FOOT + 0.5 });
    bars.replaceChildren(...marks.filter((one) => one !== null), ground);
  }

  return { node, render };
}

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {string} kind
 */
function word(words, x, y, kind) {
  if (words === '') return null;
  const node = svg('text', { class: kind, x, y, 'text-anchor': 'middle' });
  node.textContent = words;
  return node;
}
