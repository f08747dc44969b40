/** @import { EnvironmentView, Problem } from './types.js' */
/** @import { Reaching } from './reaching.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setDigits } from './dom.js';
import { icon, setSteps, stepsGlyph } from './icons.js';
import { problemWords } from './rows.js';
import { needsToken } from './situation.js';
import { digitGroups } from './text.js';

/** Training ids that show one course each. */
const TRY = [1001, 2001, 3001, 4001, 5001, 6001, 7001, 8001, 9001];

/**
 * What mends itself as soon as the way is there. The words of other problems say whom to tell.
 *
 * @type {ReadonlySet<Problem['kind']>}
 */
const NETWORK = new Set(['name', 'connect', 'timeout', 'reset', 'proxy-unreachable', 'server-error']);

/**
 * What the way to the first customer depends on.
 *
 * @typedef {object} FirstView
 * @property {EnvironmentView} environment
 * @property {boolean} expired whether its token says so of itself
 * @property {Reaching | null} reaching null before the gateway was asked
 *
 * @typedef {object} FirstEvents
 * @property {() => void} onToken
 * @property {() => void} onTrainingToken
 * @property {(id?: number) => void} onAdd
 * @property {() => void} onReach
 *
 * @typedef {'next' | 'now' | 'done' | 'trouble'} State of a step
 */

/**
 * @param {FirstView} view
 * @param {FirstEvents} events
 * @param {Say} say
 */
export function firstSteps(view, events, say) {
  const { environment, expired } = view;
  const training = environment.kind === 'training';
  const ready = !needsToken(environment.token) && !expired;
  const glyph = stepsGlyph();
  setSteps(glyph, ['done', 'go', 'todo']);
  const heading = training ? 'empty.training' : 'empty';
  const steps = [...(training ? [] : [gatewayStep(view, events, say)]), tokenStep(view, ready, events, say), addStep(training, ready, events, say)];
  const numbered = steps.map(({ state, title, parts }, at) => stepNode(at + 1, state, title, say, ...parts));
  return [
    el(
      'div',
      { class: 'first', 'data-tone': 'accent' },
      glyph,
      el('h1', {}, say(`${heading}.title`)),
      el('p', { class: 'first-lead' }, say(`${heading}.lead`)),
      el('ol', { class: 'first-steps' }, ...numbered),
    ),
  ];
}

/**
 * @param {number} n
 * @param {State} state
 * @param {string} title
 * @param {Say} say
 * @param {...Node} parts
 */
function stepNode(n, state, title, say, ...parts) {
  const number = el('span', { class: 'first-number', 'aria-hidden': 'true' });
  number.append(state === 'done' ? icon('check') : state === 'trouble' ? '!' : String(n));
  const heading = el('h2', {}, el('span', { class: 'unseen' }, `${say('empty.step', { n })}: `), title);
  return el('li', { class: 'first-step', 'data-state': state }, number, el('div', {}, heading, ...parts));
}

/**
 * @param {FirstView} view
 * @param {FirstEvents} events
 * @param {Say} say
 * @returns {{ state: State, title: string, parts: Node[] }}
 */
function gatewayStep({ environment: { gateway }, reaching }, events, say) {
  const title = say('empty.gateway.title');
  if (!reaching || reaching.reach === 'asking') return { state: 'now', title, parts: [el('p', {}, say('empty.gateway.asking', { gateway }))] };
  if (reaching.reach === 'answers') return { state: 'done', title, parts: [el('p', {}, say('empty.gateway.done', { gateway }))] };
  const again = button({ class: 'quiet', id: 'first-reach' }, events.onReach, say('empty.gateway.again'));
  if (reaching.reach === 'unasked') return { state: 'trouble', title, parts: [el('p', { class: 'first-why', role: 'alert' }, say('notice.failed')), again] };
  const why = el('p', { class: 'first-why', role: 'alert' }, say('empty.gateway.silent', { gateway }), ' ', el('strong', {}, problemWords(reaching.problem, say)));
  const more = [NETWORK.has(reaching.problem.kind) ? say('empty.gateway.network') : null, say('empty.gateway.meanwhile')];
  return { state: 'trouble', title, parts: [why, el('p', {}, more.filter(Boolean).join(' ')), again] };
}

/**
 * @param {FirstView} view
 * @param {boolean} ready
 * @param {FirstEvents} events
 * @param {Say} say
 * @returns {{ state: State, title: string, parts: Node[] }}
 */
function tokenStep({ environment: { kind, token }, expired }, ready, events, say) {
  const title = say('empty.token.title');
  const training = kind === 'training';
  if (ready) {
    // Only a poll finds out, and training's own tokens are as good as they look.
    const words = training || token.state === 'accepted' ? 'empty.token.done' : 'empty.token.unchecked';
    return { state: 'done', title, parts: [el('p', {}, say(words))] };
  }
  const about = expired ? 'empty.token.expired' : training ? 'empty.token.training' : 'empty.token.real';
  const [words, does] = token.command === null ? [about, 'do.enter-token'] : ['token.command.about', 'token.button'];
  const press = training
    ? button({ class: 'strong', id: 'first-token' }, events.onTrainingToken, say('empty.token.use'))
    : button({ class: 'strong', id: 'first-token' }, events.onToken, say(does));
  return { state: expired ? 'trouble' : 'now', title, parts: [el('p', {}, say(words)), press] };
}

/**
 * @param {boolean} training
 * @param {boolean} ready
 * @param {FirstEvents} events
 * @param {Say} say
 * @returns {{ state: State, title: string, parts: Node[] }}
 */
function addStep(training, ready, events, say) {
  const state = ready ? 'now' : 'next';
  const title = say('empty.add.title');
  if (!training) {
    const press = button({ class: ready ? 'strong' : 'quiet', id: 'first-add' }, () => events.onAdd(), say('empty.add.button'));
    return { state, title, parts: [el('p', {}, say('empty.add.real')), press] };
  }
  const ids = TRY.map((id) => {
    const digits = el('span', { class: 'try-id' });
    setDigits(digits, digitGroups(id));
    const press = button({ class: 'try', 'data-try': id }, () => events.onAdd(id), digits, ' ', el('span', {}, say(`try.${id}`)));
    return el('li', {}, press);
  });
  return { state, title, parts: [el('p', {}, say('empty.add.training')), el('ul', { class: 'tries', role: 'list' }, ...ids)] };
}
