/** @import { EnvironmentView, Row } from './types.js' */
/** @import { App, Shown } from './app.js' */
/** @import { Emptiness } from './empty.js' */
/** @import { Parts } from './parts.js' */
import { aloud, worthHearing } from './announce.js';
import { chosenEnvironment, isReadOnly, needsByEnvironment, rowOf, selectedRow, showRows } from './app.js';
import { bannersFor } from './banners.js';
import { chosenRows, whoTakes } from './choosing.js';
import { asksName, cover, paintCover } from './covering.js';
import { setAttribute } from './dom.js';
import { unreadList } from './empty.js';
import { warnOfLoss } from './keeping.js';
import { reachFirst } from './reaching.js';
import { viewOf } from './rows.js';
import { paintCustomer } from './showing.js';
import { GROUPS } from './situation.js';
import { nextMarkAt, unsavedNow } from './unsaved.js';

/** How long a change counts as the agent's own doing, and is not read out. */
const OWN_DOING_MS = 3000;

/**
 * Paints the whole window from the app.
 *
 * @param {Parts} w
 */
export function paint(w) {
  const now = Date.now();
  const { app, frame } = w;
  const { say } = app;
  if (!w.covered && asksName(app)) cover(w, 'start');
  w.idle.look();
  if (w.covered) return paintCovered(w);
  if (w.showing) return paintCustomer(w);
  const environment = chosenEnvironment(app);
  const shown = showRows(app, now, w.list.held());
  w.turnsAt = shown.turnsAt;
  paintHeader(w, now);
  if (w.banners.render(bannersFor(bannerFacts(app, shown), say), say)) w.list.moved();
  w.tabs.render({ tab: app.tab, counts: shown.counts, order: app.settings.order, stale: shown.stale, choosing: app.chosen !== null, say });
  const none = shown.placed.size === 0;
  setAttribute(w.tabs.node, 'hidden', none);
  setAttribute(w.list.node, 'data-choosing', app.chosen !== null);
  w.several.render(severalView(app, now), say);
  setAttribute(w.panel, 'aria-labelledby', `tab-${app.tab}`);
  w.list.render({ order: app.order, look: (key) => look(app, key), selected: app.selected, say });
  const empty = emptiness(app, shown);
  w.empty.render(empty, say);
  if (empty?.why === 'first') reachFirst(w, empty.environment);
  paintPane(w, now);
  setAttribute(frame, 'data-first', none);
  w.footer.render(app.table.pulse, environment, app.table.journal, app.version, say);
  w.dialogs.token.render();
  w.dialogs.qr.render((key) => rowOf(app, key));
  warnOfLoss(w);
  readOut(w, now);
  w.ticker.wake();
  markLater(w, now);
}

/** @param {Parts} w */
function paintCovered(w) {
  paintCover(w);
  warnOfLoss(w);
}

/**
 * @param {App} app
 * @param {Row} row
 * @param {number} now
 */
function view(app, row, now) {
  const chosen = app.chosen === null ? null : app.chosen.has(row.key);
  return { ...viewOf(row, now, app.say, chosenEnvironment(app), unsavedNow(app.unsaved, row, now), whyLocked(app)), chosen };
}

/**
 * @param {App} app
 * @param {number} now
 */
function severalView(app, now) {
  if (app.chosen === null) return null;
  const rows = chosenRows(app);
  const takers = { 'stop': whoTakes(rows, 'stop', now).length, 'watch-again': whoTakes(rows, 'watch-again', now).length };
  return { chosen: rows.length, all: app.order.length > 0 && app.order.every((key) => app.chosen?.has(key)), takers, locked: whyLocked(app) };
}

/**
 * @param {App} app
 * @param {import('./types.js').Key} key
 */
function look(app, key) {
  const row = rowOf(app, key);
  return row ? view(app, row, Date.now()) : null;
}

/**
 * Why nothing can be done in this list; empty where it can.
 *
 * @param {App} app
 */
function whyLocked(app) {
  if (isReadOnly(app)) return `${app.say('journal.newer')} ${app.say('journal.newer.more')}`;
  return chosenEnvironment(app)?.withdrawn ? app.say('banner.withdrawn') : '';
}

/**
 * Paints again when the next mark is due. The ticker would come as much as a second too late.
 *
 * @param {Parts} w
 * @param {number} now
 */
function markLater(w, now) {
  const at = nextMarkAt(w.app.unsaved, now);
  if (at === null || w.markTimer !== undefined) return;
  w.markTimer = setTimeout(() => {
    w.markTimer = undefined;
    if (!document.hidden) paint(w);
  }, at - now);
}

/**
 * @param {Parts} w
 * @param {number} now
 */
function paintHeader({ app, header }, now) {
  header.render({
    settings: app.settings,
    environments: app.table.environments,
    environment: chosenEnvironment(app),
    needs: needsByEnvironment(app, now),
    now,
    say: app.say,
  });
}

/**
 * @param {Parts} w
 * @param {number} now
 */
function paintPane({ app, pane }, now) {
  const row = selectedRow(app);
  const { say, timeline } = app;
  const isKept = app.table.journal.health !== 'absent';
  pane.render(row ? { view: view(app, row, now), environment: chosenEnvironment(app), timeline, isKept, now, say } : null, say);
}

/**
 * Paints what counts on screen, and everything where time alone has moved a row on.
 *
 * @param {Parts} w
 * @returns {boolean} whether anything still counts
 */
export function paintWhatCounts(w) {
  if (w.covered || w.showing) return false;
  const now = Date.now();
  const { app, list } = w;
  if (w.turnsAt !== null && now >= w.turnsAt) {
    w.turnsAt = null;
    paint(w);
  }
  const environment = chosenEnvironment(app);
  let counts = w.turnsAt !== null || (environment?.token.expires ?? null) !== null;
  for (const key of list.painted()) {
    const painted = look(app, key);
    if (!painted) continue;
    counts ||= painted.ticking;
    list.patch(painted, key === app.selected, app.say);
  }
  paintPane(w, now);
  paintHeader(w, now);
  return counts;
}

/**
 * @param {App} app
 * @param {Shown} shown
 */
function bannerFacts(app, { situations }) {
  return {
    environment: chosenEnvironment(app),
    journal: app.table.journal,
    fileTrouble: app.fileTrouble,
    settingsTrouble: app.settingsTrouble,
    policyTrouble: app.table.policy.trouble,
    now: Date.now(),
    waiting: situations['needs-token'],
    interrupted: situations.interrupted,
    resuming: app.resuming,
    dismissed: app.dismissed,
  };
}

/**
 * @param {App} app
 * @param {Shown} shown
 * @returns {Emptiness | null}
 */
function emptiness(app, { order, placed, counts }) {
  const environment = chosenEnvironment(app);
  if (!environment || order.length > 0) return null;
  const unread = placed.size === 0 ? unreadList(app.table) : null;
  if (unread) return unread;
  if (placed.size === 0) return { why: 'first', ...firstView(app, environment, Date.now()) };
  const query = app.query.trim();
  if (query !== '') return { why: 'search', query, elsewhere: counts.all };
  const where = GROUPS.filter((group) => group !== app.tab && counts[group] > 0)
    .map((group) => `${app.say(`group.${group}`)} ${counts[group]}`)
    .join(', ');
  return { why: 'group', tab: app.tab, elsewhere: where ? app.say('empty.group.more', { where }) : '' };
}

/**
 * @param {App} app
 * @param {EnvironmentView} environment
 * @param {number} now
 */
function firstView({ reaching }, environment, now) {
  const { expires } = environment.token;
  return { environment, expired: expires !== null && expires <= now, reaching: reaching.get(environment.gateway) ?? null };
}

/**
 * Reads out what has happened since the last time.
 *
 * @param {Parts} w
 * @param {number} now
 */
function readOut({ app, ownDoing, notices }, now) {
  for (const [key, at] of ownDoing) if (now - at > OWN_DOING_MS) ownDoing.delete(key);
  notices.speak(aloud(worthHearing(app.standings.takeChanges(), new Set(ownDoing.keys())), app.say));
}
