/** @import { Away } from './away.js' */
/** @import { Key } from './types.js' */
/** @import { Parts } from './parts.js' */
import { rowOf } from './app.js';
import { bringBack, takeAway } from './away.js';
import { situationOf } from './situation.js';
import { speaker } from './words/say.js';

/**
 * The window while the customer looks at it.
 *
 * @typedef {{ key: Key, away: Away }} Showing
 */

/**
 * Shows the selected customer's own step, and hides everybody else.
 *
 * @param {Parts} w
 */
export async function showCustomer(w) {
  const key = w.app.selected;
  if (key === null || w.covered || w.showing) return;
  await w.pane.saveNotes();
  if (w.covered) return;
  w.showing = { key, away: takeAway(w, w.customer.node) };
  paintCustomer(w);
  w.customer.focus();
}

/** @param {Parts} w */
export function leaveCustomer(w) {
  const { showing } = w;
  if (!showing) return;
  w.showing = null;
  bringBack(w, showing.away);
}

/** @param {Parts} w */
export function paintCustomer(w) {
  const { app, showing } = w;
  const row = showing && rowOf(app, showing.key);
  if (!row) return leaveCustomer(w);
  const { language } = app.settings;
  w.customer.render(row, situationOf(row, Date.now()), speaker(language), speaker(language === 'bg' ? 'en' : 'bg'));
}

/**
 * The keys while a customer looks: back, and hide.
 *
 * @param {Parts} w
 * @param {KeyboardEvent} event
 */
export function customerKey(w, event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const back = event.code === 'Escape' || (event.code === 'KeyV' && w.app.settings.singleKeys);
  if (!back) return;
  event.preventDefault();
  leaveCustomer(w);
}
