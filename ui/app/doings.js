/** @import { Add, Done, Key, Order, Settings, UserType } from './types.js' */
/** @import { Press } from './actions.js' */
/** @import { Qr } from './dialogs/qr.js' */
/** @import { Notice } from './notices.js' */
/** @import { Parts } from './parts.js' */
/** @import { Tab } from './tabs.js' */
/** @import { Say } from './words/say.js' */
import { ASKS_GATEWAY } from './actions.js';
import { chosenEnvironment, isReadOnly, rowOf, rowsHere, selectRow, selectedRow, showRows, takeSettings } from './app.js';
import { copyText } from './clipboard.js';
import { SETTLE_MS } from './dialogs/frame.js';
import { ZOOMS } from './dialogs/settings.js';
import { setAttribute } from './dom.js';
import { escalationText } from './escalation.js';
import { paint } from './paint.js';
import { REVEAL_MS, isHidden } from './numbers-hidden.js';
import { asRefused, asTokenProblem, asSettingsProblem, refusalWords } from './refusals.js';
import { takeIn } from './shifts.js';
import { situationOf } from './situation.js';
import { visible } from './text.js';

/**
 * @param {Parts} w
 * @param {Key} key
 * @param {Press} press
 * @param {number} changedAt when the button came to say what it says
 */
export function pressRow(w, key, press, changedAt) {
  const row = rowOf(w.app, key);
  // What is under way with the gateway holds up only what asks the gateway too.
  if (!row || (row.busy && ASKS_GATEWAY.has(press))) return;
  // The host would say the same, after questions that lead nowhere.
  if (isReadOnly(w.app) && press !== 'enter-token') return notify(w, { words: w.app.say('refused.read-only'), tone: 'attention' });
  if (performance.now() - Math.max(changedAt, w.uncoveredAt) < SETTLE_MS) return tooSoon(w);
  w.ownDoing.set(key, Date.now());
  void w.press(row, press);
}

/**
 * What was pressed had only just come to be there.
 *
 * @param {Parts} w
 */
export function tooSoon(w) {
  notify(w, { words: w.app.say('notice.just-changed'), tone: 'attention', about: 'just-changed' });
}

/**
 * @param {Parts} w
 * @param {Key} key
 * @param {boolean} busy
 */
export function markBusy(w, key, busy) {
  if (busy) w.app.busy.add(key);
  else w.app.busy.delete(key);
  w.ownDoing.set(key, Date.now());
  paint(w);
}

/**
 * @param {Parts} w
 * @param {Key | null} key
 */
export function select(w, key) {
  if (w.app.selected === key) return;
  void selectRow(w.app, key).then(() => paint(w));
  paint(w);
  if (key !== null) w.list.reveal(key);
}

/**
 * Whoever comes back from the browser finds the customer who was signing there.
 *
 * @param {Parts} w
 */
export function cameBack(w) {
  const row = w.opened === null ? undefined : rowOf(w.app, w.opened);
  w.opened = null;
  if (row?.step.step !== 'signing' || w.covered || w.showing) return;
  select(w, row.key);
  w.list.reveal(row.key);
  w.list.glow(row.key);
}

/** @param {Parts} w */
export function closePane(w) {
  const was = w.app.selected;
  select(w, null);
  // The row that was looked at keeps the place of the hand, without opening the pane again.
  if (was !== null) w.list.focus(was, true);
}

/**
 * @param {Parts} w
 * @param {number} step 0 goes to the row that is selected, or to the first
 */
export function move(w, step) {
  const { order, selected } = w.app;
  if (order.length === 0) return;
  const at = selected === null ? -1 : order.indexOf(selected);
  const to = at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + step));
  const key = order[to];
  if (key !== undefined) w.list.focus(key);
}

/**
 * Gives the focus a place in the list where what had it is gone.
 *
 * @param {Parts} w
 */
export function focusList(w) {
  const { order, selected } = w.app;
  const key = selected ?? order[0];
  if (key !== undefined) w.list.focus(key, true);
}

/**
 * @param {Parts} w
 * @param {Tab} tab
 */
export function chooseTab(w, tab) {
  w.landed = true;
  w.app.tab = tab;
  sortAgain(w);
}

/**
 * @param {Parts} w
 * @param {string} query
 */
export function search(w, query) {
  w.app.query = query;
  sortAgain(w);
}

/** @param {Parts} w */
export function sortAgain(w) {
  w.app.order = [];
  paint(w);
}

/**
 * @param {Parts} w
 * @param {Order} order
 */
export function sortBy(w, order) {
  w.app.order = [];
  choose(w, { order });
}

/**
 * @param {Parts} w
 * @param {Partial<Settings>} settings
 */
export function choose(w, settings) {
  const { app } = w;
  const before = app.settings;
  if (settings.environment) app.standings.forget();
  takeSettings(app, settings);
  applySettings(w);
  paint(w);
  app.host.choose(app.settings).catch((thrown) => {
    const problem = asSettingsProblem(thrown);
    // What nobody may choose does not look as if it were chosen.
    if (problem === 'managed' || problem === 'who-is-there') {
      takeSettings(app, before);
      applySettings(w);
      paint(w);
    }
    notify(w, { words: app.say(problem === null ? 'notice.failed' : `settings.${problem}`), tone: 'bad', about: 'settings' });
  });
}

/** @param {Parts} w */
export function applySettings({ app }) {
  setAttribute(document.documentElement, 'lang', app.settings.language);
  setAttribute(document.documentElement, 'data-theme', app.settings.theme);
  setAttribute(document.documentElement, 'data-density', app.settings.density);
}

/**
 * Shows the selected customer's number for a while. The host notes it first: what cannot be noted is
 * not shown.
 *
 * @param {Parts} w
 */
export async function reveal(w) {
  const { app } = w;
  const row = selectedRow(app);
  if (!row || !isHidden(row)) return;
  try {
    await app.host.act(row.key, row.state, { do: 'reveal' });
  } catch (thrown) {
    const refused = asRefused(thrown);
    return notify(w, { words: refused ? refusalWords(refused, app.say) : app.say('notice.failed'), tone: 'attention' });
  }
  app.revealed.set(row.key, Date.now() + REVEAL_MS);
  paint(w);
  setTimeout(() => paint(w), REVEAL_MS + 10);
}

/**
 * Makes everything larger or smaller by a step; 0 makes it as it is at first.
 *
 * @param {Parts} w
 * @param {-1 | 0 | 1} step
 */
export function resize(w, step) {
  const at = step === 0 ? 0 : ZOOMS.indexOf(w.app.settings.zoom) + step;
  const zoom = ZOOMS[at];
  if (zoom !== undefined && zoom !== w.app.settings.zoom) choose(w, { zoom });
}

/** @param {Parts} w */
export function openKeys(w) {
  const onChosen = (/** @type {boolean} */ singleKeys) => choose(w, { singleKeys });
  w.dialogs.keys.open(w.app.settings.singleKeys, onChosen, w.app.say);
}

/** @param {Parts} w */
export function openNumbers({ app, dialogs }) {
  const environment = chosenEnvironment(app);
  if (environment) dialogs.numbers.open(environment, (since) => app.host.numbers(environment.name, since), app.say);
}

/**
 * @param {Parts} w
 * @param {Notice} notice
 */
export function notify(w, notice) {
  // It may name somebody.
  if (w.covered || w.showing) return;
  w.notices.show({ dismiss: w.app.say('notice.dismiss'), heading: w.app.say('notice.heading'), ...notice });
}

/**
 * @param {Parts} w
 * @param {string | null} [problem] the code of what has just gone wrong
 */
export function openToken(w, problem) {
  const { app } = w;
  const name = chosenEnvironment(app)?.name;
  if (name === undefined) return;
  w.dialogs.token.open({
    environment: name,
    current: () => app.table.environments.find((one) => one.name === name) ?? null,
    host: app.host,
    onDone: (words) => notify(w, { words }),
    say: app.say,
    ...(problem === undefined ? {} : { problem }),
  });
}

/** @param {Parts} w */
export function useTrainingToken(w) {
  const environment = chosenEnvironment(w.app);
  // What stands in the way is better told where there is room to say what to do.
  if (environment) w.app.host.useTrainingToken(environment.name).catch((thrown) => openToken(w, asTokenProblem(thrown)?.code ?? null));
}

/**
 * @param {Parts} w
 * @param {{ id: number, userType?: UserType | null, label?: string }} [filled] in, where it is known
 */
export function openAdd(w, filled) {
  const { app } = w;
  const environment = chosenEnvironment(app);
  if (!environment) return;
  w.dialogs.add.open({
    environment,
    place: app.settings.place,
    host: app.host,
    rows: () => rowsHere(app),
    rowOf: (key) => rowOf(app, key),
    onShow: (key) => show(w, key),
    onAdded: (done, enrollment) => added(w, done, enrollment),
    onShift: (file) => void takeIn(w, file),
    onListAdded: (count) => notify(w, { words: app.say.count('notice.list-added', count) }),
    say: app.say,
    filled,
  });
}

/**
 * @param {Parts} w
 * @param {Done} done
 * @param {Add} enrollment
 */
function added(w, done, enrollment) {
  if (done.done !== 'added') return;
  const { say } = w.app;
  const id = String(Number(enrollment.id));
  const words = done.normalised ? say('notice.normalised', { id }) : say('notice.added', { who: visible(enrollment.label) || id });
  notify(w, { words });
  w.ownDoing.set(done.key, Date.now());
  show(w, done.key);
}

/**
 * Goes to a row, in whatever group it is.
 *
 * @param {Parts} w
 * @param {Key} key
 */
export function show(w, key) {
  const { app } = w;
  const inSight = showRows(app, Date.now(), false).order.includes(key);
  if (!inSight) {
    app.tab = 'all';
    if (app.query !== '') w.header.clearSearch();
  }
  select(w, key);
  sortAgain(w);
  w.list.focus(key);
}

/**
 * @param {Parts} w
 * @param {Qr} qr
 * @param {Say} say
 */
export function showQr(w, qr, say) {
  // What was pressed before the list was covered is not drawn on top of it.
  if (!w.covered && !w.showing) w.dialogs.qr.open(qr, say, (words) => notify(w, { words, about: 'qr' }));
}

/** @param {Parts} w */
export async function copySupport(w) {
  const { app } = w;
  const row = selectedRow(app);
  const environment = chosenEnvironment(app);
  if (!row || !environment) return;
  const now = Date.now();
  await copy(w, escalationText(row, situationOf(row, now), environment, now, app.say));
}

/**
 * @param {Parts} w
 * @param {string} text
 */
export async function copy(w, text) {
  const copied = await copyText(text);
  const words = w.app.say(copied ? 'notice.copied' : 'notice.not-copied');
  notify(w, { words, tone: copied ? 'plain' : 'attention', about: 'copied' });
}
