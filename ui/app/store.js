/** @import { Entry, EnvironmentView, Feed, JournalView, Key, Operator, PolicyView, Pulse, Row } from './types.js' */

/**
 * What is known of a timeline. The feed's own lines are there also while those before them are
 * read, and where they could not be.
 *
 * @typedef {object} Timeline
 * @property {'loading' | 'failed' | 'read'} reading
 * @property {readonly Entry[]} lines
 */

/**
 * What the window knows, as the feed told it. Nothing else changes it.
 *
 * @typedef {object} Table
 * @property {number} seq the last number seen; 0 before the first feed
 * @property {Map<Key, Row>} rows
 * @property {readonly EnvironmentView[]} environments
 * @property {JournalView} journal
 * @property {PolicyView} policy
 * @property {Operator} operator who sits here
 * @property {Pulse} pulse
 */

/** @returns {Table} */
export function emptyTable() {
  return {
    seq: 0,
    rows: new Map(),
    environments: [],
    journal: { health: 'absent', saved: null, waiting: 0, lost: 0, notices: [] },
    policy: {
      file: null,
      trouble: null,
      environments: false,
      keepDays: null,
      hideAfter: null,
      asksOperator: false,
      operators: [],
    },
    operator: { account: '', name: null },
    pulse: { watched: 0, pollsPerSecond: 0 },
  };
}

/**
 * Takes one feed into the table. Ten times a second, ten thousand rows are too many to be copied.
 *
 * @param {Table} table
 * @param {Feed} feed
 * @returns {boolean} false, and nothing is changed, where a number is missing and the window must subscribe anew
 */
export function applyFeed(table, feed) {
  if (feed.seq !== 1 && feed.seq !== table.seq + 1) return false;
  const { rows } = table;
  if (feed.seq === 1) rows.clear();
  for (const row of feed.rows) rows.set(row.key, row);
  for (const key of feed.removed) rows.delete(key);
  table.seq = feed.seq;
  table.environments = feed.environments ?? table.environments;
  table.journal = feed.journal ?? table.journal;
  table.policy = feed.policy ?? table.policy;
  table.operator = feed.operator ?? table.operator;
  table.pulse = feed.pulse;
  return true;
}

/**
 * The lines of a timeline in order, each once: a line may come both from the feed and with the
 * whole timeline that was asked for meanwhile.
 *
 * @param {readonly Entry[]} known
 * @param {readonly Entry[]} more
 * @returns {Entry[]}
 */
export function joinEntries(known, more) {
  const bySeq = new Map(known.map((entry) => [entry.seq, entry]));
  for (const entry of more) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * The chosen environment, or the first one where the remembered name is gone.
 *
 * @param {Table} table
 * @param {string} name
 * @returns {EnvironmentView | null}
 */
export function environmentOf(table, name) {
  return table.environments.find((one) => one.name === name) ?? table.environments[0] ?? null;
}
