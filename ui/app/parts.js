/** @import { DeepLink, Key } from './types.js' */
/** @import { App } from './app.js' */
import { hidesAfter, rowOf } from './app.js';
import { createBanners } from './banners.js';
import { createCover } from './cover.js';
import * as covering from './covering.js';
import { createCustomerView } from './customer-view.js';
import { createDialogs } from './dialogs/all.js';
import * as doings from './doings.js';
import { el } from './dom.js';
import { createElsewhere } from './elsewhere.js';
import { createEmpty } from './empty.js';
import { createFooter } from './footer.js';
import { createHeader } from './header.js';
import { createIdle } from './idle.js';
import * as keeping from './keeping.js';
import { createList } from './list.js';
import { createNotices } from './notices.js';
import { paint, paintWhatCounts } from './paint.js';
import { createPane } from './pane.js';
import { createPresser } from './press.js';
import { reachAgain } from './reaching.js';
import { createSeveral } from './several.js';
import * as severally from './severally.js';
import * as showing from './showing.js';
import { createTabs } from './tabs.js';
import { createTicker } from './ticker.js';
import { hideNumbers } from './numbers-hidden.js';
import { handOut } from './handing-out.js';
import * as shifts from './shifts.js';
import { unfamiliarIn, unfamiliarText } from './unfamiliar.js';

/**
 * The window's parts, and the little it remembers beside the app.
 *
 * @typedef {object} Parts
 * @property {App} app
 * @property {ReturnType<typeof createNotices>} notices
 * @property {ReturnType<typeof createHeader>} header
 * @property {ReturnType<typeof createBanners>} banners
 * @property {ReturnType<typeof createTabs>} tabs
 * @property {ReturnType<typeof createList>} list
 * @property {ReturnType<typeof createSeveral>} several
 * @property {ReturnType<typeof createEmpty>} empty
 * @property {ReturnType<typeof createPane>} pane
 * @property {ReturnType<typeof createFooter>} footer
 * @property {ReturnType<typeof createDialogs>} dialogs
 * @property {ReturnType<typeof createTicker>} ticker
 * @property {ReturnType<typeof createPresser>} press
 * @property {ReturnType<typeof createCover>} cover
 * @property {ReturnType<typeof createIdle>} idle
 * @property {ReturnType<typeof createElsewhere>} elsewhere
 * @property {ReturnType<typeof createCustomerView>} customer
 * @property {Key | null} opened whose link went to the browser last
 * @property {DeepLink | null} arrived a link that waits for the list to be in sight
 * @property {showing.Showing | null} showing while a customer looks at their own step
 * @property {covering.Covered | null} covered while nothing but numbers is shown
 * @property {number} uncoveredAt when the list came to be seen again
 * @property {HTMLElement} loading
 * @property {HTMLElement} panel
 * @property {HTMLElement} frame
 * @property {Map<Key, number>} ownDoing when the agent last did something to a row
 * @property {number | null} turnsAt when time alone changes a group next
 * @property {ReturnType<typeof setTimeout> | undefined} markTimer until the next mark is due
 * @property {() => void} openSettings
 * @property {boolean} landed whether it is settled which group the window opens on
 */

/**
 * @param {App} app
 * @returns {Parts}
 */
export function makeParts(app) {
  // The parts call each other through `w`, and only after all of them are made.
  const w = /** @type {Parts} */ ({ app, ownDoing: new Map(), turnsAt: null, markTimer: undefined, landed: false, covered: null, showing: null, opened: null, arrived: null, uncoveredAt: 0 });
  const openToken = () => doings.openToken(w);
  w.notices = createNotices();
  w.openSettings = () => openSettings(w);
  w.header = makeHeader(w);
  w.banners = createBanners({
    onPress: (press) => (press === 'token' ? openToken() : void keeping.resumeAll(w)),
    onDismiss: (id) => keeping.dismiss(w, id),
    onTooSoon: () => doings.tooSoon(w),
    onTold: w.notices.speak,
    onFocusGone: () => doings.focusList(w),
  });
  w.panel = el('div', { class: 'list-panel', id: 'list-panel', role: 'tabpanel' });
  w.tabs = createTabs({
    onChoose: (tab) => doings.chooseTab(w, tab),
    onSort: () => doings.sortAgain(w),
    onOrder: (order) => doings.sortBy(w, order),
    onSeveral: () => severally.toggle(w),
  });
  w.list = createList({
    onSelect: (key) => doings.select(w, key),
    onPress: (key, press, byPointer) => doings.pressRow(w, key, press, w.list.changedAt(key, byPointer)),
    onChoose: (key, range) => severally.choose(w, key, range),
    onLookedAway: () => paint(w),
  }, w.panel);
  w.several = createSeveral({
    onPress: (press) => void severally.press(w, press),
    onAll: () => severally.chooseAll(w),
    onCopy: () => void severally.copy(w),
    onSave: () => void severally.save(w),
    onEnd: () => severally.leave(w),
  });
  w.empty = createEmpty({
    onToken: openToken,
    onTrainingToken: () => doings.useTrainingToken(w),
    onAdd: (id) => doings.openAdd(w, id === undefined ? undefined : { id }),
    onReach: () => void reachAgain(w),
    onClearSearch: () => w.header.clearSearch(),
  });
  w.pane = makePane(w);
  w.footer = createFooter({ onNumbers: () => doings.openNumbers(w) });
  hideNumbers((row) => app.settings.hideNumbers && row.place === 'desk' && (app.revealed.get(row.key) ?? 0) <= Date.now());
  w.dialogs = createDialogs();
  w.ticker = createTicker(() => paintWhatCounts(w));
  w.press = createPresser({
    host: app.host,
    rowOf: (key) => rowOf(app, key),
    say: () => app.say,
    askConfirm: w.dialogs.confirm.ask,
    askRemote: w.dialogs.remote.ask,
    askForget: w.dialogs.forget.ask,
    askLook: w.dialogs.look.ask,
    showQr: (qr, say) => doings.showQr(w, qr, say),
    openToken,
    notify: (notice) => doings.notify(w, notice),
    onBusy: (key, busy) => doings.markBusy(w, key, busy),
    onOpened: (key) => {
      w.opened = key;
    },
  });
  w.cover = createCover({ onShow: () => covering.uncover(w), onCome: (name) => covering.come(w, name) });
  w.elsewhere = createElsewhere(w);
  w.customer = createCustomerView({ onLeave: () => showing.leaveCustomer(w) });
  w.idle = createIdle(() => (w.covered ? null : hidesAfter(app)), () => covering.hide(w));
  return Object.assign(w, makeFrame(w));
}

/** @param {Parts} w */
function makeHeader(w) {
  return createHeader({
    onSettings: (settings) => doings.choose(w, settings),
    onSearch: (query) => doings.search(w, query),
    onLeaveSearch: () => doings.move(w, 0),
    onToken: () => doings.openToken(w),
    onAdd: () => doings.openAdd(w),
    onKeys: () => doings.openKeys(w),
    onHide: () => covering.hide(w),
    onOpenSettings: w.openSettings,
  });
}

/** @param {Parts} w */
function openSettings(w) {
  const { settings, table, say } = w.app;
  w.dialogs.settings.open({
    settings,
    policy: table.policy,
    person: table.operator.name,
    unfamiliar: unfamiliarIn(table.rows.values()),
    onReport: () => void doings.copy(w, unfamiliarText(unfamiliarIn(table.rows.values()), w.app.version, Date.now(), say)),
    onChosen: (chosen) => doings.choose(w, chosen),
    onKeep: () => keeping.openKeep(w),
    onEndShift: () => void covering.endShift(w),
    onHandOver: () => void shifts.handOver(w),
    onTakeIn: (file) => void shifts.takeIn(w, file),
    version: w.app.version,
    onBundle: () => void handOut(w, w.app.host.supportBundle, 'support.written'),
    say,
  });
}

/** @param {Parts} w */
function makePane(w) {
  return createPane({
    onPress(press) {
      if (w.app.selected !== null) doings.pressRow(w, w.app.selected, press, w.pane.changedAt());
    },
    onClose: () => doings.closePane(w),
    onReveal: () => void doings.reveal(w),
    onCustomer: () => void showing.showCustomer(w),
    onCopy: (text) => void doings.copy(w, text),
    onCopySupport: () => void doings.copySupport(w),
    onNote: (key, note) => keeping.saveNote(w, key, note),
  });
}

/** @param {Parts} w */
function makeFrame(w) {
  const loading = el('p', { class: 'loading', role: 'status' });
  w.panel.append(w.list.node, w.empty.node, loading);
  const side = el('section', { class: 'list-side' }, w.tabs.node, w.panel, w.several.node);
  const middle = el('main', { class: 'middle' }, side, w.pane.node);
  const frame = el('div', { class: 'app', 'data-loading': true }, w.header.node, w.banners.node, middle, w.footer.node);
  return { loading, frame };
}
