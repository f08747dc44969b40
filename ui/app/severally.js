/** @import { Key } from './types.js' */
/** @import { Parts } from './parts.js' */
/** @import { SeveralPress } from './choosing.js' */
import { plainAction } from './actions.js';
import { chosenEnvironment, isReadOnly } from './app.js';
import * as choosing from './choosing.js';
import { copyText } from './clipboard.js';
import { notify } from './doings.js';
import { handOut } from './handing-out.js';
import { ofManyWords, toEach } from './of-many.js';
import { paint } from './paint.js';
import { tableCells, tableText } from './table-text.js';

/** @type {Readonly<Record<SeveralPress, string>>} */
const WORDS = { 'stop': 'stop', 'watch-again': 'resumed' };

/** @param {Parts} w */
export function toggle(w) {
  choosing.toggleChoosing(w.app);
  paint(w);
}

/**
 * @param {Parts} w
 * @param {Key} key
 * @param {boolean} range whether all up to it are meant
 */
export function choose(w, key, range) {
  if (range) choosing.chooseTo(w.app, key);
  else choosing.chooseOne(w.app, key);
  paint(w);
}

/**
 * The key takes the row that is selected; where none is, it begins.
 *
 * @param {Parts} w
 */
export function chooseByKey(w) {
  const { selected } = w.app;
  if (selected === null) toggle(w);
  else choose(w, selected, false);
}

/** @param {Parts} w */
export function chooseAll(w) {
  choosing.chooseAll(w.app);
  paint(w);
}

/** @param {Parts} w */
export function leave(w) {
  if (!w.app.chosen) return;
  // What had the focus may go with it.
  const inBar = w.several.node.contains(document.activeElement);
  choosing.endChoosing(w.app);
  paint(w);
  if (inBar) document.getElementById('several')?.focus();
}

/**
 * @param {Parts} w
 * @param {SeveralPress} press
 */
export async function press(w, press) {
  const { app } = w;
  const action = plainAction(press);
  const rows = choosing.whoTakes(choosing.chosenRows(app), press, Date.now());
  if (!action || rows.length === 0 || isReadOnly(app)) return;
  for (const { key } of rows) w.ownDoing.set(key, Date.now());
  const outcome = await toEach(rows, action, app.host.act, () => {});
  notify(w, { ...ofManyWords(outcome, WORDS[press], app.say), about: 'several' });
}

/** @param {Parts} w */
export async function copy(w) {
  const { app } = w;
  const environment = chosenEnvironment(app);
  const rows = choosing.chosenRows(app);
  if (!environment || rows.length === 0) return;
  const copied = await copyText(tableText(rows, environment, Date.now(), app.say));
  notify(w, copied ? { words: app.say.count('notice.table', rows.length), about: 'copied' } : { words: app.say('notice.not-copied'), tone: 'attention', about: 'copied' });
}

/** @param {Parts} w */
export async function save(w) {
  const { app } = w;
  const environment = chosenEnvironment(app);
  const rows = choosing.chosenRows(app);
  if (!environment || rows.length === 0) return;
  await handOut(w, () => app.host.saveList(tableCells(rows, environment, Date.now(), app.say)), 'several.saved');
}
