import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entered, fateOf, isList, unreadableWords, verdictWords, whoIsHere } from '../app/intake.js';
import { speaker } from '../app/words/say.js';
import { codesOf } from './codes.js';
import { row } from './preview/rows.js';

const en = speaker('en');
const good = (over = {}) => ({ verdict: 'good', id: 1024, userType: null, label: '', ...over });
const line = (verdict, over = {}) => ({ ...entered([{ number: 1, text: 'x', verdict }])[0], ...over });

test('one id is typed, and anything more is a list', () => {
  for (const one of ['1024', ' 1024\n', '']) assert.equal(isList(one), false, one);
  for (const many of ['1024\n7731', '1024,7731', '1024 7731', '1024;Иванова', '1024\tmerchant']) assert.equal(isList(many), true, many);
});

test('who is in the list already is passed over, in the type that the line or the agent says', () => {
  const rows = whoIsHere([row({ id: 1024, userType: 'individual' })]);
  assert.equal(fateOf(line(good()), 'individual', rows), 'here');
  assert.equal(fateOf(line(good()), 'merchant', rows), 'good');
  assert.equal(fateOf(line(good({ userType: 'merchant' })), 'individual', rows), 'good');
  assert.equal(fateOf(line(good(), { refused: 'no' }), 'merchant', rows), 'bad');
  assert.equal(fateOf(line({ verdict: 'bad-type' }), 'merchant', rows), 'bad');
});

test('every verdict and every trouble with a list has words', () => {
  for (const verdict of codesOf('IntakeVerdict', 'verdict')) {
    const words = verdictWords(line(verdict === 'good' ? good() : { verdict, rule: 'not-digits', line: 4 }), 'good', 'merchant', en);
    assert.doesNotMatch(words, /list-add|bad-id|\{/, verdict);
  }
  for (const code of codesOf('IntakeError', 'code')) assert.doesNotMatch(unreadableWords({ code }, en), /list-add/, code);
  assert.equal(verdictWords(line(good()), 'here', 'merchant', en), 'Already in the list');
  assert.equal(verdictWords(line(good(), { refused: 'The list is read-only.' }), 'bad', 'merchant', en), 'The list is read-only.');
});
