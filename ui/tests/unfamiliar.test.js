import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unfamiliarIn, unfamiliarText } from '../app/unfamiliar.js';
import { speaker } from '../app/words/say.js';
import { everySituation, row } from './preview/rows.js';

const en = speaker('en');

test('what the console was not told of is gathered, and nobody is in it', () => {
  const all = Object.values(everySituation());
  const odd = row({ label: 'Иванова', id: 77_001, status: 'AWAITING_OPERATOR_REVIEW', statusKnown: false });
  const found = unfamiliarIn([...all, odd, row({ status: 'NEW\u202e', statusKnown: false, environment: 'Central' })]);
  assert.deepEqual(found.map(({ what, value, count }) => [what, value, count]), [
    ['status', 'AWAITING_OPERATOR_REVIEW', 2],
    ['host', 'sign.examp1e.bg', 1],
    ['status', 'NEW\u202e', 1],
  ]);
  const text = unfamiliarText(found, '0.1.0', 0, en);
  assert.match(text, /^Enrollment Console 0\.1\.0 · 1970-01-01T00:00:00\.000Z\nSandbox: status AWAITING_OPERATOR_REVIEW \(2\)/);
  assert.match(text, /Central: status NEW\\u\{202e\} \(1\)/);
  assert.doesNotMatch(text, /Иванова|77001/);
});

test('where all is familiar there is nothing to tell', () => {
  assert.deepEqual(unfamiliarIn([row({ status: 'PROCESSING' }), row()]), []);
});
