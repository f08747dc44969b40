/** @import { Row } from './types.js' */
/** @import { Press } from './actions.js' */
/** @import { Parts } from './parts.js' */
import { mainAction, otherActions } from './actions.js';
import { chosenEnvironment, isReadOnly, rowOf, selectedRow } from './app.js';
import { hide } from './covering.js';
import * as doings from './doings.js';
import { isHidden } from './numbers-hidden.js';
import { reachAgain } from './reaching.js';
import { whoOf } from './rows.js';
import { fold, matcher } from './search.js';
import * as severally from './severally.js';
import * as shifts from './shifts.js';
import { showCustomer } from './showing.js';
import { situationOf } from './situation.js';
import { TABS } from './tabs.js';

/**
 * Something that can be done now.
 *
 * @typedef {object} Command
 * @property {string} words
 * @property {string} about whom it concerns; empty for the console as a whole
 * @property {readonly string[]} keys as they are printed, or the names of their words
 * @property {() => void} run
 */

/** @type {Readonly<Partial<Record<Press, string>>>} */
const PRESS_KEYS = { 'open': 'O', 'copy-link': 'L', 'show-qr': 'Q', 'identification-finished': 'F', 'signing-finished': 'F', 'watch-again': 'W', 'check-now': 'keys.name.space', 'look-again': 'A', 'stop': 'X' };

/**
 * Everything that can be done at this moment: first to the selected enrollment, then to the console.
 *
 * @param {Parts} w
 * @returns {Command[]}
 */
export function commandsNow(w) {
  const row = selectedRow(w.app);
  return [...(row && !isReadOnly(w.app) ? rowCommands(w, row) : []), ...(row ? lookingCommands(w, row) : []), ...consoleCommands(w)];
}

/**
 * @param {Parts} w
 * @param {Row} row
 * @returns {Command[]}
 */
function rowCommands(w, row) {
  const { say } = w.app;
  const main = mainAction(row, situationOf(row, Date.now()), chosenEnvironment(w.app)?.token ?? null);
  const { further, endings } = otherActions(row, main);
  const command = (/** @type {Press} */ press, words = say(`do.${press}`)) => ({ words, about: whoOf(row), keys: [PRESS_KEYS[press] ?? ''].filter(Boolean), run: () => pressAsShown(w, row, press) });
  return [...(main ? [command(main.press, say(`do.${main.words}`))] : []), ...[...further, ...endings].map((press) => command(press))];
}

/**
 * What was offered for one state is not done in another.
 *
 * @param {Parts} w
 * @param {Row} shown
 * @param {Press} press
 */
function pressAsShown(w, shown, press) {
  if (rowOf(w.app, shown.key)?.state === shown.state) doings.pressRow(w, shown.key, press, 0);
  else doings.notify(w, { words: w.app.say('refused.moved-on'), tone: 'attention' });
}

/**
 * @param {Parts} w
 * @param {Row} row
 * @returns {Command[]}
 */
function lookingCommands(w, row) {
  const { say } = w.app;
  const shows = isHidden(row) ? [{ words: say('do.reveal'), about: whoOf(row), keys: ['I'], run: () => void doings.reveal(w) }] : [];
  return [
    ...shows,
    { words: say('keys.customer'), about: whoOf(row), keys: ['V'], run: () => void showCustomer(w) },
    { words: say('keys.copy'), about: whoOf(row), keys: ['C'], run: () => void doings.copySupport(w) },
  ];
}

/**
 * @param {Parts} w
 * @returns {Command[]}
 */
function consoleCommands(w) {
  const { say, settings } = w.app;
  const command = (/** @type {string} */ words, /** @type {() => void} */ run, /** @type {string[]} */ ...keys) => ({ words, about: '', keys, run });
  const other = settings.language === 'bg' ? 'en' : 'bg';
  return [
    command(say('keys.add'), () => doings.openAdd(w), 'N'),
    command(say('keys.search'), () => w.header.focusSearch(), '/'),
    ...TABS.map((tab, nth) => command(say('palette.group', { group: say(`group.${tab}`) }), () => doings.chooseTab(w, tab), ...(nth < 4 ? [String(nth + 1)] : []))),
    command(say('keys.several'), () => severally.toggle(w), 'S'),
    command(say('token.title'), () => doings.openToken(w)),
    command(say('reach.ask'), () => void reachAgain(w)),
    command(say('keys.numbers'), () => doings.openNumbers(w), 'T'),
    command(say('header.settings'), () => w.openSettings()),
    command(say('palette.language', { language: say(`header.language.${other}`) }), () => doings.choose(w, { language: other })),
    command(say('header.handover'), () => void shifts.handOver(w)),
    command(say('keys.hide'), () => hide(w), 'H'),
    command(say('keys.help'), () => doings.openKeys(w), '?'),
  ];
}

/**
 * Those that a query means, in whichever alphabet it was written.
 *
 * @param {readonly Command[]} commands
 * @param {string} query
 */
export function commandsFor(commands, query) {
  const matches = matcher(query);
  return commands.filter(({ words, about }) => matches({ id: '', text: fold(`${words} ${about}`) }));
}
