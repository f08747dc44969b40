/** @import { Parts } from './parts.js' */
import { arriveNow } from './arriving.js';
import { focusList } from './doings.js';
import { paint } from './paint.js';

/**
 * The list and all around it, out of the page: neither keyboard nor screen reader nor selection
 * finds it. What is to come back where it was.
 *
 * @typedef {object} Away
 * @property {HTMLElement | null} focus
 * @property {readonly (readonly [HTMLElement, number])[]} scrolled
 */

/**
 * Takes the frame out of the page and puts something in its place. What was asked or shown just now
 * is dropped.
 *
 * @param {Parts} w
 * @param {HTMLElement} instead
 * @returns {Away}
 */
export function takeAway(w, instead) {
  const focus = document.activeElement instanceof HTMLElement && w.frame.contains(document.activeElement) ? document.activeElement : null;
  w.dialogs.closeAll();
  w.notices.clear();
  getSelection()?.removeAllRanges();
  const scrolled = [w.panel, w.pane.node].map((node) => /** @type {const} */ ([node, node.scrollTop]));
  // Whoever wants to close the window can still be asked about it: that names nobody.
  document.body.replaceChildren(instead, w.dialogs.quit.dialog);
  return { focus, scrolled };
}

/**
 * @param {Parts} w
 * @param {Away} away
 */
export function bringBack(w, { focus, scrolled }) {
  w.uncoveredAt = performance.now();
  document.body.replaceChildren(w.frame, w.notices.stack, w.notices.voice, ...w.dialogs.nodes);
  // What has changed meanwhile is seen, and not read out.
  w.app.standings.forget();
  // Before it is painted: only rows in sight have elements, and the one with the focus was.
  for (const [node, top] of scrolled) node.scrollTop = top;
  paint(w);
  w.list.moved();
  if (focus?.isConnected) focus.focus();
  else focusList(w);
  w.idle.touch();
  arriveNow(w);
}
