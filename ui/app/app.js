/** @import { EnvironmentView, Feed, JournalView, Key, Row, Settings, Start } from './types.js' */
/** @import { Host } from './host.js' */
/** @import { Placed } from './order.js' */
/** @import { Reaching } from './reaching.js' */
/** @import { Group, Situation } from './situation.js' */
/** @import { Table, Timeline } from './store.js' */
/** @import { Tab } from './tabs.js' */
/** @import { Say } from './words/say.js' */
import { endChoosing, forgetGone } from './choosing.js';
import { heldOrder, sameOrder } from './order.js';
import { matcher, searchedBy } from './search.js';
import { about, situationOf } from './situation.js';
import { newStandings } from './standings.js';
import { applyFeed, emptyTable, environmentOf, joinEntries } from './store.js';
import { unsavedSince } from './unsaved.js';
import { speaker } from './words/say.js';

/** A timeline that could not be read is tried again this soon, where all seems well. */
const READ_AGAIN_MS = 1000;
const READ_TRIES = 2;

/**
 * What the window is about: the table, what was chosen, and the order on screen. Nothing in this
 * module knows an element of the page.
 *
 * @typedef {object} App
 * @property {Host} host
 * @property {Table} table
 * @property {ReturnType<typeof newStandings>} standings of the rows
 * @property {string} version
 * @property {string | null} fileTrouble of the environments file
 * @property {string | null} settingsTrouble of the settings file
 * @property {Settings} settings
 * @property {Say} say
 * @property {Tab} tab
 * @property {string} query
 * @property {Key | null} selected
 * @property {Timeline} timeline of the selected one
 * @property {readonly Key[]} order on screen
 * @property {ReadonlySet<Key> | null} chosen while several are being chosen
 * @property {Key | null} anchor where a range of chosen ones begins
 * @property {Set<Key>} busy rows with a command of this window under way
 * @property {ReadonlyMap<Key, number>} unsaved since when rows show what is not saved yet
 * @property {Map<Key, number>} revealed whose hidden numbers are shown, and until when
 * @property {Map<string, Reaching>} reaching whether a gateway answers, as far as that was asked
 * @property {Set<string>} dismissed banners that were read, until the console closes
 * @property {{ done: number, of: number } | null} resuming how far resuming all of them is
 *
 * @typedef {object} Shown what the list shows
 * @property {readonly Key[]} order
 * @property {ReadonlyMap<Key, Placed>} placed every row of the environment, searched for or not
 * @property {Readonly<Record<Tab, number>>} counts of what matches the search
 * @property {Readonly<Record<Situation, number>>} situations how many there are of each
 * @property {boolean} stale whether a better order waits
 * @property {number | null} turnsAt when time alone changes a group next
 */

/**
 * @param {Host} host
 * @returns {App}
 */
export function newApp(host) {
  return {
    host,
    table: emptyTable(),
    standings: newStandings(),
    version: '',
    fileTrouble: null,
    settingsTrouble: null,
    settings: { environment: '', language: 'bg', theme: 'system', place: 'desk', keepDays: 30, hideAfter: null, singleKeys: true, order: 'attention', headsUp: 'counts', muted: [], sound: false, density: 'comfortable', zoom: '100', hideNumbers: true },
    say: speaker('bg'),
    tab: 'needs-me',
    query: '',
    selected: null,
    timeline: { reading: 'loading', lines: [] },
    order: [],
    chosen: null,
    anchor: null,
    busy: new Set(),
    unsaved: new Map(),
    revealed: new Map(),
    reaching: new Map(),
    dismissed: new Set(),
    resuming: null,
  };
}

/**
 * @param {App} app
 * @returns {EnvironmentView | null}
 */
export function chosenEnvironment(app) {
  return environmentOf(app.table, app.settings.environment);
}

/**
 * @param {App} app
 * @param {Start} start
 */
export function takeStart(app, start) {
  app.version = start.version;
  app.fileTrouble = start.environmentsTrouble;
  app.settingsTrouble = start.settingsTrouble;
  takeSettings(app, start.settings);
}

/**
 * @param {App} app
 * @param {Partial<Settings>} settings
 */
export function takeSettings(app, settings) {
  if (settings.environment && settings.environment !== app.settings.environment) {
    app.selected = null;
    app.order = [];
    endChoosing(app);
  }
  app.settings = { ...app.settings, ...settings };
  app.say = speaker(app.settings.language);
}

/**
 * Takes a feed in, or says that a number is missing.
 *
 * @param {App} app
 * @param {Feed} feed
 * @param {number} [now]
 */
export function takeFeed(app, feed, now = Date.now()) {
  if (!applyFeed(app.table, feed)) return false;
  app.standings.touch(feed);
  app.unsaved = unsavedSince(app.unsaved, feed, now);
  if (app.selected !== null && !app.table.rows.has(app.selected)) app.selected = null;
  forgetGone(app);
  const fresh = feed.entries.filter(([key]) => key === app.selected).map(([, entry]) => entry);
  if (fresh.length > 0) app.timeline = { ...app.timeline, lines: joinEntries(app.timeline.lines, fresh) };
  return true;
}

/**
 * Selects a row and reads its timeline.
 *
 * @param {App} app
 * @param {Key | null} key
 */
export async function selectRow(app, key) {
  app.selected = key;
  app.timeline = { reading: 'loading', lines: [] };
  if (key !== null) await readTimeline(app, key, READ_TRIES);
}

/**
 * Reads a timeline that could not be read before, where the journal has only now come to be read.
 *
 * @param {App} app
 * @param {JournalView['health']} before
 * @returns {Promise<boolean>} whether it was asked for at all
 */
export async function readTimelineAgain(app, before) {
  const { health } = app.table.journal;
  if (app.selected === null || app.timeline.reading !== 'failed' || health === before || !canBeRead(health)) return false;
  await readTimeline(app, app.selected, READ_TRIES);
  return true;
}

/** @param {JournalView['health']} health */
function canBeRead(health) {
  return health === 'well' || health === 'newer';
}

/**
 * Lines that arrive meanwhile are not lost.
 *
 * @param {App} app
 * @param {Key} key
 * @param {number} tries
 * @returns {Promise<void>}
 */
async function readTimeline(app, key, tries) {
  const isMeant = () => app.selected === key && app.timeline.reading === 'loading';
  app.timeline = { ...app.timeline, reading: 'loading' };
  try {
    const lines = await app.host.timeline(key);
    if (app.selected === key) app.timeline = { reading: 'read', lines: joinEntries(lines, app.timeline.lines) };
  } catch {
    if (!isMeant()) return;
    if (tries > 1 && canBeRead(app.table.journal.health)) {
      // The trouble may be over before anything was heard of it.
      await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
      if (isMeant()) await readTimeline(app, key, tries - 1);
    } else {
      app.timeline = { ...app.timeline, reading: 'failed' };
    }
  }
}

/**
 * A row, with what this window itself knows to be under way.
 *
 * @param {App} app
 * @param {Key} key
 */
export function rowOf(app, key) {
  const row = app.table.rows.get(key);
  return row && app.busy.has(key) && !row.busy ? { ...row, busy: true } : row;
}

/**
 * @param {App} app
 * @returns {Row | undefined}
 */
export function selectedRow(app) {
  return app.selected === null ? undefined : rowOf(app, app.selected);
}

/**
 * The rows of the chosen environment.
 *
 * @param {App} app
 */
export function rowsHere(app) {
  const name = chosenEnvironment(app)?.name;
  return [...app.table.rows.values()].filter((row) => row.environment === name);
}

/**
 * Whether nothing may be changed, because a newer console wrote the list.
 *
 * @param {App} app
 */
export function isReadOnly(app) {
  return app.table.journal.health === 'newer';
}

/**
 * Decides what the list shows, and keeps the order for the next time.
 *
 * @param {App} app
 * @param {number} now
 * @param {boolean} held whether a hand is on the list
 * @returns {Shown}
 */
export function showRows(app, now, held) {
  const { standings, settings, query, say, tab, table } = app;
  const matches = matcher(query);
  const finds = (/** @type {Placed} */ { row, situation }) => query.trim() === '' || matches(searchedBy(row, situation, say));
  const listing = { environment: chosenEnvironment(app)?.name, tab, order: settings.order, language: settings.language, query };
  standings.look(table.rows, now, listing, finds);
  const [placed, best] = [standings.placed(), standings.best()];
  const wanted = held && !sameOrder(app.order, best) ? heldOrder(app.order, best, (key) => placed.has(key)) : best;
  // An order that is what it was stays the one it was: nobody has to look where each row stands.
  if (!sameOrder(app.order, wanted)) app.order = wanted;
  return {
    order: app.order,
    placed,
    counts: countsOf(standings.found()),
    situations: standings.situations(),
    stale: !sameOrder(app.order, best),
    turnsAt: standings.turnsAt(),
  };
}

/**
 * After how many minutes without a hand on it the list is hidden; null where never. The policy
 * wins.
 *
 * @param {App} app
 */
export function hidesAfter({ table, settings }) {
  return table.policy.hideAfter ?? settings.hideAfter;
}

/**
 * How many need a hand, by environment.
 *
 * @param {App} app
 * @param {number} now
 */
export function needsByEnvironment(app, now) {
  /** @type {Map<string, number>} */
  const needs = new Map();
  for (const row of app.table.rows.values()) {
    if (about(situationOf(row, now)).group !== 'needs-me') continue;
    needs.set(row.environment, (needs.get(row.environment) ?? 0) + 1);
  }
  return needs;
}

/**
 * How many stand where, in all environments.
 *
 * @param {App} app
 * @param {number} now
 */
export function countsEverywhere({ table }, now) {
  const groups = { 'needs-me': 0, 'waiting': 0, 'trouble': 0, 'done': 0 };
  for (const row of table.rows.values()) groups[about(situationOf(row, now)).group] += 1;
  return countsOf(groups);
}

/**
 * @param {Readonly<Record<Group, number>>} groups
 * @returns {Record<Tab, number>}
 */
function countsOf(groups) {
  return { ...groups, all: Object.values(groups).reduce((sum, one) => sum + one, 0) };
}
