/** @import { Key } from './types.js' */
/** @import { App } from './app.js' */
/** @import { Parts } from './parts.js' */
import { rowOf, rowsHere } from './app.js';
import { lossWords } from './dialogs/quit.js';
import { choose, notify } from './doings.js';
import { paint } from './paint.js';
import { asRefused, refusalWords } from './refusals.js';
import { isInterrupted, ofManyWords, toEach } from './of-many.js';
import { isMarked } from './unsaved.js';

/** A row that moves on while its note is saved is told of within a tick of the host. */
const AGAIN_MS = 200;
const TRIES = 3;

/** What was just done is heard of within one tick, and saved within a few where all is well. */
const TICK_MS = 150;
const TICKS = 4;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Resumes all that were interrupted in this environment, as they are shown now.
 *
 * @param {Parts} w
 */
export async function resumeAll(w) {
  const { app } = w;
  const rows = rowsHere(app).filter(isInterrupted);
  if (app.resuming || rows.length === 0) return;
  const progress = (/** @type {number} */ done) => {
    app.resuming = { done, of: rows.length };
    for (const { key } of rows) w.ownDoing.set(key, Date.now());
    paint(w);
  };
  progress(0);
  const outcome = await toEach(rows, { do: 'watch-again' }, app.host.act, progress);
  app.resuming = null;
  paint(w);
  notify(w, { ...ofManyWords(outcome, 'resumed', app.say), about: 'resumed' });
}

/**
 * Saves a note. It says nothing of the step, so it is no matter whether that has moved on.
 *
 * @param {Parts} w
 * @param {Key} key
 * @param {string} note
 * @returns {Promise<string>} the words of the refusal, empty where there is none
 */
export async function saveNote(w, key, note) {
  const { app } = w;
  try {
    await writeNote(app, key, note, TRIES);
    return '';
  } catch (thrown) {
    const refused = asRefused(thrown);
    const words = app.say('note.refused', { why: refused ? refusalWords(refused, app.say) : app.say('notice.failed') });
    // Where the box has gone on to another enrollment nothing else would tell.
    if (app.selected !== key) notify(w, { words, tone: 'bad' });
    return words;
  }
}

/**
 * @param {App} app
 * @param {Key} key
 * @param {string} note
 * @param {number} tries
 * @returns {Promise<unknown>}
 */
async function writeNote(app, key, note, tries) {
  try {
    // Of a row that is gone the host itself says what it is.
    return await app.host.act(key, rowOf(app, key)?.state ?? 0, { do: 'note', note });
  } catch (thrown) {
    if (asRefused(thrown)?.code !== 'moved-on' || tries <= 1) throw thrown;
    await pause(AGAIN_MS);
    return writeNote(app, key, note, tries - 1);
  }
}

/**
 * @param {Parts} w
 * @param {string} id
 */
export function dismiss(w, id) {
  w.app.dismissed.add(id);
  paint(w);
}

/** @param {Parts} w */
export function openKeep(w) {
  w.dialogs.keep.open(w.app.settings.keepDays, (keepDays) => choose(w, { keepDays }), w.app.say);
}

/**
 * Somebody wants to close the window. Where nothing would end or be lost with it, it closes.
 *
 * @param {Parts} w
 * @param {{ watched: number, tray: boolean }} asked
 */
export async function askQuit(w, { watched, tray }) {
  const { app, dialogs } = w;
  if (dialogs.quit.dialog.open) return;
  try {
    await w.pane.saveNotes();
    // Where watches end with it, it is asked about at once.
    if (watched === 0) {
      await savedIfWell(app);
      if (losses(w) === '') return await app.host.quit();
    }
    const answer = dialogs.quit.choose({ watched, tray }, app.say);
    warnOfLoss(w);
    await answered(w, await answer);
  } catch {
    notify(w, { words: app.say('notice.failed'), tone: 'bad' });
  }
}

/**
 * @param {Parts} w
 * @param {boolean | 'also'} answer
 */
async function answered(w, answer) {
  const { host, say } = w.app;
  if (answer !== 'also') return answer ? host.quit() : host.stay();
  if (!(await host.toTray())) notify(w, { words: say('quit.no-tray'), tone: 'attention' });
}

/**
 * Gives a healthy journal a moment to save what is on its way.
 *
 * @param {App} app
 */
async function savedIfWell(app) {
  for (let ticks = 0; ticks < TICKS; ticks += 1) {
    await pause(TICK_MS);
    if (app.table.journal.health !== 'well' || app.unsaved.size === 0) return;
  }
}

/**
 * Keeps what the question about quitting says of losses true while it stands.
 *
 * @param {Parts} w
 */
export function warnOfLoss(w) {
  if (w.dialogs.quit.dialog.open) w.dialogs.quit.warn(losses(w));
}

/**
 * What would be lost by quitting now, in words; empty where nothing would.
 *
 * @param {Parts} w
 */
function losses({ app, pane }) {
  const { journal, pulse, rows } = app.table;
  const now = Date.now();
  // What is watched goes on changing. A healthy journal saves that at once, and it would only flicker.
  const passing = journal.health === 'well' && pulse.watched > 0;
  const unsaved = [...app.unsaved.keys()].filter((key) => !passing || isMarked(app.unsaved, key, now));
  const notes = pane.unsavedNotes().filter((key) => rows.has(key));
  return lossWords(journal, { rows: unsaved.length, notes: notes.length }, app.say);
}
