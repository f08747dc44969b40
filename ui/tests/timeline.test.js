// A timeline that is not whole says so, and is asked for again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp, readTimelineAgain, selectRow, takeFeed } from '../app/app.js';
import { timelineNotes } from '../app/timeline.js';
import { speaker } from '../app/words/say.js';
import { environment, journal, row } from './preview/rows.js';

const [en, bg] = [speaker('en'), speaker('bg')];
const entry = (seq) => ({ seq, at: '2026-03-03T09:30:00Z', by: null, event: { event: 'resumed' } });
const entries = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => entry(first + at));
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** An app whose host answers one timeline after the other; null rejects, as the host does. */
function appWith(kept, answers) {
  const one = row();
  const asked = [];
  const app = newApp(/** @type {any} */ ({
    timeline: async (key) => {
      asked.push(key);
      const answer = answers.shift();
      if (!answer) throw null;
      return answer;
    },
  }));
  let seq = 0;
  const feed = (over) => takeFeed(app, { seq: (seq += 1), rows: [], removed: [], environments: null, journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over });
  feed({ rows: [one], environments: [environment()], journal: kept });
  return { app, one, feed, asked };
}

test('older lines that cannot be read leave what the feed told, and it does not look whole', async () => {
  const { app, one, feed } = appWith(journal({ health: 'troubled', trouble: 'busy' }), [null]);
  const selecting = selectRow(app, one.key);
  feed({ entries: [[one.key, entry(8)]] });
  assert.deepEqual(app.timeline, { reading: 'loading', lines: [entry(8)] });
  await selecting;
  feed({ entries: [[one.key, entry(9)]] });
  assert.deepEqual(app.timeline, { reading: 'failed', lines: [entry(8), entry(9)] });
  assert.match(timelineNotes(app.timeline, true, en).above, /^Only the newest lines.*could not be read/);
  assert.match(timelineNotes({ reading: 'failed', lines: [] }, true, bg).above, /не можа да се зареди/);
});

test('it is read again once the journal is well, and joined with what came meanwhile', async () => {
  const { app, one, feed, asked } = appWith(journal({ health: 'troubled', trouble: 'busy' }), [null, entries(1, 8)]);
  await selectRow(app, one.key);
  feed({ entries: [[one.key, entry(9)]], journal: journal({ health: 'troubled', trouble: 'full' }) });
  assert.equal(await readTimelineAgain(app, 'troubled'), false);
  feed({ journal: journal() });
  const reading = readTimelineAgain(app, 'troubled');
  assert.equal(app.timeline.reading, 'loading');
  assert.equal(await reading, true);
  assert.deepEqual(app.timeline, { reading: 'read', lines: entries(1, 9) });
  assert.equal(await readTimelineAgain(app, 'troubled'), false);
  assert.equal(asked.length, 2);
});

test('a row that is opened again is asked for again', async () => {
  const { app, one } = appWith(journal({ health: 'troubled', trouble: 'io' }), [null, entries(1, 2)]);
  await selectRow(app, one.key);
  await selectRow(app, null);
  await selectRow(app, one.key);
  assert.deepEqual(app.timeline, { reading: 'read', lines: entries(1, 2) });
});

test('trouble that nobody heard of is waited for a moment, and no longer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const passing = appWith(journal(), [null, entries(1, 2)]);
  void selectRow(passing.app, passing.one.key);
  await tick();
  assert.equal(passing.app.timeline.reading, 'loading');
  t.mock.timers.tick(1000);
  await tick();
  assert.equal(passing.app.timeline.reading, 'read');
  const lasting = appWith(journal(), [null, null]);
  void selectRow(lasting.app, lasting.one.key);
  await tick();
  t.mock.timers.tick(1000);
  await tick();
  assert.equal(lasting.app.timeline.reading, 'failed');
  assert.equal(lasting.asked.length, 2);
});

test('a late refusal takes back no timeline that was read meanwhile', async () => {
  const { app, one } = appWith(journal({ health: 'troubled', trouble: 'io' }), []);
  /** @type {((refused: null) => void)[]} */
  const waiting = [];
  app.host.timeline = () => new Promise((_, reject) => waiting.push(reject));
  const first = selectRow(app, one.key);
  app.host.timeline = async () => entries(1, 2);
  await selectRow(app, one.key);
  waiting[0]?.(null);
  await first;
  assert.equal(app.timeline.reading, 'read');
});

test('a thousand lines and no first one: the rest is in the export', () => {
  const below = (lines, isKept = true, say = en) => timelineNotes({ reading: 'read', lines }, isKept, say).below;
  assert.equal(below(entries(1, 1200)), '');
  assert.equal(below(entries(2, 1001)), 'Older lines are in the export.');
  assert.equal(below(entries(2, 1001), true, bg), 'По-старите редове са в експорта.');
  // Where nothing is kept, and where the journal has lost some, no export has them either.
  assert.equal(below(entries(2, 1001), false), 'The lines before these are missing.');
  assert.equal(below(entries(4, 9)), 'The lines before these are missing.');
  assert.equal(below([]), '');
});
