/** @import { EnvironmentView, Feed, HeadsUp, News as Kind, Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Table } from './store.js' */
/** @import { Say } from './words/say.js' */
import { aloud } from './announce.js';
import { about, needsToken, situationOf, turnsAt } from './situation.js';

/** What is worth a word to somebody who looks elsewhere, about customers; and all of it. */
const KINDS = /** @type {const} @satisfies {readonly Kind[]} */ (['ready', 'signed', 'needs', 'ended', 'blocked']);
export const ALL_KINDS = /** @type {const} @satisfies {readonly Kind[]} */ (['token', ...KINDS]);

/**
 * @typedef {{ row: Row, situation: Situation, kind: Kind }} Told
 *
 * @typedef {object} News
 * @property {Told[]} rows
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
  const rows = feed.rows.flatMap((row) => {
    const was = before.rows.get(row.key);
    if (was === undefined) return [];
    const situation = situationOf(row, now);
    if (situationOf(was, now) === situation) return hasLooked(was, row, now) ? [{ row, situation, kind: /** @type {Kind} */ ('needs') }] : [];
    const kind = kindOf(situation);
    return kind === null ? [] : [{ row, situation, kind }];
  });
  const tokens = (feed.environments ?? []).filter((one) => {
    const was = before.environments.find(({ name }) => name === one.name);
    return was !== undefined && !needsToken(was.token) && needsToken(one.token);
  });
  return { rows, tokens };
}

/**
 * Whether the look that somebody planned has been had, and found everything as it was.
 *
 * @param {Row} was
 * @param {Row} row
 * @param {number} now
 */
function hasLooked(was, row, now) {
  return was.lookAt !== null && row.lookAt === null && was.lookAt <= now;
}

/**
 * Those whose signing has come to take long since, by the passing of time alone.
 *
 * @param {Table} table
 * @param {number} from
 * @param {number} to
 * @returns {Told[]}
 */
export function grownLong(table, from, to) {
  const grown = [...table.rows.values()].filter((row) => {
    const at = turnsAt(row, 0);
    return at !== null && at > from && at <= to;
  });
  return grown.map((row) => ({ row, situation: situationOf(row, to), kind: 'needs' }));
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
  const rows = news.rows.filter(({ kind }) => !muted.includes(kind));
  const parts = news.tokens.length > 0 && !muted.includes('token') ? [say('heads-up.token')] : [];
  if (chosen === 'names') return [...parts, ...(rows.length > 0 ? [aloud(rows, say)] : [])].join(' ');
  for (const kind of KINDS) {
    const count = rows.filter((one) => one.kind === kind).length;
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
