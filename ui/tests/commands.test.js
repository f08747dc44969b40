import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsFor } from '../app/commands.js';
import { commandFor } from '../app/keys.js';

const command = (/** @type {string} */ words, about = '') => ({ words, about, keys: [], run() {} });
const ALL = [command('Отвори линка', 'Иванова, М.'), command('Open link', 'Delta OOD'), command('Settings')];
const pressed = (/** @type {object} */ more) => ({ code: 'KeyK', key: 'k', ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, repeat: false, ...more });

test('a command is found by its words and by whom it concerns, in either alphabet', () => {
  const words = (/** @type {string} */ query) => commandsFor(ALL, query).map((one) => one.words);
  assert.deepEqual(words(''), ['Отвори линка', 'Open link', 'Settings']);
  assert.deepEqual(words('ivanova'), ['Отвори линка']);
  assert.deepEqual(words('link delta'), ['Open link']);
  assert.deepEqual(words('otvori'), ['Отвори линка']);
  assert.deepEqual(words('nothing'), []);
});

test('the key for all commands acts wherever the focus is, and is no single key', () => {
  for (const focus of /** @type {const} */ (['text', 'control', 'list', 'elsewhere'])) {
    assert.equal(commandFor(pressed({ ctrlKey: true }), focus, false), 'palette');
    assert.equal(commandFor(pressed({ metaKey: true, key: 'л' }), focus, true), 'palette');
  }
  assert.equal(commandFor(pressed({ ctrlKey: true, repeat: true }), 'list', true), null);
  assert.equal(commandFor(pressed({ ctrlKey: true, shiftKey: true }), 'list', true), null);
  assert.equal(commandFor(pressed({}), 'list', true), 'up');
});
