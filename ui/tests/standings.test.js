import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matcher, searchedBy } from '../app/search.js';
import { ORDERS } from '../app/order.js';
import { SIGNING_IS_LONG_MS } from '../app/situation.js';
import { newStandings } from '../app/standings.js';
import { TABS } from '../app/tabs.js';
import { speaker } from '../app/words/say.js';
import { everySituation, row } from './preview/rows.js';

const NOW = Date.now();
const en = speaker('en');
const LISTING = { environment: 'Sandbox', tab: 'all', order: 'attention', language: 'en', query: '' };
const feed = (rows, removed = [], seq = 2) => ({ seq, rows, removed });
const finder = (query) => ({ row: one, situation }) => query === '' || matcher(query)(searchedBy(one, situation, en));

/** Numbers that look random and are the same in every run. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const seen = (standings) => ({
  best: [...standings.best()],
  found: { ...standings.found() },
  situations: { ...standings.situations() },
  placed: [...standings.placed()].sort(([a], [b]) => a - b).map(([key, { situation }]) => [key, situation]),
  turnsAt: standings.turnsAt(),
});

test('what is kept from feed to feed is what a look at every row finds', () => {
  const roll = dice(7);
  const situations = () => Object.values(everySituation(NOW));
  const kept = newStandings();
  const rows = new Map();
  let now = NOW;
  for (let round = 0; round < 400; round += 1) {
    now += roll(4) * 60_000;
    const come = Array.from({ length: roll(6) }, () => {
      const like = situations()[roll(situations().length)];
      // Few keys, ids and times: what is new often stands beside its like, or is the same customer.
      return { ...like, key: 1 + roll(60), id: 1 + roll(40), since: now - roll(5) * 60_000, environment: roll(8) === 0 ? 'Elsewhere' : 'Sandbox', label: ['', 'Иванова', 'Delta OOD'][roll(3)] };
    });
    const removed = [1 + roll(60)].filter((key) => !come.some((one) => one.key === key));
    for (const one of come) rows.set(one.key, one);
    for (const key of removed) rows.delete(key);
    kept.touch(feed(come, removed));
    const query = ['', '', 'ivanova', '3'][Math.floor(round / 20) % 4];
    const listing = { ...LISTING, query, tab: TABS[Math.floor(round / 30) % TABS.length], order: ORDERS[Math.floor(round / 50) % ORDERS.length] };
    kept.look(rows, now, listing, finder(query));
    const anew = newStandings();
    anew.look(rows, now, listing, finder(query));
    assert.deepEqual(seen(kept), seen(anew), `round ${round}`);
  }
});

test('a change that moves nobody leaves the order itself alone', () => {
  const [a, b] = [row({}, NOW), row({}, NOW)];
  const standings = newStandings();
  const rows = new Map([a, b].map((one) => [one.key, one]));
  standings.look(rows, NOW, LISTING, finder(''));
  const before = standings.best();
  rows.set(a.key, { ...a, status: 'ELSE' });
  standings.touch(feed([{ ...a, status: 'ELSE' }]));
  standings.look(rows, NOW, LISTING, finder(''));
  assert.equal(standings.best(), before);
  assert.equal(standings.placed().get(a.key)?.row.status, 'ELSE');
});

test('changes are told once, from what was last told, and none of what is new', () => {
  const { 'pre-sign': pre, 'ready': ready, 'failed-a': failed } = everySituation(NOW);
  const standings = newStandings();
  const rows = new Map();
  const take = (one) => {
    rows.set(one.key, one);
    standings.touch(feed([one]));
    standings.look(rows, NOW, LISTING, finder(''));
  };
  const told = () => standings.takeChanges().map(({ was, situation }) => [was, situation]);
  take(pre);
  assert.deepEqual(told(), []);
  take({ ...ready, key: pre.key });
  take({ ...failed, key: pre.key });
  assert.deepEqual(told(), [['pre-sign', 'failed-a']]);
  assert.deepEqual(told(), []);
  take({ ...ready, key: pre.key });
  take({ ...failed, key: pre.key });
  assert.deepEqual(told(), [], 'it is what it was');
  take({ ...ready, key: pre.key });
  // Whoever looks at another group hears of it all the same.
  standings.look(rows, NOW, { ...LISTING, tab: 'done' }, finder(''));
  assert.deepEqual(told(), [['failed-a', 'ready']]);
  take(pre);
  standings.forget();
  take({ ...ready, key: pre.key });
  assert.deepEqual(told(), [], 'forgotten');
});

test('time alone moves a signing to those that need a hand', () => {
  const signing = { ...everySituation(NOW).signing, since: NOW };
  const standings = newStandings();
  const rows = new Map([[signing.key, signing]]);
  standings.look(rows, NOW, LISTING, finder(''));
  assert.equal(standings.turnsAt(), NOW + SIGNING_IS_LONG_MS);
  assert.equal(standings.found().waiting, 1);
  standings.look(rows, NOW + SIGNING_IS_LONG_MS, LISTING, finder(''));
  assert.deepEqual([standings.turnsAt(), standings.found().waiting, standings.found()['needs-me']], [null, 0, 1]);
});
