/** @import { Row } from './types.js' */
/** @import { News } from './heads-up.js' */
/** @import { Parts } from './parts.js' */
import { needsByEnvironment } from './app.js';
import { grownLong, headsUpWords, titleWords } from './heads-up.js';
import { turnsAt } from './situation.js';

/**
 * What is told to whoever does not look at the window: in words on the desktop, and as a number in
 * the title and in the tray. It goes on while the window is hidden.
 *
 * @param {Parts} w
 */
export function createElsewhere(w) {
  let inTray = '';
  let until = Date.now();
  let next = Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {News} news */
  function say(news) {
    const { app, covered, showing } = w;
    if (document.hasFocus()) return;
    const chosen = app.settings.headsUp === 'names' && (covered || showing) ? 'counts' : app.settings.headsUp;
    const words = headsUpWords(news, chosen, app.settings.muted, app.say);
    // Whoever cannot be told sees it all the same.
    if (words !== '') app.host.tell(words, app.settings.sound).catch(() => {});
  }

  /** @param {number} now */
  function count(now) {
    const { app } = w;
    const waiting = [...needsByEnvironment(app, now).values()].reduce((sum, one) => sum + one, 0);
    const title = titleWords(waiting, app.say);
    document.title = title;
    const words = { waiting, title, show: app.say('tray.show'), quit: app.say('quit.yes') };
    const told = JSON.stringify(words);
    if (told === inTray) return;
    inTray = told;
    app.host.sayInTray(words).catch(() => {});
  }

  /**
   * Time alone makes a signing long: nothing else would wake anybody then. A row that has moved on
   * meanwhile costs one look at all of them.
   *
   * @param {Iterable<Row>} rows that may come to it before all others
   */
  function waitForLong(rows) {
    const before = next;
    for (const row of rows) next = Math.min(next, turnsAt(row, until) ?? Infinity);
    if (next === before) return;
    clearTimeout(timer);
    timer = setTimeout(grow, Math.max(0, next - Date.now()));
  }

  function grow() {
    const now = Date.now();
    const rows = grownLong(w.app.table, until, now);
    until = now;
    say({ rows, tokens: [] });
    count(now);
    next = Infinity;
    waitForLong(w.app.table.rows.values());
  }

  /**
   * @param {News} news
   * @param {Iterable<Row>} rows that a feed has just brought
   */
  function tell(news, rows) {
    count(Date.now());
    say(news);
    waitForLong(rows);
  }

  return { tell };
}
