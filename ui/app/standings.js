/** @import { Feed, Key, Language, Order, Row } from './types.js' */
/** @import { Placed } from './order.js' */
/** @import { Group, Situation } from './situation.js' */
/** @import { Tab } from './tabs.js' */
import { bestOrder, compareBy, moveIn } from './order.js';
import { about, GROUPS, SITUATIONS, situationOf, turnsAt } from './situation.js';

/**
 * What decides which rows are listed, and how. Whatever of it changes, all of them are looked at
 * anew.
 *
 * @typedef {object} Listing
 * @property {string | undefined} environment
 * @property {Tab} tab
 * @property {Order} order
 * @property {Language} language whose alphabet, and whose words are searched
 * @property {string} query
 *
 * @typedef {Placed & { found: boolean }} Standing a row with where it stands, and whether the search finds it
 *
 * @typedef {Placed & { was: Situation }} Change of a situation
 */

/** As for a listing that nothing is in. */
const NOTHING = { environment: undefined, tab: /** @type {Tab} */ ('all'), order: /** @type {Order} */ ('id'), language: /** @type {Language} */ ('en'), query: '' };

/**
 * Where every row of the list stands, kept from one paint to the next: ten thousand rows are looked
 * at once, and after that only those that a feed or the time has changed.
 */
export function newStandings() {
  /** @type {Listing} */
  let listing = NOTHING;
  /** @type {Map<Key, Standing>} */
  let placed = new Map();
  /** @type {Key[]} those listed, in their best order */
  let best = [];
  /** @type {Map<Key, number>} when time alone changes a row's situation */
  const turns = new Map();
  /** @type {Set<Key>} not looked at since they changed */
  const touched = new Set();
  /** @type {Map<Key, Change>} what nobody was told yet */
  const changes = new Map();
  let afresh = true;
  let found = noneOf(GROUPS);
  let situations = noneOf(SITUATIONS);

  /** @param {Feed} feed */
  function touch({ seq, rows, removed }) {
    if (seq === 1) afresh = true;
    for (const { key } of rows) touched.add(key);
    for (const key of removed) touched.add(key);
  }

  /**
   * @param {Standing | undefined} standing
   * @param {1 | -1} by
   */
  function count(standing, by) {
    if (!standing) return;
    situations[standing.situation] += by;
    if (standing.found) found[about(standing.situation).group] += by;
  }

  /** @param {Standing | undefined} standing */
  function isListed(standing) {
    return standing !== undefined && standing.found && (listing.tab === 'all' || about(standing.situation).group === listing.tab);
  }

  /**
   * @param {Row | undefined} row
   * @param {number} now
   * @param {(placed: Placed) => boolean} finds
   * @returns {Standing | undefined}
   */
  function stand(row, now, finds) {
    if (!row || row.environment !== listing.environment) return undefined;
    const situation = situationOf(row, now);
    return { row, situation, found: finds({ row, situation }) };
  }

  /**
   * @param {Key} key
   * @param {Standing | undefined} is
   * @param {number} now
   */
  function put(key, is, now) {
    count(placed.get(key), -1);
    count(is, 1);
    if (is) placed.set(key, is);
    else placed.delete(key);
    const at = is ? turnsAt(is.row, now) : null;
    if (at === null) turns.delete(key);
    else turns.set(key, at);
  }

  /**
   * @param {Standing | undefined} before
   * @param {Standing | undefined} is
   */
  function note(before, is) {
    if (!before || !is || before.situation === is.situation) return;
    const { key } = is.row;
    const was = changes.get(key)?.was ?? before.situation;
    if (was === is.situation) changes.delete(key);
    else changes.set(key, { row: is.row, was, situation: is.situation });
  }

  /**
   * Looks at every row.
   *
   * @param {ReadonlyMap<Key, Row>} rows
   * @param {number} now
   * @param {(placed: Placed) => boolean} finds
   * @param {ReadonlyMap<Key, Standing>} before
   */
  function lookAtAll(rows, now, finds, before) {
    placed = new Map();
    turns.clear();
    found = noneOf(GROUPS);
    situations = noneOf(SITUATIONS);
    for (const [key, row] of rows) {
      const is = stand(row, now, finds);
      if (!is) continue;
      put(key, is, now);
      note(before.get(key), is);
    }
    best = bestOrder([...placed.values()].filter(isListed), listing.order, listing.language);
  }

  /**
   * @param {ReadonlyMap<Key, Row>} rows
   * @param {number} now
   * @param {(placed: Placed) => boolean} finds
   */
  function lookAtTouched(rows, now, finds) {
    for (const [key, at] of turns) if (at <= now) touched.add(key);
    const compare = compareBy(listing.order, listing.language);
    /** @type {Set<Key>} */
    const moved = new Set();
    /** @type {Placed[]} */
    const come = [];
    for (const key of touched) {
      const was = placed.get(key);
      const is = stand(rows.get(key), now, finds);
      put(key, is, now);
      note(was, is);
      const [were, are] = [isListed(was), isListed(is)];
      if (were && are && was && is && compare(was, is) === 0) continue;
      if (were) moved.add(key);
      if (are && is) come.push(is);
    }
    if (moved.size === 0 && come.length === 0) return;
    const stay = moved.size > 0 ? best.filter((key) => !moved.has(key)) : best;
    best = moveIn(stay, come, (key) => placed.get(key), compare);
  }

  /**
   * Looks at what has changed.
   *
   * @param {ReadonlyMap<Key, Row>} rows of every environment
   * @param {number} now
   * @param {Listing} next
   * @param {(placed: Placed) => boolean} finds whether the listing's query does
   */
  function look(rows, now, next, finds) {
    const here = next.environment === listing.environment;
    const isNew = !sameListing(listing, next);
    listing = next;
    if (afresh || isNew) lookAtAll(rows, now, finds, here ? placed : new Map());
    else lookAtTouched(rows, now, finds);
    afresh = false;
    touched.clear();
  }

  return {
    touch,
    look,
    /** Whatever has changed until now is old. */
    forget: () => {
      placed = new Map();
      changes.clear();
      afresh = true;
    },
    /** Every change of a situation since this was last asked. */
    takeChanges: () => {
      const taken = [...changes.values()];
      changes.clear();
      return taken;
    },
    placed: () => /** @type {ReadonlyMap<Key, Placed>} */ (placed),
    best: () => /** @type {readonly Key[]} */ (best),
    /** How many the search finds, by group. */
    found: () => /** @type {Readonly<Record<Group, number>>} */ (found),
    /** How many there are, found or not. */
    situations: () => /** @type {Readonly<Record<Situation, number>>} */ (situations),
    turnsAt: () => (turns.size > 0 ? Math.min(...turns.values()) : null),
  };
}

/**
 * @template {string} T
 * @param {readonly T[]} names
 * @returns {Record<T, number>}
 */
function noneOf(names) {
  return /** @type {Record<T, number>} */ (Object.fromEntries(names.map((name) => [name, 0])));
}

/**
 * @param {Listing} a
 * @param {Listing} b
 */
function sameListing(a, b) {
  return a.environment === b.environment && a.tab === b.tab && a.order === b.order && a.language === b.language && a.query === b.query;
}
