/** @import { EnvironmentView, Feed, HeadsUp, News as Kind, Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Table } from './store.js' */
/** @import { Say } from './words/say.js' */
import { aloud } from './announce.js';
import { about, needsToken, situationOf } from './situation.js';

/** What is worth a word to somebody who looks elsewhere, about customers; and all of it. */
const KINDS = /** @type {const} @satisfies {readonly Kind[]} */ (['ready', 'signed', 'needs', 'ended', 'blocked']);
export const ALL_KINDS = /** @type {const} @satisfies {readonly Kind[]} */ (['token', ...KINDS]);

/**
 * @typedef {object} News
 * @property {{ row: Row, situation: Situation }[]} rows
 * @property {EnvironmentView[]} tokens environments that have come to need one
 */

/**
 * What has come to be worth a word with a feed. What comes with the first one was there before.
 *
 * @param {Table} before
 * @param {Feed} feed
 * @param {number} now
 * @returns {News}
 */
export function newsOf(before, feed, now) {
  if (feed.seq === 1) return { rows: [], tokens: [] };
  const placed = feed.rows.map((row) => ({ row, situation: situationOf(row, now) }));
  const rows = placed.filter(({ row, situation }) => {
    const was = before.rows.get(row.key);
    return was !== undefined && situationOf(was, now) !== situation && kindOf(situation) !== null;
  });
  const tokens = (feed.environments ?? []).filter((one) => {
    const was = before.environments.find(({ name }) => name === one.name);
    return was !== undefined && !needsToken(was.token) && needsToken(one.token);
  });
  return { rows, tokens };
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
 * @param {News} news
 * @param {HeadsUp} chosen
 * @param {readonly Kind[]} muted of what nothing is said
 * @param {Say} say
 */
export function headsUpWords(news, chosen, muted, say) {
  if (chosen === 'off') return '';
  const rows = news.rows.filter(({ situation }) => !muted.some((kind) => kind === kindOf(situation)));
  const parts = news.tokens.length > 0 && !muted.includes('token') ? [say('heads-up.token')] : [];
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
