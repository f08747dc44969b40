// What the window must never do, and that its colours can be read.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const app = new URL('../app/', import.meta.url);
const files = readdirSync(app, { recursive: true }).map(String).filter((name) => /\.(js|css|html)$/.test(name));
const textOf = (name) => readFileSync(new URL(name, app), 'utf8');

test('nothing turns text into markup or code, and nothing comes from outside', () => {
  const never = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:|<script(?![^>]*src=)|\sstyle=|\son\w+="|@import url|url\(/;
  for (const name of files) assert.doesNotMatch(textOf(name), never, name);
  for (const name of files.filter((one) => one !== 'icons.js' && !one.startsWith('words/'))) assert.doesNotMatch(textOf(name), /https?:\/\//, name);
});

test('only one file knows the host', () => {
  assert.deepEqual(files.filter((name) => textOf(name).includes('__TAURI__')), ['host.js']);
});

const tokens = Object.fromEntries([...textOf('styles/tokens.css').matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map((match) => [match[1], [match[2], match[3]]]));

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function check(front, back, least) {
  for (const theme of [0, 1]) {
    const ratio = contrast(tokens[front][theme], tokens[back][theme]);
    assert.ok(ratio >= least, `${front} on ${back}, ${theme ? 'dark' : 'light'}: ${ratio.toFixed(2)}`);
  }
}

test('text can be read on every ground it stands on, in both themes', () => {
  for (const front of ['text', 'muted', 'accent', 'good', 'attention', 'bad']) {
    for (const back of ['canvas', 'surface', 'raised', 'hover', 'chosen']) check(front, back, 4.5);
  }
  check('muted', 'sunken', 4.5);
  check('text', 'attention-wash', 4.5);
  check('attention', 'attention-wash', 4.5);
  check('text', 'bad-wash', 4.5);
  check('bad', 'bad-wash', 4.5);
  for (const fill of ['accent-fill', 'accent-fill-hover', 'bad-fill', 'bad-fill-hover', 'production', 'test', 'training']) check('on-fill', fill, 4.5);
});

test('edges of controls can be seen, in both themes', () => {
  for (const back of ['canvas', 'surface', 'raised', 'chosen']) check('line-strong', back, 3);
});
