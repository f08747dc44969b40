/** @import { EnvironmentView } from './types.js' */
/** @import { Table } from './store.js' */
/** @import { Say } from './words/say.js' */
/** @import { Tab } from './tabs.js' */
import { button, el, setAttribute, setDigits } from './dom.js';
import { icon, setSteps, stepsGlyph } from './icons.js';
import { needsToken } from './situation.js';
import { digitGroups } from './text.js';

/** Training ids that show one course each. */
const TRY = [1001, 2001, 3001, 4001, 5001, 6001, 7001, 8001, 9001];

/** As many rows as a list begins with at the least height of the window. */
const GHOSTS = 4;

/**
 * Why the list is empty, and what it takes to paint that.
 *
 * @typedef {{ why: 'first', environment: EnvironmentView }
 *   | { why: 'opening' | 'unread' }
 *   | { why: 'group', tab: Tab, elsewhere: string }
 *   | { why: 'search', query: string, elsewhere: number }} Emptiness
 *
 * @typedef {object} EmptyEvents
 * @property {() => void} onToken
 * @property {() => void} onTrainingToken
 * @property {(id?: number) => void} onAdd
 * @property {() => void} onClearSearch
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
  const { name, kind, token } = emptiness.environment;
  return `first ${name} ${kind} ${needsToken(token)}`;
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
      return firstSteps(emptiness.environment, events, say);
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

/**
 * @param {EnvironmentView} environment
 * @param {EmptyEvents} events
 * @param {Say} say
 */
function firstSteps(environment, events, say) {
  const training = environment.kind === 'training';
  const ready = !needsToken(environment.token);
  const glyph = stepsGlyph();
  setSteps(glyph, ['done', 'go', 'todo']);
  const heading = training ? 'empty.training' : 'empty';
  return [
    el(
      'div',
      { class: 'first', 'data-tone': 'accent' },
      glyph,
      el('h1', {}, say(`${heading}.title`)),
      el('p', { class: 'first-lead' }, say(`${heading}.lead`)),
      el('ol', { class: 'first-steps' }, tokenStep(environment, ready, events, say), addStep(training, ready, events, say)),
    ),
  ];
}

/**
 * @param {number} n
 * @param {string} state
 * @param {string} title
 * @param {Say} say
 * @param {...Node} children
 */
function stepNode(n, state, title, say, ...children) {
  const number = el('span', { class: 'first-number', 'aria-hidden': 'true' });
  number.append(state === 'done' ? icon('check') : String(n));
  const heading = el('h2', {}, el('span', { class: 'unseen' }, `${say('empty.step', { n })}: `), title);
  return el('li', { class: 'first-step', 'data-state': state }, number, el('div', {}, heading, ...children));
}

/**
 * @param {EnvironmentView} environment
 * @param {boolean} ready
 * @param {EmptyEvents} events
 * @param {Say} say
 */
function tokenStep({ kind, token }, ready, events, say) {
  const title = say('empty.token.title');
  if (ready) return stepNode(1, 'done', title, say, el('p', {}, say('empty.token.done')));
  const training = kind === 'training';
  const [words, does] = token.command === null ? [training ? 'empty.token.training' : 'empty.token.real', 'do.enter-token'] : ['token.command.about', 'token.button'];
  const press = training
    ? button({ class: 'strong', id: 'first-token' }, events.onTrainingToken, say('empty.token.use'))
    : button({ class: 'strong', id: 'first-token' }, events.onToken, say(does));
  return stepNode(1, 'now', title, say, el('p', {}, say(words)), press);
}

/**
 * @param {boolean} training
 * @param {boolean} ready
 * @param {EmptyEvents} events
 * @param {Say} say
 */
function addStep(training, ready, events, say) {
  const state = ready ? 'now' : 'next';
  const title = say('empty.add.title');
  if (!training) {
    const press = button({ class: ready ? 'strong' : 'quiet', id: 'first-add' }, () => events.onAdd(), say('empty.add.button'));
    return stepNode(2, state, title, say, el('p', {}, say('empty.add.real')), press);
  }
  const ids = TRY.map((id) => {
    const digits = el('span', { class: 'try-id' });
    setDigits(digits, digitGroups(id));
    const press = button({ class: 'try', 'data-try': id }, () => events.onAdd(id), digits, ' ', el('span', {}, say(`try.${id}`)));
    return el('li', {}, press);
  });
  return stepNode(2, state, title, say, el('p', {}, say('empty.add.training')), el('ul', { class: 'tries', role: 'list' }, ...ids));
}
