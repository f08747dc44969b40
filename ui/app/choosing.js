/** @import { Key, Row } from './types.js' */
/** @import { App } from './app.js' */
/** @import { Press } from './actions.js' */
import { mainAction, offers } from './actions.js';
import { situationOf } from './situation.js';

/** What can be done to several at once. */
export const SEVERAL = /** @type {const} */ (['stop', 'watch-again']);

/** @typedef {typeof SEVERAL[number]} SeveralPress */

/**
 * Begins choosing several, or ends it.
 *
 * @param {App} app
 */
export function toggleChoosing(app) {
  if (app.chosen) endChoosing(app);
  else app.chosen = new Set();
}

/** @param {App} app */
export function endChoosing(app) {
  app.chosen = null;
  app.anchor = null;
}

/**
 * Takes one more, or leaves it out again.
 *
 * @param {App} app
 * @param {Key} key
 */
export function chooseOne(app, key) {
  const chosen = new Set(app.chosen);
  if (!chosen.delete(key)) chosen.add(key);
  app.chosen = chosen;
  app.anchor = key;
}

/**
 * Takes all from the last one that was chosen to this one, as they stand in the list.
 *
 * @param {App} app
 * @param {Key} key
 */
export function chooseTo(app, key) {
  const from = app.order.indexOf(app.anchor ?? app.selected ?? key);
  const to = app.order.indexOf(key);
  if (from < 0 || to < 0) return chooseOne(app, key);
  const range = app.order.slice(Math.min(from, to), Math.max(from, to) + 1);
  app.chosen = new Set([...(app.chosen ?? []), ...range]);
}

/**
 * Takes all that the list shows, or none where they all are.
 *
 * @param {App} app
 */
export function chooseAll(app) {
  const all = app.order.every((key) => app.chosen?.has(key));
  app.chosen = new Set(all ? [] : app.order);
}

/**
 * Who left the list is chosen no more.
 *
 * @param {App} app
 */
export function forgetGone(app) {
  const { chosen, table } = app;
  if (!chosen || [...chosen].every((key) => table.rows.has(key))) return;
  app.chosen = new Set([...chosen].filter((key) => table.rows.has(key)));
}

/**
 * The chosen rows, in the order of the list; those that a search hides by now come last.
 *
 * @param {App} app
 * @returns {Row[]}
 */
export function chosenRows(app) {
  const { chosen, order, table } = app;
  if (!chosen) return [];
  const keys = new Set([...order.filter((key) => chosen.has(key)), ...chosen]);
  return [...keys].flatMap((key) => table.rows.get(key) ?? []);
}

/**
 * Those of them for which a press means something.
 *
 * @param {readonly Row[]} rows
 * @param {Press} press
 * @param {number} now
 */
export function whoTakes(rows, press, now) {
  return rows.filter((row) => offers(row, mainAction(row, situationOf(row, now), null), press));
}
