import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp, showRows, takeFeed, takeSettings } from '../app/app.js';
import { bestOrder, heldOrder } from '../app/order.js';
import { situationOf } from '../app/situation.js';
import { applyFeed, emptyTable, joinEntries } from '../app/store.js';
import { environment, everySituation, link, row } from './preview/rows.js';

const NOW = Date.now();
const feed = (over) => ({ seq: 1, rows: [], removed: [], environments: null, journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over });

function appWith(rows) {
  const app = newApp(/** @type {any} */ ({}));
  takeSettings(app, { environment: 'Sandbox', language: 'en' });
  takeFeed(app, feed({ rows, environments: [environment()] }));
  return app;
}

test('attention comes first, then the newest change', () => {
  const all = everySituation(NOW);
  const placed = ['stopped', 'expected', 'rejected', 'signed', 'ready', 'new-link-needed'].map((name) => all[name]).map((one) => ({ row: one, situation: situationOf(one, NOW) }));
  const names = bestOrder(placed, 'attention', 'en').map((key) => placed.find((one) => one.row.key === key)?.situation);
  assert.deepEqual(names, ['ready', 'new-link-needed', 'signed', 'rejected', 'expected', 'stopped']);
});

test('a hand on the list holds every row in its place', () => {
  assert.deepEqual(heldOrder([3, 1, 2], [2, 4, 3], (key) => key !== 1), [3, 2, 4]);
});

test('a row that leaves its group stays until the hand is gone', () => {
  const [a, b] = [row({ step: { step: 'ready' }, link: link(), since: NOW - 9000 }, NOW), row({ step: { step: 'ready' }, link: link(), since: NOW - 5000 }, NOW)];
  const app = appWith([a, b]);
  assert.deepEqual([...showRows(app, NOW, false).order], [b.key, a.key]);
  takeFeed(app, feed({ seq: 2, rows: [{ ...b, state: 2, step: { step: 'signing' }, since: NOW }] }));
  const held = showRows(app, NOW, true);
  assert.deepEqual([...held.order], [b.key, a.key]);
  assert.equal(held.stale, true);
  assert.equal(held.counts['needs-me'], 1);
  assert.deepEqual([...showRows(app, NOW, false).order], [a.key]);
});

test('rows of another environment are not listed', () => {
  const app = appWith([row({ step: { step: 'ready' }, environment: 'Elsewhere' }, NOW)]);
  assert.equal(showRows(app, NOW, false).placed.size, 0);
});

test('a table is made by the first feed and changed by the next', () => {
  const [a, b] = [row(), row()];
  const table = emptyTable();
  assert.ok(applyFeed(table, feed({ rows: [a, b] })));
  assert.equal(table.rows.size, 2);
  assert.ok(applyFeed(table, feed({ seq: 2, rows: [{ ...a, label: 'new' }], removed: [b.key] })));
  assert.deepEqual([...table.rows.values()].map((one) => one.label), ['new']);
});

test('a gap in the numbers asks for a new subscription, which starts from nothing', () => {
  const table = emptyTable();
  assert.ok(applyFeed(table, feed({ rows: [row(), row()] })));
  assert.equal(applyFeed(table, feed({ seq: 3, rows: [row()] })), false);
  assert.equal(table.rows.size, 2);
  assert.ok(applyFeed(table, feed({ seq: 1, rows: [row()] })));
  assert.equal(table.rows.size, 1);
});

test('lines of a timeline come once and in order, from wherever they come', () => {
  const line = (seq) => ({ seq, at: '2026-01-01T00:00:00Z', event: { event: 'handed-on' } });
  assert.deepEqual(joinEntries([line(2), line(3)], [line(1), line(2)]).map((one) => one.seq), [1, 2, 3]);
});
