import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainAction, offers, otherActions } from '../app/actions.js';
import { escalationText, resultText } from '../app/escalation.js';
import { customerWords, explanation, lockOf, viewOf } from '../app/rows.js';
import { SIGNING_IS_LONG_MS, SITUATIONS, about, situationOf, turnsAt } from '../app/situation.js';
import { speaker } from '../app/words/say.js';
import { environment, everySituation, link, problem, row, token } from './preview/rows.js';

const NOW = Date.UTC(2026, 2, 3, 9, 30, 0);
const [en, bg] = [speaker('en'), speaker('bg')];
const rows = everySituation(NOW);
const here = environment();
const view = (name, say = en) => viewOf(rows[name], NOW, say, here);

test('each of the prepared rows is in the situation it is named after', () => {
  assert.deepEqual(Object.keys(rows).sort(), [...SITUATIONS].sort());
  for (const [name, one] of Object.entries(rows)) assert.equal(situationOf(one, NOW), name);
});

test('groups: who needs a hand, who waits, where there is trouble, who is done', () => {
  const inGroup = (group) => SITUATIONS.filter((one) => about(one).group === group).sort();
  assert.deepEqual(inGroup('needs-me'), ['needs-token', 'new-link-needed', 'not-signed', 'ready', 'signed', 'signing-long']);
  assert.deepEqual(inGroup('waiting'), ['expected', 'offline', 'post-sign', 'pre-sign', 'signing']);
  assert.deepEqual(inGroup('done'), ['gave-up', 'handed-on', 'handed-over', 'stopped', 'wrong-id']);
  assert.equal(inGroup('trouble').length, 10);
});

test('no two ends or troubles share their words and their shape', () => {
  for (const say of [en, bg]) {
    const looks = SITUATIONS.map((name) => `${view(name, say).words} ${about(name).shape}`);
    assert.equal(new Set(looks).size, looks.length);
  }
});

test('the words of the table, in both languages', () => {
  assert.equal(view('ready').words, 'Ready to sign');
  assert.equal(view('ready', bg).words, 'Готово за подписване');
  assert.equal(view('timed-out-b', bg).words, 'Подписването не е потвърдено в срока');
  assert.equal(view('gateway-trouble').words, 'No answer, next try in 16 s');
  assert.equal(view('gateway-trouble', bg).words, 'Системата не отговаря, нов опит след 16 сек.');
});

test('an end tells its cause', () => {
  assert.equal(view('timed-out-a').detail, 'The time for watching was used up.');
  assert.equal(view('timed-out-b').detail, 'The system asked us to wait longer than the time that was left.');
  assert.equal(view('rejected').detail, 'HTTP 404 · The user was not found.');
  assert.equal(view('blocked-url').detail, 'The host is not on the list of allowed hosts. Host: sign.examp1e.bg');
  assert.equal(view('failed-b').raw, 'ERROR');
  assert.equal(view('gave-up').detail, 'The browser came back on the Fail page.');
});

test('text from outside shows its unseen characters', () => {
  const trick = row({ label: 'a\u202eb', step: rows['failed-a'].step, status: 'X' }, NOW);
  trick.step = { step: 'ended', phase: 'pre-sign', miss: { outcome: 'failed', status: 'ER\u200bROR' } };
  const shown = viewOf(trick, NOW, en, here);
  assert.equal(shown.label, 'a\\u{202e}b');
  assert.equal(shown.raw, 'ER\\u{200b}ROR');
});

test('signing asks for a hand after ten minutes, and says when', () => {
  const signing = row({ step: { step: 'signing' }, since: NOW - SIGNING_IS_LONG_MS + 1000 }, NOW);
  assert.equal(situationOf(signing, NOW), 'signing');
  assert.equal(turnsAt(signing, NOW), NOW + 1000);
  assert.equal(situationOf(signing, NOW + 1000), 'signing-long');
  assert.equal(turnsAt(signing, NOW + 1000), null);
});

test('a pause comes before a problem, a problem before an unknown status', () => {
  const both = { problem: { problem: problem(), at: NOW, retryAt: NOW + 4000 }, statusKnown: false };
  assert.equal(situationOf({ ...rows['needs-token'], ...both }, NOW), 'needs-token');
  assert.equal(situationOf({ ...rows['not-signed'], ...both }, NOW), 'not-signed');
  assert.equal(situationOf({ ...rows['pre-sign'], ...both }, NOW), 'gateway-trouble');
});

test('one main action for each situation', () => {
  const expected = {
    'expected': 'identification-finished', 'pre-sign': null, 'ready': 'open', 'new-link-needed': 'new-link',
    'signing': 'signing-finished', 'signing-long': 'signing-finished', 'post-sign': null, 'not-signed': 'open',
    'signed': 'handed-on', 'handed-on': null, 'needs-token': 'enter-token', 'offline': null, 'gateway-trouble': null,
    'unknown-status': null, 'timed-out-a': 'watch-again', 'timed-out-b': 'watch-again', 'failed-a': 'watch-again',
    'failed-b': 'watch-again', 'rejected': 'watch-again', 'blocked-url': 'watch-again', 'unauthorized': 'watch-again',
    'gave-up': 'watch-again', 'stopped': 'watch-again', 'wrong-id': null, 'interrupted': 'watch-again', 'handed-over': 'watch-again',
  };
  for (const [name, press] of Object.entries(expected)) {
    assert.equal(mainAction(rows[name], name, token())?.press ?? null, press, name);
  }
  assert.equal(mainAction(rows.unauthorized, 'unauthorized', token({ state: 'refused' }))?.press, 'enter-token');
  assert.equal(view('interrupted').main?.words, 'Resume');
  assert.equal(view('interrupted', bg).main?.words, 'Продължи');
});

test('for a remote customer opening is never the main action, and still possible', () => {
  for (const name of ['ready', 'not-signed', 'signing']) {
    const remote = { ...rows[name], place: 'remote', link: link() };
    const main = mainAction(remote, name, token());
    assert.notEqual(main?.press, 'open', name);
    assert.ok(offers(remote, main, 'open'), name);
  }
});

test('nothing is offered twice, and nothing goes on after a wrong id', () => {
  for (const [name, one] of Object.entries(rows)) {
    const main = mainAction(one, name, token());
    const { further, endings } = otherActions(one, main);
    const all = [main?.press, ...further, ...endings].filter(Boolean);
    assert.equal(new Set(all).size, all.length, name);
  }
  assert.deepEqual(otherActions(rows['wrong-id'], null), { further: [], endings: ['remove', 'forget'] });
});

test('forgetting is offered for every enrollment, and stands last', () => {
  for (const [name, one] of Object.entries(rows)) assert.equal(otherActions(one, null).endings.at(-1), 'forget', name);
});

test('an interruption tells what kept the console from watching, and since when', () => {
  const closed = { ...rows.interrupted, step: { step: 'ended', phase: 'post-sign', miss: { outcome: 'interrupted', why: 'closed' } } };
  const at = new Date(2026, 2, 3, 12, 4).getTime();
  const shown = (now, say = en) => viewOf({ ...closed, since: at }, now, say, here);
  assert.equal(shown(at + 60_000).detail, 'The console was closed at 12:04.');
  assert.equal(shown(at + 60_000, bg).detail, 'Конзолата беше затворена в 12:04.');
  assert.equal(shown(at + 86_400_000).detail, 'The console was closed on 3 Mar 12:04.');
  assert.equal(shown(at + 60_000).main?.words, 'Resume');
  assert.equal(view('interrupted').detail, 'There was no connection for too long.');
  assert.notEqual(explanation(closed, 'interrupted', en), explanation(rows.interrupted, 'interrupted', en));
});

test('only a step that has begun to be polled offers a check', () => {
  assert.ok(!offers(rows.expected, null, 'check-now'));
  assert.ok(offers(rows['pre-sign'], null, 'check-now'));
  assert.ok(offers(rows['timed-out-a'], null, 'check-now'));
});

test('the time left: running, standing still, little', () => {
  assert.deepEqual(view('pre-sign').left, { fraction: 190 / 300, text: '3:10', held: false, little: false });
  assert.equal(view('needs-token').left?.held, true);
  assert.equal(view('gateway-trouble').left?.little, true);
  assert.equal(view('ready').left, null);
});

test('time in state counts up while it is open, and is a time of day when it is over', () => {
  assert.equal(view('signing').since, '4:00');
  assert.equal(view('signing').ticking, true);
  assert.match(view('stopped').since, /^at \d\d:\d\d$/);
  assert.equal(view('stopped').ticking, false);
});

test('a busy row says what it is doing', () => {
  const busy = viewOf({ ...rows.ready, busy: true }, NOW, en, here);
  assert.deepEqual(busy.main, { press: 'open', strong: true, busy: true, words: 'Opening…' });
});

test('where nothing may be changed every button says why, but for the token, which is no part of it', () => {
  const locked = viewOf(rows.ready, NOW, en, here, null, 'A newer version wrote it.');
  assert.equal(lockOf(locked, 'open'), 'A newer version wrote it.');
  assert.equal(lockOf(locked, 'forget'), 'A newer version wrote it.');
  assert.equal(lockOf(locked, 'enter-token'), '');
  assert.equal(lockOf(view('ready'), 'open'), '');
});

test('what to say to the customer, and silence where the table is silent', () => {
  assert.equal(customerWords('failed-b', bg), 'Процесът не завърши успешно. Ще Ви обясним следващата стъпка.');
  assert.equal(customerWords('timed-out-a', en), 'It is taking longer than usual.');
  for (const silent of ['gave-up', 'stopped', 'gateway-trouble', 'signing-long', 'interrupted']) {
    assert.equal(customerWords(silent, en), '');
  }
});

test('what is copied for support holds what they ask for, and no label and no link', () => {
  const rejected = { ...rows.rejected, label: 'Secret Name', link: link() };
  const text = escalationText(rejected, 'rejected', here, NOW, en);
  for (const part of ['Sandbox', '4001', 'Individual', 'HTTP: 404', 'traceId: 00-84c1fd4063c38d9f3900d06e56542d48-85d1d4-00']) {
    assert.ok(text.includes(part), part);
  }
  assert.match(text, /\d{4}-\d\d-\d\dT[\d:.]+Z/);
  assert.doesNotMatch(text, /Secret|sign\.example/);
});

test('the result of a signed one goes into the CRM without a name, and of no other', () => {
  const all = everySituation(NOW);
  const text = resultText(all.signed, environment(), en);
  assert.match(text, new RegExp(`${all.signed.id} · Individual`));
  assert.match(text, /DOCUMENT_SIGN_SUCCESS/);
  assert.doesNotMatch(text, /Маринова/);
  for (const [name, one] of Object.entries(all)) if (name !== 'signed') assert.equal(resultText(one, environment(), en), '', name);
});
