/** @import { EnvironmentView, Problem, Row } from './types.js' */
/** @import { Say } from './words/say.js' */
/** @import { Press } from './actions.js' */
/** @import { Group, Shape, Situation, Tone } from './situation.js' */
import { ASKS_GATEWAY, mainAction } from './actions.js';
import { isHidden, numberOf } from './numbers-hidden.js';
import { about, isOver, shapesOf, situationOf } from './situation.js';
import { digitGroups, visible } from './text.js';
import { atClock, rest, span, wholeSeconds } from './time.js';

/** From here on the bar of the time left asks for attention. */
const LITTLE_LEFT = 0.2;

/**
 * One row as it is painted.
 *
 * @typedef {object} RowView
 * @property {Row} row
 * @property {Situation} situation
 * @property {Group} group
 * @property {Tone} tone
 * @property {[Shape, Shape, Shape]} shapes
 * @property {string} who label, or the number where there is none
 * @property {string} label
 * @property {string[]} digits
 * @property {boolean} hidden whether its number is
 * @property {string} type
 * @property {string} place empty at the desk, the usual case
 * @property {string} words
 * @property {string} raw the gateway's own value, empty where there is none
 * @property {string} detail cause, reason or problem, empty where there is none
 * @property {string} look when the gateway is asked once more, empty where nobody planned that
 * @property {string} since
 * @property {boolean} ticking
 * @property {Left | null} left
 * @property {MainView | null} main
 * @property {import('./unsaved.js').Unsaved} unsaved
 * @property {boolean | null} chosen whether it is among several; null where none are being chosen
 * @property {string} locked why nothing of it may be changed, empty where it may
 *
 * @typedef {{ fraction: number, text: string, held: boolean, little: boolean }} Left
 * @typedef {{ press: Press, words: string, strong: boolean, busy: boolean }} MainView
 */

/**
 * @param {Row} row
 * @param {number} now
 * @param {Say} say
 * @param {EnvironmentView | null} environment
 * @param {import('./unsaved.js').Unsaved} [unsaved]
 * @param {string} [locked]
 * @returns {RowView}
 */
export function viewOf(row, now, say, environment, unsaved = null, locked = '') {
  const situation = situationOf(row, now);
  const { group, tone } = about(situation);
  const over = isOver(row);
  return {
    row,
    situation,
    group,
    tone,
    shapes: shapesOf(row, situation),
    who: whoOf(row),
    label: visible(row.label),
    digits: isHidden(row) ? [numberOf(row)] : digitGroups(row.id),
    hidden: isHidden(row),
    type: say(`type.${row.userType}`),
    place: row.place === 'remote' ? say('place.remote') : '',
    words: stateWords(row, situation, now, say),
    raw: rawOf(row),
    detail: detailOf(row, situation, now, say, environment),
    look: row.lookAt === null ? '' : say('row.look', { when: atClock(row.lookAt, now, say) }),
    since: over ? atClock(row.since, now, say) : span(now - row.since, say),
    ticking: !over,
    left: leftOf(row, now, say),
    main: mainOf(row, situation, say, environment),
    unsaved,
    chosen: null,
    locked,
  };
}

/**
 * Why a button of a row would do nothing; empty where it does something. A token is no part of the
 * list, and can be entered all the same.
 *
 * @param {RowView} view
 * @param {Press} press
 */
export function lockOf({ locked }, press) {
  return press === 'enter-token' ? '' : locked;
}

/** @param {Row} row */
export function whoOf(row) {
  return row.label === '' ? numberOf(row) : visible(row.label);
}

/**
 * @param {Row} row
 * @param {Situation} situation
 * @param {number} now
 * @param {Say} say
 */
function stateWords(row, situation, now, say) {
  const retryAt = row.problem?.retryAt;
  if (situation !== 'gateway-trouble' || retryAt == null) return say(`state.${situation}`);
  return say('state.gateway-trouble.next', { n: wholeSeconds(retryAt - now) });
}

/** @param {Row} row */
function rawOf(row) {
  if (row.step.step === 'ended' && row.step.miss.outcome === 'failed') return visible(row.step.miss.status);
  return row.status === null ? '' : visible(row.status);
}

/**
 * @param {Row} row
 * @param {Situation} situation
 * @param {number} now
 * @param {Say} say
 * @param {EnvironmentView | null} environment
 */
function detailOf(row, situation, now, say, environment) {
  if (row.step.step === 'ended') {
    const { miss } = row.step;
    // The console ended then, as far as that is known.
    const closed = miss.outcome === 'interrupted' && miss.why === 'closed';
    return closed ? say('interrupted.closed.at', { when: atClock(row.since, now, say) }) : endDetail(miss, say);
  }
  if (situation === 'signed') return visible(environment?.nextStep ?? '');
  if (!row.problem) return '';
  const words = problemWords(row.problem.problem, say);
  const { retryAt } = row.problem;
  // Where the words of the state already count down to the next try, the figure stands once.
  if (situation === 'gateway-trouble' || retryAt === null || retryAt <= now) return words;
  return `${words} ${say('row.next-try', { n: wholeSeconds(retryAt - now) })}`;
}

/**
 * @param {Extract<Row['step'], { step: 'ended' }>['miss']} miss
 * @param {Say} say
 */
export function endDetail(miss, say) {
  switch (miss.outcome) {
    case 'timed-out':
      return say(`cause.${miss.cause}`);
    case 'rejected':
      return problemWords(miss.problem, say);
    case 'blocked-url':
      return `${say.code('rule', miss.rule)} ${hostWords(miss.host, say)}`;
    case 'gave-up':
      return say(`gave-up.${miss.reason}`);
    case 'interrupted':
      return say(`interrupted.${miss.why}`);
    default:
      return '';
  }
}

/**
 * The HTTP status, what it means, and what the gateway says about it.
 *
 * @param {Problem} problem
 * @param {Say} say
 */
export function problemWords(problem, say) {
  const parts = [];
  if (problem.http !== null) parts.push(say('row.http', { http: problem.http }));
  parts.push(problem.detail ? visible(problem.detail) : say.code('problem', problem.kind));
  return parts.join(' · ');
}

/**
 * @param {string | null} host
 * @param {Say} say
 */
export function hostWords(host, say) {
  return host === null ? say('rule.no-host') : say('rule.host', { host: visible(host) });
}

/**
 * @param {Row} row
 * @param {number} now
 * @param {Say} say
 * @returns {Left | null}
 */
function leftOf({ step }, now, say) {
  if (step.step !== 'pre-sign' && step.step !== 'post-sign') return null;
  const { time } = step;
  const held = time.clock === 'held';
  const ms = time.clock === 'running' ? time.deadline - now : time.clock === 'held' ? time.leftMs : time.capMs;
  const fraction = Math.min(1, Math.max(0, ms / Math.max(1, time.capMs)));
  return { fraction, text: rest(ms, say), held, little: !held && fraction <= LITTLE_LEFT };
}

/**
 * @param {Row} row
 * @param {Situation} situation
 * @param {Say} say
 * @param {EnvironmentView | null} environment
 * @returns {MainView | null}
 */
function mainOf(row, situation, say, environment) {
  const main = mainAction(row, situation, environment?.token ?? null);
  if (!main) return null;
  const busy = row.busy && ASKS_GATEWAY.has(main.press);
  return {
    press: main.press,
    strong: main.strong,
    busy,
    words: busy ? say(`do.busy.${main.press}`) : say(`do.${main.words}`),
  };
}

/**
 * What may be said to the customer; empty where an agent had better ask first.
 *
 * @param {Situation} situation
 * @param {Say} say
 */
export function customerWords(situation, say) {
  const key = `customer.${situation.replace(/^(timed-out|failed)-[ab]$/, '$1')}`;
  return say.has(key) ? say(key) : '';
}

/**
 * @param {Row} row
 * @param {Situation} situation
 * @param {Say} say
 */
export function explanation(row, situation, say) {
  if (situation === 'ready') return say(`explain.ready.${row.place}`);
  const miss = row.step.step === 'ended' ? row.step.miss : null;
  return situation === 'interrupted' && miss?.outcome === 'interrupted' ? say(`explain.interrupted.${miss.why}`) : say(`explain.${situation}`);
}
