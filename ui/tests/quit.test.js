// Closing the window: at once where nothing ends or is lost, and not before it is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp, takeFeed, takeSettings } from '../app/app.js';
import { askQuit, warnOfLoss } from '../app/keeping.js';
import { environment, journal, row } from './preview/rows.js';

let seq = 0;
const feed = (over) => ({ seq: (seq += 1), rows: [], removed: [], environments: null, journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over });
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A window with what closing it needs, and what became of that. */
function windowWith(rows, kept, notes = []) {
  const happened = [];
  const app = newApp(/** @type {any} */ ({ quit: async () => happened.push('quit'), stay: async () => happened.push('stay') }));
  takeSettings(app, { environment: 'Sandbox', language: 'en' });
  seq = 0;
  takeFeed(app, feed({ rows, environments: [environment()], journal: kept }));
  const dialog = { open: false };
  const w = /** @type {any} */ ({
    app,
    pane: { saveNotes: async () => happened.push('notes'), unsavedNotes: () => notes },
    dialogs: {
      quit: {
        dialog,
        choose: async () => {
          happened.push('ask');
          dialog.open = true;
          return false;
        },
        warn: (words) => happened.push(words),
      },
    },
  });
  return { w, app, happened };
}

/** Lets the time of the question pass, in steps. */
async function pass(t, ms) {
  for (let passed = 0; passed < ms; passed += 50) {
    await tick();
    t.mock.timers.tick(50);
  }
  await tick();
}

test('where nothing is watched and all is saved the window closes', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { w, happened } = windowWith([row()], journal());
  void askQuit(w, { watched: 0, tray: false });
  await pass(t, 200);
  assert.deepEqual(happened, ['notes', 'quit']);
});

test('a healthy journal is given a moment, and nothing is asked where that was enough', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const one = row({ saved: false });
  const { w, app, happened } = windowWith([one], journal());
  void askQuit(w, { watched: 0, tray: false });
  await pass(t, 300);
  assert.deepEqual(happened, ['notes']);
  takeFeed(app, feed({ rows: [{ ...one, saved: true }] }));
  await pass(t, 200);
  assert.deepEqual(happened, ['notes', 'quit']);
});

test('what is not saved after that moment is asked about, however short it has waited', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { w, app, happened } = windowWith([row({ saved: false })], journal());
  void askQuit(w, { watched: 0, tray: false });
  await pass(t, 550);
  assert.deepEqual(happened, ['notes']);
  takeFeed(app, feed({ rows: [row({ saved: false })] }));
  await pass(t, 100);
  assert.deepEqual(happened, ['notes', 'ask', 'Changes to 2 customers are not saved yet. They are lost if you quit now.', 'stay']);
});

test('a change is asked about that is heard of only after the window was to close', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const one = row();
  const { w, app, happened } = windowWith([one], journal({ health: 'opening', saved: null }));
  void askQuit(w, { watched: 0, tray: false });
  await pass(t, 100);
  takeFeed(app, feed({ rows: [{ ...one, saved: false }] }));
  await pass(t, 100);
  assert.match(happened[2], /^Changes to 1 customer are not saved yet/);
});

test('a journal that is troubled or not open yet is given no moment more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const health of [{ health: 'troubled', trouble: 'full' }, { health: 'opening', saved: null }]) {
    const { w, happened } = windowWith([row({ saved: false })], journal(health));
    void askQuit(w, { watched: 0, tray: false });
    await pass(t, 150);
    assert.deepEqual([happened.length, happened[1]], [4, 'ask'], health.health);
  }
});

test('a note that was refused is asked about, but not that of somebody who is gone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const one = row();
  const kept = windowWith([one], journal(), [one.key]);
  void askQuit(kept.w, { watched: 0, tray: false });
  await pass(t, 150);
  assert.deepEqual(kept.happened, ['notes', 'ask', 'The note is not saved. It is lost if you quit now.', 'stay']);
  const gone = windowWith([], journal(), [one.key]);
  void askQuit(gone.w, { watched: 0, tray: false });
  await pass(t, 150);
  assert.deepEqual(gone.happened, ['notes', 'quit']);
});

test('while somebody is watched it is asked at once, and what is only passing does not flicker', async () => {
  const { w, app, happened } = windowWith([row({ saved: false })], journal());
  takeFeed(app, feed({ pulse: { watched: 1, pollsPerSecond: 0.4 } }));
  await askQuit(w, { watched: 1, tray: false });
  assert.deepEqual(happened, ['notes', 'ask', '', 'stay']);
  app.unsaved = new Map([...app.unsaved.keys()].map((key) => [key, Date.now() - 500]));
  warnOfLoss(w);
  assert.match(happened.at(-1), /^Changes to 1 customer/);
});

test('whoever goes on in the tray keeps every watch, and the window stays where there is none any more', async () => {
  for (const there of [true, false]) {
    const { w, app, happened } = windowWith([], journal());
    app.host.toTray = async () => {
      happened.push('tray');
      return there;
    };
    const told = [];
    Object.assign(w, { notices: { show: (/** @type {{ words: string }} */ { words }) => told.push(words) }, covered: null, showing: null });
    w.dialogs.quit.choose = async () => 'also';
    await askQuit(w, { watched: 2, tray: true });
    assert.deepEqual(happened.filter((one) => one !== ''), ['notes', 'tray']);
    assert.equal(told.length, there ? 0 : 1);
  }
});
