import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSight, neighbour, scrolledTo } from '../app/sight.js';

const view = (over) => ({ top: 0, height: 500, rowHeight: 72, count: 10_000, ...over });

test('only what is in sight is there, with a page before and after it', () => {
  assert.deepEqual(inSight(view({})), { first: 0, end: 15 });
  assert.deepEqual(inSight(view({ top: 72 * 5000 })), { first: 4993, end: 5015 });
  assert.deepEqual(inSight(view({ top: 72 * 9_993 })), { first: 9_986, end: 10_000 });
});

test('everything in sight is among it wherever the list is scrolled', () => {
  for (let top = 0; top < 72 * 200; top += 7) {
    const { first, end } = inSight(view({ top, count: 200 }));
    const [begins, ends] = [Math.floor(top / 72), Math.min(200, Math.ceil((top + 500) / 72))];
    assert.ok(first <= begins && ends <= end, `${top}: ${first} to ${end}`);
  }
});

test('a list that became shorter or has no rows shows none that are not there', () => {
  assert.deepEqual(inSight(view({ count: 0 })), { first: 0, end: 0 });
  assert.deepEqual(inSight(view({ rowHeight: 0 })), { first: 0, end: 0 });
  const { first, end } = inSight(view({ top: 72 * 100, count: 3 }));
  assert.ok(first <= end && end <= 3);
});

test('a row is brought into sight by as little as possible', () => {
  assert.equal(scrolledTo(view({ top: 720 }), 12), 720, 'it is there already');
  assert.equal(scrolledTo(view({ top: 720 }), 9), 648);
  assert.equal(scrolledTo(view({ top: 720 }), 17), 18 * 72 - 500);
});

test('the focus of a row that goes passes to the next one that stays', () => {
  const stays = (...keys) => (key) => keys.includes(key);
  assert.equal(neighbour([1, 2, 3, 4], 2, stays(1, 4)), 4);
  assert.equal(neighbour([1, 2, 3, 4], 3, stays(1, 2)), 2);
  assert.equal(neighbour([1, 2], 2, stays()), undefined);
});
