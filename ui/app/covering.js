/** @import { App } from './app.js' */
/** @import { Away } from './away.js' */
/** @import { WhyCovered } from './cover.js' */
/** @import { ShiftEnded } from './types.js' */
/** @import { Parts } from './parts.js' */
import { chosenEnvironment, countsEverywhere } from './app.js';
import { bringBack, takeAway } from './away.js';
import { notify } from './doings.js';
import { setAttribute } from './dom.js';
import { asRefused, refusalWords } from './refusals.js';

/**
 * The window while it is covered.
 *
 * @typedef {object} Covered
 * @property {WhyCovered} why
 * @property {ShiftEnded | null} ended
 * @property {Away} away
 * @property {Promise<unknown>} told that the host knows that nobody is here
 */

/**
 * Takes everything out of the page and puts the cover there. What was asked or shown just now is
 * dropped; a note that is being written is saved first.
 *
 * @param {Parts} w
 */
export function hide(w) {
  if (w.covered) return;
  const saved = w.pane.saveNotes();
  const covered = cover(w, 'hidden');
  // The host forgets who was there, and would take no note from nobody.
  covered.told = saved.finally(() => w.app.host.hide().catch(() => {}));
}

/**
 * @param {Parts} w
 * @param {WhyCovered} why
 * @returns {Covered}
 */
export function cover(w, why) {
  w.app.revealed.clear();
  const now = takeAway(w, w.cover.node);
  // From behind it comes what was there before a customer looked.
  const away = w.showing?.away ?? now;
  w.showing = null;
  /** @type {Covered} */
  const covered = { why, ended: null, away, told: Promise.resolve() };
  w.covered = covered;
  if (w.app.table.policy.asksOperator && why !== 'ending') isHere(w.app, null);
  paintCover(w);
  w.cover.focus();
  return covered;
}

/**
 * Whether somebody has to say who they are before anything can be done.
 *
 * @param {App} app
 */
export function asksName({ table }) {
  return table.policy.asksOperator && table.operator.name === null;
}

/**
 * The host will tell so as well; until then nothing is uncovered by the name of before.
 *
 * @param {App} app
 * @param {string | null} name
 */
function isHere(app, name) {
  app.table = { ...app.table, operator: { ...app.table.operator, name } };
}

/** @param {Parts} w */
export function uncover(w) {
  const { covered, app } = w;
  if (!covered || covered.why === 'ending' || asksName(app)) return;
  w.covered = null;
  bringBack(w, covered.away);
}

/**
 * @param {Parts} w
 * @param {string} name
 * @returns {Promise<string>} the words of the refusal, empty where there is none
 */
export async function come(w, name) {
  const { app } = w;
  try {
    // Otherwise it would forget at once who has just come.
    await w.covered?.told;
    await app.host.come(name);
  } catch (thrown) {
    const refused = asRefused(thrown);
    return refused ? refusalWords(refused, app.say) : app.say('notice.failed');
  }
  isHere(app, name.trim());
  uncover(w);
  return '';
}

/** @param {Parts} w */
export async function endShift(w) {
  const { app } = w;
  await w.pane.saveNotes();
  if (!(await w.dialogs.shift.ask(app.table.pulse.watched, app.say))) return;
  cover(w, 'ending');
  try {
    const ended = await app.host.endShift();
    if (app.table.policy.asksOperator) isHere(app, null);
    if (w.covered) w.covered = { ...w.covered, why: 'ended', ended };
    app.selected = null;
    paintCover(w);
    w.cover.focus();
  } catch (thrown) {
    if (w.covered) w.covered = { ...w.covered, why: 'hidden' };
    uncover(w);
    const refused = asRefused(thrown);
    notify(w, { words: refused ? refusalWords(refused, app.say) : app.say('notice.failed'), tone: 'bad' });
  }
}

/** @param {Parts} w */
export function paintCover(w) {
  const { app, covered } = w;
  if (!covered) return;
  const { policy, journal, pulse } = app.table;
  const counts = countsEverywhere(app, Date.now());
  const { why, ended } = covered;
  setAttribute(document.documentElement, 'data-kind', chosenEnvironment(app)?.kind);
  w.cover.render({ why, ended, counts, watched: pulse.watched, asks: asksName(app), policy, journal }, app.say);
}

/**
 * A key that is pressed while the list is covered.
 *
 * @param {Parts} w
 * @param {KeyboardEvent} event
 */
export function coverKey(w, event) {
  const typed = event.target instanceof HTMLElement && event.target.matches('input, button');
  if (typed || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!['Enter', 'NumpadEnter', 'Space', 'Escape', 'KeyH'].includes(event.code)) return;
  event.preventDefault();
  uncover(w);
}
