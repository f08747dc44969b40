/** @import { Feed } from './types.js' */
/** @import { App } from './app.js' */
/** @import { Parts } from './parts.js' */
import { readTimelineAgain, showRows, takeFeed, takeStart } from './app.js';
import { arrive } from './arriving.js';
import { applySettings, cameBack, notify } from './doings.js';
import { setAttribute, setText } from './dom.js';
import { newsOf } from './heads-up.js';
import { askQuit } from './keeping.js';
import { paint } from './paint.js';
import { makeParts } from './parts.js';
import { createSteering } from './steering.js';

const FOLLOW_AGAIN_MS = 2_000;

/**
 * Opens the window and keeps it painted from the host's feed.
 *
 * @param {App} app
 */
export async function openWindow(app) {
  const w = makeParts(app);
  document.body.replaceChildren(w.frame, w.notices.stack, w.notices.voice, ...w.dialogs.nodes);
  setText(w.loading, app.say('app.loading'));
  createSteering(w);
  w.idle.listen();
  window.addEventListener('focus', () => cameBack(w));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !isLoading(w)) paint(w);
  });
  try {
    takeStart(app, await app.host.start());
    applySettings(w);
    setText(w.loading, app.say('app.loading'));
    // Without it the window closes unasked: no reason to show nothing at all.
    app.host.closing((asked) => void askQuit(w, asked)).catch(() => {});
    await follow(w);
    app.host.links((link) => void arrive(w, link)).catch(() => {});
  } catch {
    setText(w.loading, `${app.say('app.failed')} ${app.say('app.failed.more')}`);
  }
}

/**
 * Follows the feed, anew wherever a number is missing.
 *
 * @param {Parts} w
 */
async function follow(w) {
  let current = true;
  await w.app.host.subscribe((feed) => {
    // What an older subscription still has on its way is not for this table any more.
    if (current) current = take(w, feed);
    else return;
    if (!current) void followAgain(w);
  });
}

/**
 * A list that stands still says so, and goes on trying.
 *
 * @param {Parts} w
 */
async function followAgain(w) {
  try {
    await follow(w);
  } catch {
    notify(w, { words: w.app.say('app.failed'), tone: 'bad', about: 'feed' });
    setTimeout(() => void followAgain(w), FOLLOW_AGAIN_MS);
  }
}

/**
 * @param {Parts} w
 * @param {Feed} feed
 */
function take(w, feed) {
  const { health } = w.app.table.journal;
  const news = newsOf(w.app.table, feed, Date.now());
  if (!takeFeed(w.app, feed)) return false;
  w.elsewhere.tell(news, feed.rows);
  void readTimelineAgain(w.app, health).then((asked) => asked && paint(w));
  const first = isLoading(w);
  land(w);
  setAttribute(w.frame, 'data-loading', null);
  if (first || !document.hidden) paint(w);
  document.documentElement.dataset.ready = 'true';
  return true;
}

/**
 * The console opens on what needs a hand, or on everything where nothing does: as soon as what was
 * kept is there, unless somebody has chosen meanwhile.
 *
 * @param {Parts} w
 */
function land(w) {
  if (w.landed || w.app.table.journal.health === 'opening') return;
  w.landed = true;
  // When what was kept came to be painted, for whoever measures a start.
  requestAnimationFrame(() => setTimeout(() => performance.mark('landed'), 0));
  if (showRows(w.app, Date.now(), false).counts['needs-me'] === 0) w.app.tab = 'all';
}

/** @param {Parts} w */
function isLoading({ frame }) {
  return frame.hasAttribute('data-loading');
}
