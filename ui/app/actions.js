/** @import { Action, Row, TokenView, Way } from './types.js' */
/** @import { Situation } from './situation.js' */
import { needsToken } from './situation.js';

/**
 * The actions as buttons: the host's own but for notes, which have a place to be written in;
 * entering a token, giving up split by its two reasons, and a link by its three ways out.
 *
 * @typedef {Exclude<Action['do'], 'gave-up' | 'restore' | 'returned' | 'reveal' | 'look-again' | 'note' | 'hand-over'> | 'gave-up-fail-page'
 *   | 'gave-up-said-so' | 'look-again' | 'enter-token' | 'open' | 'copy-link' | 'show-qr'} Press
 *
 * @typedef {object} MainAction
 * @property {Press} press
 * @property {string} words key of its words
 * @property {boolean} strong filled with the accent: this is what the list waits for
 */

/**
 * The one main action of a row, or null where there is nothing to do but wait.
 *
 * For a remote customer a link is never opened from the list: it belongs in the customer's own
 * browser, which it reaches by being copied.
 *
 * @param {Row} row
 * @param {Situation} situation
 * @param {TokenView | null} token
 * @returns {MainAction | null}
 */
export function mainAction(row, situation, token) {
  switch (situation) {
    case 'expected':
      return action('identification-finished', false);
    case 'ready':
      return action(row.place === 'desk' ? 'open' : 'copy-link', true);
    case 'new-link-needed':
      return action('new-link', true);
    case 'signing':
      return action('signing-finished', false);
    case 'signing-long':
      return action('signing-finished', true);
    case 'not-signed':
      if (!row.link) return action('new-link', true);
      return row.place === 'desk' ? action('open', true, 'open-again') : action('copy-link', true);
    case 'signed':
      return action('handed-on', true);
    case 'needs-token':
      return action('enter-token', true);
    case 'unauthorized':
      return token && needsToken(token) ? action('enter-token', true) : action('watch-again', false);
    case 'interrupted':
      return action('watch-again', true, 'resume');
    case 'handed-over':
      return action('watch-again', false, 'take-back');
    case 'timed-out-a':
    case 'timed-out-b':
    case 'failed-a':
    case 'failed-b':
    case 'rejected':
    case 'blocked-url':
    case 'gave-up':
    case 'stopped':
      return action('watch-again', false);
    default:
      return null;
  }
}

/**
 * @param {Press} press
 * @param {boolean} strong
 * @param {string} [words]
 * @returns {MainAction}
 */
function action(press, strong, words = press) {
  return { press, strong, words };
}

/** @type {Readonly<Record<Row['step']['step'], readonly Press[]>>} */
const FURTHER = {
  'expected': ['signing-finished'],
  'pre-sign': ['check-now', 'signing-finished'],
  'ready': ['open', 'copy-link', 'show-qr', 'new-link', 'look-again', 'signing-finished'],
  'new-link-needed': ['new-link', 'look-again', 'signing-finished'],
  'signing': ['open', 'copy-link', 'show-qr', 'new-link', 'check-now', 'look-again', 'signing-finished'],
  'post-sign': ['open', 'copy-link', 'show-qr', 'new-link', 'check-now'],
  'signed': [],
  'handed-on': [],
  'ended': ['check-now', 'look-again', 'watch-again', 'signing-finished'],
};

/** @type {readonly Press[]} */
const STOPPING = ['gave-up-fail-page', 'gave-up-said-so', 'wrong-id', 'stop', 'forget'];

/** @type {Readonly<Record<Row['step']['step'], readonly Press[]>>} */
const ENDINGS = {
  'expected': ['gave-up-fail-page', 'gave-up-said-so', 'wrong-id', 'remove', 'forget'],
  'pre-sign': STOPPING,
  'ready': STOPPING,
  'new-link-needed': STOPPING,
  'signing': STOPPING,
  'post-sign': STOPPING,
  'signed': ['wrong-id', 'remove', 'forget'],
  'handed-on': ['remove', 'forget'],
  'ended': ['remove', 'forget'],
};

/**
 * What else can be done, in the order of the pane: first what goes on, then what ends it.
 *
 * @param {Row} row
 * @param {MainAction | null} main left out, it stands above
 * @returns {{ further: Press[], endings: Press[] }}
 */
export function otherActions(row, main) {
  const { step } = row.step;
  const further = FURTHER[step].filter((press) => press !== main?.press && possible(row, press));
  return { further, endings: [...ENDINGS[step]] };
}

/**
 * @param {Row} row
 * @param {Press} press
 */
function possible(row, press) {
  if (wayOf(press)) return row.link !== null;
  if (row.step.step !== 'ended') return true;
  const { phase, miss } = row.step;
  // After a wrong id nothing goes on: the enrollment was never this customer's.
  if (miss.outcome === 'wrong-id') return false;
  return press !== 'signing-finished' || phase === 'pre-sign';
}

/**
 * Whether a press of the keyboard means something for this row: what the pane or the row offers.
 *
 * @param {Row} row
 * @param {MainAction | null} main
 * @param {Press} press
 */
export function offers(row, main, press) {
  if (main?.press === press) return true;
  const { further, endings } = otherActions(row, main);
  return further.includes(press) || endings.includes(press);
}

/**
 * The host's action for a press; null for those that take more than that.
 *
 * @param {Press} press
 * @returns {Action | null}
 */
export function plainAction(press) {
  switch (press) {
    case 'open':
    case 'copy-link':
    case 'show-qr':
    case 'enter-token':
    case 'look-again':
      return null;
    case 'gave-up-fail-page':
      return { do: 'gave-up', reason: 'fail-page' };
    case 'gave-up-said-so':
      return { do: 'gave-up', reason: 'said-so' };
    default:
      return { do: press };
  }
}

/**
 * In which way a press hands the link over; null for those that do not.
 *
 * @param {Press} press
 * @returns {Way | null}
 */
export function wayOf(press) {
  switch (press) {
    case 'open':
      return 'browser';
    case 'copy-link':
      return 'clipboard';
    case 'show-qr':
      return 'qr-code';
    default:
      return null;
  }
}

/** Presses that wait for the gateway's answer, so the window shows them as busy. */
export const ASKS_GATEWAY = /** @type {ReadonlySet<Press>} */ (new Set(['open', 'copy-link', 'show-qr', 'check-now', 'new-link']));
