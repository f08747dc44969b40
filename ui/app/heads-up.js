/** @import { EnvironmentView, Feed, HeadsUp, Key, Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { aloud } from './announce.js';
import { about, needsToken, situationOf } from './situation.js';

/**
 * What is worth a word to somebody who looks elsewhere.
 *
 * @typedef {'ready' | 'signed' | 'blocked' | 'ended' | 'needs'} Kind
 */

/** @type {readonly Kind[]} */
const KINDS = ['ready', 'signed', 'needs', 'ended', 'blocked'];

/**
 * Remembers where everybody stood, and says what has come to be worth a word since.
 */
export function createHeadsUp() {
  /** @type {Map<Key, Situation>} */
  const before = new Map();
  /** @type {Map<string, boolean>} whether an environment needed a token */
  const needed = new Map();

  /**
   * Takes a feed in. What comes with the first one was there before.
   *
   * @param {Feed} feed
   * @param {number} now
   * @returns {{ rows: { row: Row, situation: Situation }[], tokens: EnvironmentView[] }}
   */
  function take(feed, now) {
    const first = feed.seq === 1;
    const rows = feed.rows.map((row) => ({ row, situation: situationOf(row, now) }));
    const changed = first ? [] : rows.filter(({ row, situation }) => before.has(row.key) && before.get(row.key) !== situation && kindOf(situation) !== null);
    if (first) before.clear();
    for (const { row, situation } of rows) before.set(row.key, situation);
    for (const key of feed.removed) before.delete(key);
    const tokens = (feed.environments ?? []).filter((one) => needed.get(one.name) === false && needsToken(one.token));
    for (const one of feed.environments ?? []) needed.set(one.name, needsToken(one.token));
    return { rows: changed, tokens: first ? [] : tokens };
  }

  return { take };
}

/**
 * @param {Situation} situation
 * @returns {Kind | null}
 */
function kindOf(situation) {
  switch (situation) {
    case 'ready':
      return 'ready';
    case 'signed':
      return 'signed';
    case 'blocked-url':
      return 'blocked';
    case 'not-signed':
    case 'new-link-needed':
      return 'needs';
    default:
      return about(situation).group === 'trouble' && situation !== 'gateway-trouble' ? 'ended' : null;
  }
}

/**
 * The words for the desktop, empty where nothing is worth any. Nobody is named unless the agent has
 * chosen so and the list is in sight.
 *
 * @param {ReturnType<ReturnType<typeof createHeadsUp>['take']>} news
 * @param {HeadsUp} chosen
 * @param {Say} say
 */
export function headsUpWords({ rows, tokens }, chosen, say) {
  if (chosen === 'off') return '';
  const parts = tokens.length > 0 ? [say('heads-up.token')] : [];
  if (chosen === 'names') return [...parts, ...(rows.length > 0 ? [aloud(rows, say)] : [])].join(' ');
  for (const kind of KINDS) {
    const count = rows.filter(({ situation }) => kindOf(situation) === kind).length;
    if (count > 0) parts.push(say.count(`heads-up.${kind}`, count));
  }
  return parts.join(' ');
}

/**
 * The window's title: how many wait for a hand, in whatever environment.
 *
 * @param {number} waiting
 * @param {Say} say
 */
export function titleWords(waiting, say) {
  return waiting > 0 ? `(${waiting}) ${say('app.name')}` : say('app.name');
}
