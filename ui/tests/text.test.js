import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aloud, worthHearing } from '../app/announce.js';
import { bannersFor } from '../app/banners.js';
import { footerView } from '../app/footer.js';
import { refusalWords } from '../app/refusals.js';
import { digitGroups, readsAsId, visible, visibleLines } from '../app/text.js';
import { clock, rest, span } from '../app/time.js';
import { lineOf } from '../app/timeline.js';
import { tokenView } from '../app/tokens.js';
import { speaker } from '../app/words/say.js';
import { environment, journal, problem, row, token } from './preview/rows.js';

const NOW = Date.now();
const MINUTE = 60_000;
const [en, bg] = [speaker('en'), speaker('bg')];

test('what cannot be seen is written out', () => {
  assert.equal(visible('a\u202eb\nc\u007f\u{e0041}'), 'a\\u{202e}b\\u{a}c\\u{7f}\\u{e0041}');
  assert.equal(visible('Иванова, М. – ok'), 'Иванова, М. – ok');
});

test('digits stand in groups of three', () => {
  assert.deepEqual(digitGroups(7), ['7']);
  assert.deepEqual(digitGroups(1024), ['1', '024']);
  assert.deepEqual(digitGroups(2147483647), ['2', '147', '483', '647']);
});

test('what is typed is echoed only where it reads as an id', () => {
  assert.equal(readsAsId(' 001024 '), 1024);
  for (const text of ['', '0', '-1', '+5', '1 024', '１０２４', '2147483648', 'abc']) assert.equal(readsAsId(text), null, text);
});

test('spans count up, rests count down to the last second', () => {
  assert.deepEqual([0, 999, 61_000, 3_661_000].map((ms) => span(ms, en)), ['0:00', '0:00', '1:01', '1:01:01']);
  assert.equal(span(50 * 3_600_000, bg), '2 д');
  assert.deepEqual([0, 1, 1000, -5].map((ms) => rest(ms, en)), ['0:00', '0:01', '0:01', '0:00']);
});

test('another day shows its date', () => {
  const at = new Date(2026, 2, 3, 8, 5).getTime();
  assert.equal(clock(at, at, 'bg'), '08:05');
  assert.equal(clock(at, at + 24 * 60 * MINUTE, 'bg'), '03.03. 08:05');
  assert.equal(clock(at, at + 24 * 60 * MINUTE, 'en'), '3 Mar 08:05');
  assert.equal(clock(at, at + 400 * 24 * 60 * MINUTE, 'en'), '3 Mar 2026 08:05');
  assert.equal(clock(at, at + 400 * 24 * 60 * MINUTE, 'bg'), '03.03.2026 08:05');
});

test('a token counts down in minutes, and says what is wrong with it', () => {
  const shown = (over) => tokenView(token(over), NOW, en);
  assert.deepEqual(shown({ expires: NOW + 41.5 * MINUTE }), { words: 'Token 41 min', tone: 'neutral' });
  assert.deepEqual(shown({ expires: NOW + 3 * MINUTE }), { words: 'Token 3 min', tone: 'attention' });
  assert.deepEqual(shown({ expires: NOW + 10.5 * MINUTE }), { words: 'Token 10 min', tone: 'neutral' });
  assert.deepEqual(shown({ expires: NOW + 9.5 * MINUTE }), { words: 'Token 9 min', tone: 'attention' });
  assert.deepEqual(shown({ expires: NOW + 1000 }), { words: 'Token under 1 min', tone: 'bad' });
  assert.deepEqual(shown({ expires: NOW - 1 }), { words: 'Token has run out', tone: 'bad' });
  const command = { running: false, fetched: NOW, problem: null };
  assert.deepEqual(shown({ expires: NOW + 3 * MINUTE, command }), { words: 'Token 3 min', tone: 'neutral' }, 'a program brings the next one');
  assert.deepEqual(shown({ state: 'refused', expires: NOW + MINUTE }), { words: 'Token refused', tone: 'bad' });
  assert.deepEqual(shown({ state: 'unchecked', expires: null }), { words: 'Token not checked yet', tone: 'neutral' });
});

test('banners: the worst first, and no shouting for nobody', () => {
  const facts = { journal: journal(), policyTrouble: null, now: NOW, settingsTrouble: null, interrupted: 0, resuming: null, dismissed: new Set() };
  const ids = (over, fileTrouble, waiting) => bannersFor({ ...facts, environment: environment(over), fileTrouble, waiting }, en).map((one) => one.id);
  assert.deepEqual(ids({}, null, 0), []);
  assert.deepEqual(ids({ token: token({ state: 'refused' }) }, null, 0), []);
  assert.deepEqual(ids({ token: token({ state: 'refused' }), offline: true, behind: true }, 'line 3', 2), ['file', 'token', 'offline']);
  assert.deepEqual(ids({ behind: true }, null, 0), ['behind']);
  assert.deepEqual(ids({ token: token({ expires: NOW + 9 * MINUTE }) }, null, 0), ['token-ending']);
  assert.deepEqual(ids({ token: token({ expires: NOW + 11 * MINUTE }) }, null, 0), []);
  const command = { running: false, fetched: null, problem: { code: 'timed-out' } };
  assert.deepEqual(ids({ token: token({ expires: NOW + 9 * MINUTE, command }) }, null, 0), [], 'nobody has to do anything');
  const [told] = bannersFor({ ...facts, environment: environment({ token: token({ state: 'refused', command }) }), fileTrouble: null, waiting: 1 }, en);
  assert.match(told.words, /did not finish in ten seconds/);
  assert.deepEqual(ids({ withdrawn: true, token: token({ state: 'missing' }), offline: true }, null, 3), ['withdrawn']);
  const policy = bannersFor({ ...facts, environment: environment(), fileTrouble: null, policyTrouble: 'policy.toml: line 3', waiting: 0 }, bg);
  assert.deepEqual(policy.map(({ id, more }) => [id, more]), [['policy', 'policy.toml: line 3']]);
});

test('the foot of the window does not flatter', () => {
  const pulse = { watched: 17, pollsPerSecond: 5.6 };
  assert.deepEqual(footerView(pulse, environment(), en), { counts: ['17 watched', '5.6 checks/s'], health: 'all on time', tone: 'good' });
  assert.equal(footerView(pulse, environment({ behind: true }), bg).health, 'Проверките закъсняват');
  assert.equal(footerView(pulse, environment({ token: token({ state: 'missing' }) }), en).health, 'Waiting for a token');
  assert.equal(footerView({ watched: 0, pollsPerSecond: 0 }, environment({ offline: true }), en).health, 'No connection');
});

test('refusals carry what they know', () => {
  assert.equal(refusalWords({ code: 'other-host', host: 'b.example.bg' }, en), 'The new link leads to b.example.bg. Press again if that is right.');
  assert.match(refusalWords({ code: 'link-refused', rule: 'port', host: null }, en), /port is not the allowed one.*No host/);
  assert.match(refusalWords({ code: 'no-answer', problem: problem() }, bg), /HTTP 503/);
});

test('timeline lines tell the event, the value and the outcome', () => {
  const line = (event, by = null) => lineOf({ seq: 1, at: '2026-03-03T09:30:00Z', by, event }, en);
  assert.equal(line({ event: 'stated', says: 'signing-finished', how: 'button' }).words, 'Signing finished');
  assert.deepEqual([line({ event: 'removed' }).words, line({ event: 'restored' }).words], ['Removed from the list', 'Back in the list']);
  assert.deepEqual(
    (({ words, raw, more }) => ({ words, raw, more }))(line({ event: 'status', phase: 'pre-sign', status: null, message: 'a\u202eb', backwards: true })),
    { words: 'The system’s value went back', raw: 'no value', more: 'a\\u{202e}b' },
  );
  const ended = line({ event: 'ended', phase: 'post-sign', result: { outcome: 'timed-out', cause: 'cap' }, polls: 1 });
  assert.equal(ended.words, 'Signing not confirmed in time');
  assert.equal(ended.more, 'The time for watching was used up. · after 1 check');
  assert.match(line({ event: 'from-the-future' }).words, /from-the-future/);
});

test('a deed carries the name of who did it, or the account where there is none', () => {
  const by = (operator) => {
    const { by: who, account } = lineOf({ seq: 1, at: '2026-03-03T09:30:00Z', by: operator, event: { event: 'removed' } }, en);
    return { who, account };
  };
  assert.deepEqual(by({ account: 'desk-3', name: 'Анна\u202e' }), { who: 'Анна\\u{202e}', account: 'desk-3' });
  assert.deepEqual(by({ account: 'desk\u200b3', name: null }), { who: 'desk\\u{200b}3', account: '' });
  assert.deepEqual(by(null), { who: '', account: '' });
});

test('a note in the timeline keeps its lines and hides nothing', () => {
  const noted = (note) => lineOf({ seq: 1, at: '2026-03-03T09:30:00Z', by: null, event: { event: 'noted', note } }, en);
  assert.deepEqual([noted('one\ntwo\u202e').words, noted('one\ntwo\u202e').more], ['Note written', 'one\ntwo\\u{202e}']);
  assert.equal(noted('').words, 'Note deleted');
  assert.equal(visibleLines('one\\u{a}two'), 'one\ntwo');
});

test('read aloud: what ends or needs a hand, not what the agent just did, and not everything', () => {
  const placed = [1, 2, 3, 4, 5].map((at) => ({ row: row({ label: `Row ${at}` }), was: /** @type {const} */ ('pre-sign'), situation: /** @type {const} */ ('ready') }));
  const own = new Set([placed[4].row.key]);
  const heard = worthHearing(placed, own);
  assert.equal(heard.length, 4);
  assert.equal(aloud(heard, en), 'Row 1: Ready to sign. Row 2: Ready to sign. Row 3: Ready to sign. And 1 more change.');
  const waits = placed.map((one) => ({ ...one, situation: /** @type {const} */ ('post-sign') }));
  assert.deepEqual(worthHearing(waits, new Set()), []);
});
