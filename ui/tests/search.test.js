import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, matcher, searchedBy } from '../app/search.js';
import { speaker } from '../app/words/say.js';
import { row } from './preview/rows.js';

const found = (query, over, situation = 'ready', language = 'en') => matcher(query)(searchedBy(row(over), situation, speaker(language)));

test('ids are found by their digits, labels and words by any part', () => {
  const one = { id: 1_048_576, label: 'Иванова, М.', status: 'PROCESSING' };
  for (const query of ['1 048', '485', 'иван', 'ready', 'process', 'Иванова ready', 'individual', '']) assert.ok(found(query, one), query);
  for (const query of ['999', 'Петрова', 'ready Петрова']) assert.ok(!found(query, one), query);
});

test('a name is found in whichever alphabet it was written or is looked for', () => {
  for (const [label, queries] of [
    ['Иванова, Мария', ['Ivanova', 'ivanova maria', 'Mariya', 'ИВАНОВА', 'иванова, м']],
    ['Shterev, Zhivko', ['Щерев', 'Живко']],
    ['Щерева, Цветелина', ['Shtereva', 'tsvetelina', 'Щерев']],
    ['Гьозов, Юлий', ['Gyozov', 'yuliy']],
    ['Müller, André', ['muller', 'andre']],
  ]) for (const query of queries) assert.ok(found(query, { label }), `${query} in ${label}`);
  assert.ok(!found('Ivanova', { label: 'Петрова' }));
});

test('words of the other language are compared the same way', () => {
  assert.ok(found('gotovo', {}, 'ready', 'bg'));
  assert.ok(found('готово за подписване', {}, 'ready', 'bg'));
});

test('a row that changes is read anew, in either language', () => {
  const before = row({ label: 'Иванова' });
  const [bg, en] = [speaker('bg'), speaker('en')];
  assert.ok(searchedBy(before, 'ready', en).text.includes('ready'));
  assert.ok(!searchedBy(before, 'ready', bg).text.includes('ready to'));
  assert.ok(matcher('petrova')(searchedBy({ ...before, label: 'Петрова' }, 'ready', en)));
});

test('letters without a counterpart stay as they are', () => {
  assert.equal(fold(' Ω №5 '), 'ω №5');
});
