/** @import { FirstEvents, FirstView } from './first-steps.js' */
/** @import { Table } from './store.js' */
/** @import { Say } from './words/say.js' */
/** @import { Tab } from './tabs.js' */
import { button, el, setAttribute } from './dom.js';
import { firstSteps } from './first-steps.js';
import { setSteps, stepsGlyph } from './icons.js';

/** As many rows as a list begins with at the least height of the window. */
const GHOSTS = 4;

/**
 * Why the list is empty, and what it takes to paint that.
 *
 * @typedef {{ why: 'first' } & FirstView
 *   | { why: 'opening' | 'unread' }
 *   | { why: 'group', tab: Tab, elsewhere: string }
 *   | { why: 'search', query: string, elsewhere: number }} Emptiness
 *
 * @typedef {FirstEvents & { onClearSearch: () => void }} EmptyEvents
 */

/**
 * Why there may be more than an empty list shows; null where it is empty indeed.
 *
 * @param {Table} table
 * @returns {Emptiness | null}
 */
export function unreadList({ journal }) {
  if (journal.health === 'opening') return { why: 'opening' };
  // Nothing was ever saved since the start: it has not been opened at all, as far as can be told.
  return journal.health === 'troubled' && journal.saved === null ? { why: 'unread' } : null;
}

/** @param {EmptyEvents} events */
export function createEmpty(events) {
  const node = el('div', { class: 'empty', id: 'empty', hidden: true });
  let painted = '';

  /**
   * @param {Emptiness | null} emptiness
   * @param {Say} say
   */
  function render(emptiness, say) {
    const is = emptiness === null ? '' : `${say.language} ${fingerprint(emptiness)}`;
    if (is === painted) return;
    painted = is;
    node.hidden = emptiness === null;
    setAttribute(node, 'data-why', emptiness?.why);
    const hadFocus = node.contains(document.activeElement);
    node.replaceChildren(...(emptiness ? contents(emptiness, events, say) : []));
    // The step that was pressed is done: the next one is what the hand wants.
    if (hadFocus) /** @type {HTMLElement | null} */ (node.querySelector('button'))?.focus();
  }

  return { node, render };
}

/** @param {Emptiness} emptiness */
function fingerprint(emptiness) {
  if (emptiness.why !== 'first') return JSON.stringify(emptiness);
  const { environment, ...rest } = emptiness;
  const { name, kind, token } = environment;
  return JSON.stringify([name, kind, token.state, token.command === null, rest]);
}

/**
 * @param {Emptiness} emptiness
 * @param {EmptyEvents} events
 * @param {Say} say
 * @returns {Node[]}
 */
function contents(emptiness, events, say) {
  switch (emptiness.why) {
    case 'first':
      return firstSteps(emptiness, events, say);
    case 'opening':
      return opening(say);
    case 'unread':
      return [el('p', { class: 'empty-words' }, say('empty.unread')), el('p', { class: 'empty-more' }, say('empty.unread.more'))];
    case 'group':
      return [
        el('p', { class: 'empty-words' }, say(`empty.group.${emptiness.tab}`)),
        el('p', { class: 'empty-more' }, emptiness.elsewhere),
      ];
    case 'search': {
      const { query, elsewhere } = emptiness;
      const more = elsewhere > 0 ? el('p', { class: 'empty-more' }, say.count('empty.search.elsewhere', elsewhere)) : null;
      const clear = button({ class: 'quiet' }, events.onClearSearch, say('empty.search.clear'));
      return [el('p', { class: 'empty-words' }, say('empty.search', { query })), ...(more ? [more] : []), clear];
    }
  }
}

/**
 * The places of rows to come. Nothing in them moves.
 *
 * @param {Say} say
 */
function opening(say) {
  const ghosts = Array.from({ length: GHOSTS }, () => {
    const glyph = stepsGlyph();
    setSteps(glyph, ['todo', 'todo', 'todo']);
    return el('li', { class: 'ghost' }, glyph, el('span', { class: 'ghost-text' }), el('span', { class: 'ghost-button' }));
  });
  return [
    el('p', { class: 'opening-words', role: 'status' }, say('empty.opening')),
    el('ul', { class: 'ghosts', 'aria-hidden': 'true' }, ...ghosts),
  ];
}
