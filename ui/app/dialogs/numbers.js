/** @import { EnvironmentView, Numbers } from '../types.js' */
/** @import { NumbersView } from '../numbers.js' */
/** @import { Say } from '../words/say.js' */
import { el, setText, setTextOrHide } from '../dom.js';
import { midnight, numbersView } from '../numbers.js';
import { createPlot } from '../plot.js';
import { whereLine } from './add-parts.js';
import { createFrame } from './frame.js';

/** As often as this the numbers are read anew while they are looked at. */
const AGAIN_MS = 5_000;

/**
 * The day in numbers. They are asked for while somebody looks, and never otherwise.
 */
export function createNumbersDialog() {
  const frame = createFrame('numbers-dialog');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** Tells the opening that is still looked at from one that is over. */
  let opening = 0;

  frame.dialog.addEventListener('close', () => {
    clearTimeout(timer);
    opening += 1;
    frame.body.replaceChildren();
  });

  /**
   * @param {EnvironmentView} environment
   * @param {(since: number) => Promise<Numbers>} read
   * @param {Say} say
   */
  function open(environment, read, say) {
    const content = contentFor(say);
    const where = whereLine(environment, say);
    where.append(el('span', { class: 'numbers-since' }, say('numbers.since')));
    frame.open(say('numbers.title'), say, where, content.state, content.node);
    opening += 1;
    void look(opening);

    /** @param {number} own */
    async function look(own) {
      if (!document.hidden) {
        const now = Date.now();
        const since = midnight(now);
        try {
          const numbers = await read(since);
          if (own === opening) content.render(numbersView(numbers, since, now, say));
        } catch {
          if (own === opening) content.fail();
        }
      }
      if (own === opening) timer = setTimeout(() => void look(own), AGAIN_MS);
    }
  }

  return { dialog: frame.dialog, open };
}

/** @param {Say} say */
function contentFor(say) {
  const state = el('p', { class: 'dialog-text numbers-state', role: 'status' }, say('numbers.loading'));
  const tiles = el('dl', { class: 'numbers-tiles' });
  const plots = el('div', { class: 'numbers-plots' });
  const foot = el('p', { class: 'field-hint' });
  const node = el('div', { class: 'numbers', hidden: true }, tiles, plots, foot);
  /** @type {Map<string, ReturnType<typeof createPlot>>} */
  const made = new Map();

  /** @param {NumbersView} view */
  function render(view) {
    node.hidden = false;
    setTextOrHide(state, view.trouble);
    tiles.replaceChildren(...view.tiles.map(tileNode));
    for (const plot of view.plots) {
      const one = made.get(plot.id) ?? createPlot(plot.id, say('numbers.table'));
      if (!made.has(plot.id)) plots.append(one.node);
      made.set(plot.id, one);
      one.render(plot);
    }
    setText(foot, view.foot);
  }

  function fail() {
    state.hidden = false;
    setText(state, say('numbers.failed'));
  }

  return { state, node, render, fail };
}

/** @param {import('../numbers.js').Tile} tile */
function tileNode({ name, value, words, more }) {
  const figure = words === '' ? value : el('span', {}, el('span', { 'aria-hidden': 'true' }, value), el('span', { class: 'unseen' }, words));
  return el('div', { class: 'numbers-tile' }, el('dt', {}, name), el('dd', { class: 'numbers-value' }, figure), el('dd', { class: 'field-hint' }, more));
}
