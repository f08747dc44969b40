import assert from 'node:assert/strict';
import test from 'node:test';
import { readsAsTime } from '../app/dialogs/look.js';

const at = (/** @type {string} */ text) => new Date(text).getTime();
const NOON = at('2026-03-10T12:00:00');

test('a time of day is its next moment, however it is written', () => {
  for (const typed of ['14:30', '14.30', '1430', ' 14:30 ', '14:30 ч.', '14,30']) {
    assert.equal(readsAsTime(typed, NOON), at('2026-03-10T14:30:00'), typed);
  }
  assert.equal(readsAsTime('13', NOON), at('2026-03-10T13:00:00'));
});

test('a time that has passed today means tomorrow', () => {
  assert.equal(readsAsTime('9:05', NOON), at('2026-03-11T09:05:00'));
  assert.equal(readsAsTime('12:00', NOON), at('2026-03-11T12:00:00'));
});

test('what is no time of day is none', () => {
  for (const typed of ['', 'noon', '24:00', '14:60', '-1', '14:3', '14:300', '1:2:3']) assert.equal(readsAsTime(typed, NOON), null, typed);
});
