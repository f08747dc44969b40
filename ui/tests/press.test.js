// What a press carries to the host, and what is said of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPresser } from '../app/press.js';
import { speaker } from '../app/words/say.js';
import { link, row } from './preview/rows.js';

function presser(language, answers) {
  const told = [];
  const acted = [];
  const press = createPresser(/** @type {any} */ ({
    host: {
      act: async (key, state, action) => {
        acted.push(action.do);
        return { done: 'done' };
      },
    },
    say: () => speaker(language),
    askForget: async () => answers,
    notify: ({ words }) => told.push(words),
    onBusy: () => {},
  }));
  return { press, told, acted };
}

test('forgetting says that it goes on, not that it is done: the host has only been asked', async () => {
  for (const [language, words] of [['en', 'Иванова, М. is being deleted from this computer.'], ['bg', 'Иванова, М. се изтрива от този компютър.']]) {
    const { press, told, acted } = presser(language, true);
    await press(row({ label: 'Иванова, М.' }), 'forget');
    assert.deepEqual([acted, told], [['forget'], [words]]);
  }
});

test('nobody is forgotten where the answer is no', async () => {
  const { press, told, acted } = presser('en', false);
  await press(row(), 'forget');
  assert.deepEqual([acted, told], [[], []]);
});

test('whose link went to the browser is remembered for when the agent comes back', async () => {
  const opened = [];
  const press = createPresser(/** @type {any} */ ({
    host: { act: async () => ({ done: 'opened', host: 'sign.example.bg' }) },
    rowOf: () => ready,
    say: () => speaker('en'),
    notify: () => {},
    onBusy: () => {},
    onOpened: (key) => opened.push(key),
  }));
  const ready = row({ confirmed: true, link: link(), step: { step: 'ready' } });
  await press(ready, 'open');
  assert.deepEqual(opened, [ready.key]);
});
