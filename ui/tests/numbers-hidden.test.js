import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { hideNumbers, isHidden, numberOf } from '../app/numbers-hidden.js';
import { viewOf, whoOf } from '../app/rows.js';
import { speaker } from '../app/words/say.js';
import { row } from './preview/rows.js';

const en = speaker('en');
afterEach(() => hideNumbers(() => false));

test('a hidden number shows two digits at the most and not its length', () => {
  hideNumbers(() => true);
  assert.equal(numberOf(row({ id: 1_024 })), '••24');
  assert.equal(numberOf(row({ id: 2_147_483_605 })), '••05');
  for (const id of [1, 24, 99]) assert.equal(numberOf(row({ id })), '••');
});

test('all that names somebody follows the one rule', () => {
  hideNumbers(({ place }) => place === 'desk');
  const [here, there] = [row({ id: 1_024, label: '' }), row({ id: 1_024, label: '', place: 'remote' })];
  assert.deepEqual([isHidden(here), isHidden(there)], [true, false]);
  assert.deepEqual([whoOf(here), whoOf(there)], ['••24', '1024']);
  const view = viewOf(here, Date.now(), en, null);
  assert.deepEqual([view.digits, view.hidden, view.who], [['••24'], true, '••24']);
  assert.equal(viewOf(there, Date.now(), en, null).digits.join(''), '1024');
});
