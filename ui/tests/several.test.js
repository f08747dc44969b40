import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp, showRows, takeFeed, takeSettings } from '../app/app.js';
import * as choosing from '../app/choosing.js';
import { ORDERS, bestOrder } from '../app/order.js';
import { situationOf } from '../app/situation.js';
import { tableText } from '../app/table-text.js';
import { speaker } from '../app/words/say.js';
import { environment, everySituation, problem, row } from './preview/rows.js';

const NOW = Date.now();
const feed = (over) => ({ seq: 1, rows: [], removed: [], environments: null, journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over });

function listOf(rows) {
  const app = newApp(/** @type {any} */ ({}));
  takeSettings(app, { environment: 'Sandbox', language: 'en', order: 'id' });
  takeFeed(app, feed({ rows, environments: [environment()] }));
  app.tab = 'all';
  showRows(app, NOW, false);
  return app;
}

test('every order puts every row somewhere, and each has its own first one', () => {
  const running = (left) => ({ step: 'pre-sign', time: { clock: 'running', deadline: NOW + left, capMs: 300_000 } });
  const rows = [
    row({ id: 5, label: 'Яна', since: NOW - 1000, step: { step: 'ready' } }),
    row({ id: 4, label: '', since: NOW - 90_000, step: running(200_000) }),
    row({ id: 3, label: 'Борис', since: NOW - 30_000, step: running(20_000) }),
    row({ id: 2, label: 'Ана', since: NOW - 900_000, step: { step: 'handed-on' } }),
  ];
  const placed = rows.map((one) => ({ row: one, situation: situationOf(one, NOW) }));
  const firsts = ORDERS.map((order) => {
    const keys = bestOrder(placed, order, 'bg');
    assert.deepEqual([...keys].sort(), rows.map((one) => one.key).sort());
    return rows.find((one) => one.key === keys[0])?.id;
  });
  assert.deepEqual(firsts, [5, 2, 4, 3, 2, 2]);
  const byName = bestOrder(placed, 'name', 'bg').map((key) => rows.find((one) => one.key === key)?.id);
  assert.deepEqual(byName, [2, 3, 5, 4], 'who has no label comes last');
});

test('one, a range and all are chosen as they stand in the list', () => {
  const rows = [1, 2, 3, 4, 5].map((id) => row({ id }));
  const app = listOf(rows);
  const ids = () => choosing.chosenRows(app).map(({ id }) => id);
  choosing.chooseOne(app, rows[3].key);
  choosing.chooseTo(app, rows[1].key);
  assert.deepEqual(ids(), [2, 3, 4]);
  choosing.chooseOne(app, rows[2].key);
  assert.deepEqual(ids(), [2, 4]);
  choosing.chooseAll(app);
  assert.deepEqual(ids(), [1, 2, 3, 4, 5]);
  choosing.chooseAll(app);
  assert.deepEqual(ids(), []);
  choosing.toggleChoosing(app);
  assert.equal(app.chosen, null);
});

test('who leaves the list is chosen no more, and who only leaves the group is', () => {
  const rows = [row({ id: 1 }), row({ id: 2 })];
  const app = listOf(rows);
  choosing.chooseAll(app);
  takeFeed(app, feed({ seq: 2, removed: [rows[0].key] }));
  app.tab = 'trouble';
  showRows(app, NOW, false);
  assert.deepEqual(choosing.chosenRows(app).map(({ id }) => id), [2]);
});

test('a press goes to those for whom it means something', () => {
  const all = everySituation(NOW);
  const rows = [all['pre-sign'], all['signed'], all['timed-out-a'], all['wrong-id']];
  assert.deepEqual(choosing.whoTakes(rows, 'stop', NOW), [all['pre-sign']]);
  assert.deepEqual(choosing.whoTakes(rows, 'watch-again', NOW), [all['timed-out-a']]);
});

test('a table has a line for each, no formula and nothing unseen', () => {
  const rejected = problem({ kind: 'refused', http: 404, traceId: '00-84c1' });
  const rows = [
    row({ id: 7, label: '=1+1\tx\u202e', since: 0 }),
    row({ id: 8, since: 0, step: { step: 'ended', phase: 'pre-sign', miss: { outcome: 'rejected', problem: rejected } } }),
  ];
  const lines = tableText(rows, environment(), NOW, speaker('en')).split('\n').map((line) => line.split('\t'));
  assert.equal(lines.length, 3);
  assert.ok(lines.every((cells) => cells.length === lines[0].length));
  assert.equal(lines[1][2], "'=1+1\\u{9}x\\u{202e}");
  assert.deepEqual(lines[2].slice(-3), ['404', '00-84c1', 'Sandbox']);
});
