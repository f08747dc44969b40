import assert from 'node:assert/strict';
import { test } from 'node:test';
import { midnight, numbersView, took } from '../app/numbers.js';
import { speaker } from '../app/words/say.js';

const en = speaker('en');
const bg = speaker('bg');
const NOW = new Date(2026, 10, 27, 15, 30).getTime();
const SINCE = midnight(NOW);

const TIMES = [30_000, 60_000, 120_000, 180_000, 300_000, 600_000, null];
const times = (medianMs, counts = []) => ({ medianMs, timedOut: 0, bars: TIMES.map((uptoMs, at) => ({ uptoMs, customers: counts[at] ?? 0 })) });
const answers = (over) => ({ since: NOW - 3_600_000, polls: 0, errors: 0, medianMs: null, p95Ms: null, bars: [100, 200, 10_000].map((uptoMs) => ({ uptoMs, answers: 0 })), ...over });
const numbers = ({ hours = [], pre = times(null), post = times(null), asked = {}, whole = true } = {}) => ({
  day: { signed: hours.reduce((sum, one) => sum + one, 0), hours, preSign: pre, postSign: post },
  answers: answers(asked),
  whole,
});
const view = (one, say = en) => numbersView(one, SINCE, NOW, say);
const tile = (shown, at) => [shown.tiles[at].value, shown.tiles[at].words];

test('the day begins at midnight by the clock of whoever looks', () => {
  assert.deepEqual([new Date(SINCE).getHours(), new Date(SINCE).getDate()], [0, 27]);
  assert.equal(midnight(SINCE), SINCE);
  assert.equal(new Date(midnight(SINCE - 1)).getDate(), 26);
});

test('how long something took reads as people say it', () => {
  assert.deepEqual([0, 42_400, 60_000, 59_700, 134_000, 3_780_000].map((ms) => took(ms, en)), ['0 s', '42 s', '1 min', '1 min', '2:14 min', '1 h 3 min']);
  assert.equal(took(134_000, bg), '2:14 мин.');
});

test('a day without anything says so in each plot, and has no figures that look like zero', () => {
  const shown = view(numbers());
  assert.deepEqual(shown.plots.map((plot) => plot.empty !== ''), [true, true, true, true]);
  assert.deepEqual([tile(shown, 0), tile(shown, 1), tile(shown, 4)], [['0', ''], ['–', 'nothing yet'], ['–', 'nothing yet']]);
  assert.match(shown.tiles[4].more, /14:30/);
});

test('every hour of the day has a bar of its own, and the fullest is told', () => {
  const [hours] = view(numbers({ hours: [0, 0, 2, 7] })).plots;
  assert.equal(hours.bars.length, 24);
  assert.deepEqual(hours.bars.slice(2, 5).map(({ words, mark, n }) => [words, mark, n]), [['02:00 to 03:00', '', 2], ['03:00 to 04:00', '03:00', 7], ['04:00 to 05:00', '', 0]]);
  assert.equal(hours.desc, 'Most: 03:00 to 04:00, 7. In all: 9.');
  assert.equal(hours.empty, '');
});

test('the last bar takes whatever took longer', () => {
  const [, times3] = view(numbers({ pre: times(94_000, [1, 0, 0, 0, 0, 0, 4]) })).plots;
  assert.deepEqual(times3.bars.at(0)?.words, 'at most 30 s');
  assert.deepEqual([times3.bars.at(-1)?.mark, times3.bars.at(-1)?.words, times3.bars.at(-1)?.n], ['>10:00', 'more than 10 min', 4]);
});

test('numbers stand in the language’s own form', () => {
  const asked = { polls: 12_345, errors: 200, medianMs: 100, p95Ms: 1_500, bars: [{ uptoMs: 100, answers: 12_145 }] };
  const [english, bulgarian] = [view(numbers({ asked })), view(numbers({ asked }), bg)];
  assert.deepEqual([english.tiles[4].value, bulgarian.tiles[4].value.replace(/\s/g, '')], ['1.6%', '1,6%']);
  assert.match(english.plots[3].about, /at most 0\.1, 95 of 100 at most 1\.5 seconds/);
  assert.match(bulgarian.plots[3].about, /до 0,1, 95 от 100 – до 1,5 секунди/);
  assert.match(english.tiles[4].more, /200 of 12,345 since 14:30/);
});

test('a few errors among many are not none', () => {
  const value = (errors) => view(numbers({ asked: { polls: 50_000, errors } })).tiles[4].value;
  assert.deepEqual([value(0), value(3), value(50)], ['0%', '< 0.1%', '0.1%']);
});

test('where the journal cannot be read, the day is told to be a part', () => {
  assert.equal(view(numbers()).trouble, '');
  assert.equal(view(numbers({ whole: false })).trouble, en('numbers.part'));
});
