import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrive, meant } from '../app/arriving.js';
import { newApp, takeFeed, takeSettings } from '../app/app.js';
import { environment, link, row } from './preview/rows.js';

const feed = (rows) => ({ seq: 1, rows, removed: [], environments: [environment()], journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [] });

/** A window without a page: what it was told, and what it did. */
function windowWith(rows, over = {}) {
  const [acts, notices] = [[], []];
  const app = newApp(/** @type {any} */ ({ act: async (...args) => acts.push(args) }));
  takeSettings(app, { environment: 'Sandbox', language: 'en' });
  takeFeed(app, feed(rows));
  const w = { app, covered: null, showing: null, arrived: null, notices: { show: (notice) => notices.push(notice) }, ...over };
  return { w: /** @type {any} */ (w), acts, notices };
}

const finished = (over = {}) => ({ link: 'finished', id: 1024, userType: null, says: 'signing-finished', ...over });
const handedOver = (over = {}) => row({ id: 1024, label: 'Иванова', step: { step: 'signing' }, link: link({ opened: true }), ...over });

test('where the link was handed over here the statement is made, also while the list is hidden', async () => {
  for (const covered of [null, { why: 'hidden' }]) {
    const { w, acts, notices } = windowWith([handedOver()], { covered });
    await arrive(w, finished());
    const [one] = [...w.app.table.rows.values()];
    assert.deepEqual(acts, [[one.key, one.state, { do: 'returned' }]]);
    assert.equal(notices.length, covered ? 0 : 1, 'a hidden list names nobody');
    assert.equal(w.arrived, null);
  }
});

test('nothing is stated for somebody whose link was not handed over here, or who may be another', async () => {
  for (const rows of [
    [handedOver({ link: null })],
    [handedOver({ step: { step: 'ready' }, link: link() })],
    [handedOver(), handedOver({ userType: 'merchant' })],
  ]) {
    const { w, acts } = windowWith(rows, { covered: { why: 'hidden' } });
    await arrive(w, finished());
    assert.deepEqual(acts, []);
    assert.deepEqual(w.arrived, finished(), 'it waits until somebody sees it');
  }
  const { w, acts, notices } = windowWith([handedOver()]);
  await arrive(w, finished({ id: 7 }));
  assert.deepEqual(acts, []);
  assert.match(notices[0].words, /for 7/);
});

test('a type that is said counts', () => {
  assert.ok(meant(finished())(row({ id: 1024, userType: 'merchant' })));
  assert.ok(!meant(finished({ userType: 'individual' }))(row({ id: 1024, userType: 'merchant' })));
});
