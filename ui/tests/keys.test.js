import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFor } from '../app/keys.js';

const press = (code, over = {}) => ({ code, key: '', ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, repeat: false, ...over });

test('keys go by their place, so they work on a Cyrillic layout', () => {
  const cyrillic = { KeyN: ['н', 'add'], KeyJ: ['й', 'down'], KeyK: ['к', 'up'], KeyO: ['о', 'open'], KeyF: ['ф', 'finished'], KeyW: ['в', 'again'], KeyX: ['ж', 'stop'], KeyC: ['ц', 'copy'] };
  for (const [code, [key, command]] of Object.entries(cyrillic)) {
    assert.equal(commandFor(press(code, { key }), 'list', true), command);
  }
  for (const at of [1, 2, 3, 4]) assert.equal(commandFor(press(`Digit${at}`), 'elsewhere', true), `group-${at}`);
});

test('in a text field keys are letters', () => {
  for (const code of ['Slash', 'KeyN', 'KeyX', 'Enter', 'Space', 'ArrowDown']) assert.equal(commandFor(press(code), 'text', true), null);
});

test('with a modifier a key is not ours', () => {
  for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) assert.equal(commandFor(press('KeyC', { [modifier]: true }), 'list', true), null);
  assert.equal(commandFor(press('KeyX', { shiftKey: true }), 'list', true), null);
});

test('everything grows and shrinks with Ctrl, in text fields too', () => {
  const sizes = { Equal: 'larger', NumpadAdd: 'larger', Minus: 'smaller', Digit0: 'usual-size' };
  for (const [code, command] of Object.entries(sizes)) {
    assert.equal(commandFor(press(code, { ctrlKey: true }), 'text', false), command);
    assert.equal(commandFor(press(code), 'text', false), null);
  }
});

test('search and help, wherever the layout has the sign', () => {
  assert.equal(commandFor(press('Slash', { key: '/' }), 'elsewhere', true), 'search');
  assert.equal(commandFor(press('Slash', { key: '?', shiftKey: true }), 'elsewhere', true), 'help');
  assert.equal(commandFor(press('Digit7', { key: '/', shiftKey: true }), 'elsewhere', true), 'search');
  assert.equal(commandFor(press('Minus', { key: '?', shiftKey: true }), 'elsewhere', true), 'help');
});

test('on a button Enter and Space press that button', () => {
  assert.equal(commandFor(press('Enter'), 'control', true), null);
  assert.equal(commandFor(press('Space', { key: ' ' }), 'control', true), null);
  assert.equal(commandFor(press('Enter'), 'list', true), 'main');
  assert.equal(commandFor(press('Space', { key: ' ' }), 'list', true), 'check');
});

test('single keys can be switched off; arrows and Enter stay', () => {
  for (const code of ['KeyN', 'Slash', 'Digit1', 'Space']) assert.equal(commandFor(press(code), 'list', false), null);
  assert.equal(commandFor(press('ArrowDown'), 'list', false), 'down');
  assert.equal(commandFor(press('Enter'), 'list', false), 'main');
});

test('a held key moves on in the list, and acts once', () => {
  assert.equal(commandFor(press('KeyJ', { repeat: true }), 'list', true), 'down');
  for (const code of ['Enter', 'KeyO', 'KeyF', 'KeyX']) assert.equal(commandFor(press(code, { repeat: true }), 'list', true), null);
});
