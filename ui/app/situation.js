/** @import { Miss, Row, StepView, TokenView } from './types.js' */

/**
 * A situation is what an agent needs to know of an enrollment in one word: its step, or what stands
 * in the way of it, or how it ended. Words, shape, colour, group and main action all hang on it.
 *
 * @typedef {'expected' | 'pre-sign' | 'ready' | 'new-link-needed' | 'signing' | 'signing-long'
 *   | 'post-sign' | 'not-signed' | 'signed' | 'handed-on' | 'needs-token' | 'offline'
 *   | 'gateway-trouble' | 'unknown-status' | 'timed-out-a' | 'timed-out-b' | 'failed-a' | 'failed-b'
 *   | 'rejected' | 'blocked-url' | 'unauthorized' | 'gave-up' | 'stopped' | 'wrong-id'
 *   | 'interrupted' | 'handed-over'} Situation
 *
 * @typedef {'needs-me' | 'waiting' | 'trouble' | 'done'} Group
 * @typedef {'neutral' | 'accent' | 'good' | 'attention' | 'bad'} Tone
 *
 * @typedef {'todo' | 'done' | 'person' | 'half' | 'go' | 'held' | 'cut' | 'late' | 'unknown' | 'alarm'
 *   | 'cross' | 'bar' | 'block' | 'lock' | 'left' | 'stop' | 'wrong' | 'broken'} Shape
 */

/** After this time in signing an enrollment asks for a hand. */
export const SIGNING_IS_LONG_MS = 10 * 60 * 1000;

/** @type {readonly Group[]} */
export const GROUPS = ['needs-me', 'waiting', 'trouble', 'done'];

/**
 * Being offline is a matter of the whole environment that mends itself, so its rows stay calm
 * among the waiting ones and the banner speaks for all of them.
 *
 * @type {Readonly<Record<Situation, { group: Group, tone: Tone, shape: Shape }>>}
 */
const ABOUT = {
  'expected': { group: 'waiting', tone: 'neutral', shape: 'person' },
  'pre-sign': { group: 'waiting', tone: 'neutral', shape: 'half' },
  'ready': { group: 'needs-me', tone: 'accent', shape: 'go' },
  'new-link-needed': { group: 'needs-me', tone: 'accent', shape: 'go' },
  'signing': { group: 'waiting', tone: 'neutral', shape: 'person' },
  'signing-long': { group: 'needs-me', tone: 'attention', shape: 'late' },
  'post-sign': { group: 'waiting', tone: 'neutral', shape: 'half' },
  'not-signed': { group: 'needs-me', tone: 'attention', shape: 'alarm' },
  'signed': { group: 'needs-me', tone: 'good', shape: 'go' },
  'handed-on': { group: 'done', tone: 'good', shape: 'done' },
  'needs-token': { group: 'needs-me', tone: 'attention', shape: 'held' },
  'offline': { group: 'waiting', tone: 'attention', shape: 'cut' },
  'gateway-trouble': { group: 'trouble', tone: 'attention', shape: 'alarm' },
  'unknown-status': { group: 'trouble', tone: 'attention', shape: 'unknown' },
  'timed-out-a': { group: 'trouble', tone: 'attention', shape: 'late' },
  'timed-out-b': { group: 'trouble', tone: 'attention', shape: 'late' },
  'failed-a': { group: 'trouble', tone: 'bad', shape: 'cross' },
  'failed-b': { group: 'trouble', tone: 'bad', shape: 'cross' },
  'rejected': { group: 'trouble', tone: 'bad', shape: 'bar' },
  'blocked-url': { group: 'trouble', tone: 'bad', shape: 'block' },
  'unauthorized': { group: 'trouble', tone: 'bad', shape: 'lock' },
  'gave-up': { group: 'done', tone: 'neutral', shape: 'left' },
  'stopped': { group: 'done', tone: 'neutral', shape: 'stop' },
  'wrong-id': { group: 'done', tone: 'neutral', shape: 'wrong' },
  'interrupted': { group: 'trouble', tone: 'attention', shape: 'broken' },
  'handed-over': { group: 'done', tone: 'neutral', shape: 'left' },
};

/** @type {readonly Situation[]} */
export const SITUATIONS = /** @type {Situation[]} */ (Object.keys(ABOUT));

/** @param {Situation} situation */
export function about(situation) {
  return ABOUT[situation];
}

/**
 * @param {Row} row
 * @param {number} now
 * @returns {Situation}
 */
export function situationOf(row, now) {
  const { step } = row;
  switch (step.step) {
    case 'signing':
      return now - row.since >= SIGNING_IS_LONG_MS ? 'signing-long' : 'signing';
    case 'pre-sign':
    case 'post-sign':
      return watched(row, step);
    case 'ended':
      return ended(step.miss, step.phase === 'pre-sign');
    default:
      return step.step;
  }
}

/**
 * What stands still comes before what only stumbles.
 *
 * @param {Row} row
 * @param {Extract<StepView, { step: 'pre-sign' | 'post-sign' }>} step
 * @returns {Situation}
 */
function watched(row, step) {
  if (step.time.clock === 'held') return step.time.why;
  if (step.step === 'post-sign' && step.notSigned) return 'not-signed';
  if (row.problem) return 'gateway-trouble';
  return row.statusKnown ? step.step : 'unknown-status';
}

/**
 * @param {Miss} miss
 * @param {boolean} first whether it ended in the first phase
 * @returns {Situation}
 */
function ended(miss, first) {
  switch (miss.outcome) {
    case 'timed-out':
      return first ? 'timed-out-a' : 'timed-out-b';
    case 'failed':
      return first ? 'failed-a' : 'failed-b';
    case 'interrupted':
      return miss.why === 'handed-over' ? miss.why : miss.outcome;
    default:
      return miss.outcome;
  }
}

/**
 * Whether its time in its state counts no more.
 *
 * @param {Row} row
 */
export function isOver({ step }) {
  return step.step === 'ended' || step.step === 'handed-on';
}

/**
 * When the passing of time alone changes the situation next; null where it does not.
 *
 * @param {Row} row
 * @param {number} now
 */
export function turnsAt(row, now) {
  if (row.step.step !== 'signing') return null;
  const at = row.since + SIGNING_IS_LONG_MS;
  return at > now ? at : null;
}

/**
 * The three steps (identification, signing, done) as shapes.
 *
 * @param {Row} row
 * @param {Situation} situation
 * @returns {[Shape, Shape, Shape]}
 */
export function shapesOf(row, situation) {
  const { shape } = about(situation);
  switch (stepNumber(row)) {
    case 1:
      return [shape, 'todo', 'todo'];
    case 2:
      return ['done', shape, 'todo'];
    default:
      return ['done', 'done', shape];
  }
}

/**
 * @param {Row} row
 * @returns {1 | 2 | 3}
 */
export function stepNumber({ step }) {
  switch (step.step) {
    case 'expected':
    case 'pre-sign':
      return 1;
    case 'ready':
    case 'new-link-needed':
    case 'signing':
    case 'post-sign':
      return 2;
    case 'signed':
    case 'handed-on':
      return 3;
    case 'ended':
      return step.phase === 'pre-sign' ? 1 : 2;
  }
}

/**
 * Whether a token has to come from somebody before anything is polled.
 *
 * @param {TokenView} token
 */
export function needsToken(token) {
  return !['reading', 'unchecked', 'accepted'].includes(token.state);
}
