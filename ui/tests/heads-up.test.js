import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grownLong, headsUpWords, newsOf, titleWords } from '../app/heads-up.js';
import { SIGNING_IS_LONG_MS } from '../app/situation.js';
import { applyFeed, emptyTable } from '../app/store.js';
import { speaker } from '../app/words/say.js';
import { environment, everySituation, link, row, token } from './preview/rows.js';

const NOW = Date.now();
const en = speaker('en');
const feed = (seq, over) => ({ seq, rows: [], removed: [], environments: null, journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over });
/** Whoever takes one feed after the other. */
function createHeadsUp() {
  const table = emptyTable();
  return {
    take(next, now) {
      const news = newsOf(table, next, now);
      applyFeed(table, next);
      return news;
    },
  };
}

const ready = { step: { step: 'ready' }, link: link() };

test('what was there before is no news, and what has come to be is told once', () => {
  const headsUp = createHeadsUp();
  const all = Object.values(everySituation(NOW));
  assert.equal(headsUpWords(headsUp.take(feed(1, { rows: all }), NOW), 'counts', [], en), '');
  const [a, b] = [everySituation(NOW)['pre-sign'], everySituation(NOW)['pre-sign']];
  headsUp.take(feed(2, { rows: [a, b] }), NOW);
  const both = feed(3, { rows: [{ ...a, ...ready }, { ...b, ...ready }] });
  assert.equal(headsUpWords(headsUp.take(both, NOW), 'counts', [], en), '2 customers are ready to sign.');
  assert.equal(headsUpWords(headsUp.take({ ...both, seq: 4 }, NOW), 'counts', [], en), '');
});

test('nobody is named unless that was chosen, and nothing is said where nothing is wanted', () => {
  const before = row({ label: 'Иванова', id: 1024 });
  const news = () => {
    const headsUp = createHeadsUp();
    headsUp.take(feed(1, { rows: [before] }), NOW);
    return headsUp.take(feed(2, { rows: [{ ...before, ...ready }] }), NOW);
  };
  assert.equal(headsUpWords(news(), 'counts', [], en), '1 customer is ready to sign.');
  assert.match(headsUpWords(news(), 'names', [], en), /Иванова/);
  assert.equal(headsUpWords(news(), 'off', [], en), '');
});

test('every situation that needs somebody, ended or went through is worth a word, and no other is', () => {
  const quiet = ['expected', 'pre-sign', 'signing', 'signing-long', 'post-sign', 'handed-on', 'needs-token', 'offline', 'gateway-trouble', 'gave-up', 'stopped', 'wrong-id', 'handed-over'];
  for (const [situation, one] of Object.entries(everySituation(NOW))) {
    const headsUp = createHeadsUp();
    const elsewhere = { step: { step: situation === 'expected' ? 'ready' : 'expected' }, problem: null };
    headsUp.take(feed(1, { rows: [{ ...one, ...elsewhere }] }), NOW);
    const words = headsUpWords(headsUp.take(feed(2, { rows: [one] }), NOW), 'counts', [], en);
    assert.equal(words === '', quiet.includes(situation), `${situation}: ${words}`);
  }
});

test('a token that is needed is told once for its environment', () => {
  const headsUp = createHeadsUp();
  headsUp.take(feed(1, { environments: [environment()] }), NOW);
  const needs = feed(2, { environments: [environment({ token: token({ state: 'refused' }) })] });
  assert.equal(headsUpWords(headsUp.take(needs, NOW), 'names', [], en), 'A new token is needed.');
  assert.equal(headsUpWords(headsUp.take({ ...needs, seq: 3 }, NOW), 'names', [], en), '');
});

test('the title says how many wait', () => {
  assert.equal(titleWords(0, en), 'Enrollment Console');
  assert.equal(titleWords(12, en), '(12) Enrollment Console');
});

test('nothing is said of what an agent has switched off', () => {
  const before = row({ label: 'Иванова', id: 1024 });
  const headsUp = createHeadsUp();
  headsUp.take(feed(1, { rows: [before], environments: [environment()] }), NOW);
  const news = headsUp.take(feed(2, { rows: [{ ...before, ...ready }], environments: [environment({ token: token({ state: 'refused' }) })] }), NOW);
  assert.equal(headsUpWords(news, 'counts', ['ready'], en), 'A new token is needed.');
  assert.equal(headsUpWords(news, 'counts', ['token'], en), '1 customer is ready to sign.');
  for (const chosen of /** @type {const} */ (['counts', 'names'])) assert.equal(headsUpWords(news, chosen, ['token', 'ready'], en), '');
});

test('a look that found everything as it was is told, and one that was taken back is not', () => {
  const planned = row({ lookAt: NOW - 1_000, step: { step: 'ended', phase: 'pre-sign', miss: { outcome: 'timed-out', cause: 'cap' } } });
  const words = (/** @type {number} */ at) => {
    const headsUp = createHeadsUp();
    headsUp.take(feed(1, { rows: [{ ...planned, lookAt: at }] }), NOW);
    return headsUpWords(headsUp.take(feed(2, { rows: [{ ...planned, lookAt: null }] }), NOW), 'counts', [], en);
  };
  assert.match(words(NOW - 1_000), /^1 customer/);
  assert.equal(words(NOW + 60_000), '');
});

test('a signing that has come to take long is told once', () => {
  const signing = row({ since: NOW - SIGNING_IS_LONG_MS, step: { step: 'signing' } });
  const table = /** @type {any} */ ({ rows: new Map([[signing.key, signing]]) });
  assert.equal(grownLong(table, NOW - 1, NOW).length, 1);
  assert.equal(grownLong(table, NOW, NOW + 60_000).length, 0);
  const told = { rows: grownLong(table, NOW - 1, NOW), tokens: [] };
  assert.match(headsUpWords(told, 'counts', [], en), /^1 customer/);
  assert.equal(headsUpWords(told, 'counts', ['needs'], en), '');
});
