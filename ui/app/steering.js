/** @import { Row } from './types.js' */
/** @import { Press } from './actions.js' */
/** @import { App } from './app.js' */
/** @import { Focus, KeyCommand } from './keys.js' */
/** @import { Parts } from './parts.js' */
import { mainAction, offers } from './actions.js';
import { chosenEnvironment, selectedRow } from './app.js';
import { commandsNow } from './commands.js';
import { coverKey, hide } from './covering.js';
import * as doings from './doings.js';
import { ANYWHERE, commandFor } from './keys.js';
import * as severally from './severally.js';
import { customerKey, showCustomer } from './showing.js';
import { situationOf } from './situation.js';
import { TABS } from './tabs.js';

/**
 * Turns keys into commands.
 *
 * @param {Parts} w
 */
export function createSteering(w) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    const open = w.dialogs.anyOpen();
    if (w.covered) return open ? undefined : coverKey(w, event);
    if (w.showing) customerKey(w, event);
    const command = commandFor(event, focusKind(document.activeElement), w.app.settings.singleKeys);
    // What a dialog shows must be gone as fast as the list.
    if (!command || ((open || w.showing) && !ANYWHERE.has(command))) return;
    event.preventDefault();
    obey(command, w);
  });
}

/**
 * @param {Element | null} focused
 * @returns {Focus}
 */
function focusKind(focused) {
  if (!focused || focused === document.body) return 'elsewhere';
  if (focused.matches('input, textarea, select, [contenteditable]') || focused.closest('[role=menu]')) return 'text';
  if (focused.matches('.row-select')) return 'list';
  return focused.matches('button, a, summary') ? 'control' : 'elsewhere';
}

/**
 * @param {KeyCommand} command
 * @param {Parts} w
 */
function obey(command, w) {
  switch (command) {
    case 'palette':
      return w.dialogs.palette.open(commandsNow(w), w.app.say);
    case 'search':
      return w.header.focusSearch();
    case 'add':
      return doings.openAdd(w);
    case 'down':
      return doings.move(w, 1);
    case 'up':
      return doings.move(w, -1);
    case 'hide':
      return hide(w);
    case 'reveal':
      return void doings.reveal(w);
    case 'larger':
      return doings.resize(w, 1);
    case 'smaller':
      return doings.resize(w, -1);
    case 'usual-size':
      return doings.resize(w, 0);
    case 'help':
      return doings.openKeys(w);
    case 'customer':
      return void showCustomer(w);
    case 'numbers':
      return doings.openNumbers(w);
    case 'several':
      return severally.chooseByKey(w);
    case 'leave':
      return severally.leave(w);
    case 'copy':
      return void doings.copySupport(w);
    case 'group-1':
    case 'group-2':
    case 'group-3':
    case 'group-4':
      return doings.chooseTab(w, TABS[Number(command.slice(-1)) - 1] ?? 'all');
    default:
      return pressByKey(command, w);
  }
}

/**
 * @param {RowCommand} command
 * @param {Parts} w
 */
function pressByKey(command, w) {
  const row = selectedRow(w.app);
  if (!row) return;
  const press = pressFor(command, row, w.app);
  if (press) doings.pressRow(w, row.key, press, w.list.changedAt(row.key, false));
  else doings.notify(w, { words: w.app.say('notice.not-offered'), about: 'not-offered' });
}

/** @typedef {'main' | 'open' | 'copy-link' | 'qr' | 'finished' | 'again' | 'check' | 'look' | 'stop'} RowCommand */

/** @type {Readonly<Record<Exclude<RowCommand, 'main' | 'finished'>, Press>>} */
const PRESSES = { 'open': 'open', 'copy-link': 'copy-link', 'qr': 'show-qr', 'again': 'watch-again', 'check': 'check-now', 'look': 'look-again', 'stop': 'stop' };

/**
 * @param {RowCommand} command
 * @param {Row} row
 * @param {App} app
 * @returns {Press | null}
 */
function pressFor(command, row, app) {
  const main = mainAction(row, situationOf(row, Date.now()), chosenEnvironment(app)?.token ?? null);
  if (command === 'main') return main?.press ?? null;
  const press = command === 'finished' ? finished(row) : PRESSES[command];
  return offers(row, main, press) ? press : null;
}

/**
 * @param {Row} row
 * @returns {Press}
 */
function finished(row) {
  return row.step.step === 'expected' ? 'identification-finished' : 'signing-finished';
}
