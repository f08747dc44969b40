// Both languages say everything, and every code of the host has words in both.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { SITUATIONS } from '../app/situation.js';
import { KEY_LINES } from '../app/keys.js';
import { WORDS, speaker } from '../app/words/say.js';
import { codesOf } from './codes.js';

const here = new URL('.', import.meta.url);
const LANGUAGES = /** @type {const} */ (['en', 'bg']);

const has = (keys) => {
  for (const language of LANGUAGES) {
    const missing = keys.filter((key) => !(WORDS[language][key] ?? '').trim());
    assert.deepEqual(missing, [], `no words in ${language}`);
  }
};

test('both languages have the same keys', () => {
  assert.deepEqual(Object.keys(WORDS.bg).sort(), Object.keys(WORDS.en).sort());
});

test('both languages fill in the same values', () => {
  const values = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const key of Object.keys(WORDS.en)) {
    assert.deepEqual(values(WORDS.bg[key]), values(WORDS.en[key]), key);
  }
});

test('no language borrows the letters of the other', () => {
  const same = Object.keys(WORDS.en).filter((key) => WORDS.en[key] === WORDS.bg[key]).filter((key) => /\p{L}{3}/u.test(WORDS.en[key].replace(/\{\w+\}/g, '')));
  assert.deepEqual(same, ['app.name', 'header.language.bg', 'header.language.en', 'row.http', 'pane.trace', 'keys.name.enter', 'keys.name.esc']);
  for (const [key, text] of Object.entries(WORDS.en)) {
    if (key !== 'header.language.bg') assert.doesNotMatch(text, /\p{Script=Cyrillic}/u, key);
  }
});

test('every refusal has words', () => {
  const withTheirOwn = {
    'bad-id': codesOf('UserIdError').map((rule) => `bad-id.${rule}`),
    'bad-name': codesOf('NameError').map((rule) => `bad-name.${rule}`),
  };
  has(codesOf('Refused', 'code').flatMap((code) => [`refused.${code}`, ...(withTheirOwn[code] ?? [])]));
});

test('every trouble with a token has words', () => {
  has(codesOf('TokenProblem', 'code').map((code) => `token-problem.${code}`));
  has(codesOf('FetchError', 'code').map((code) => `fetch-problem.${code}`));
  has(codesOf('TokenState').flatMap((state) => [`token.${state}`, `token.about.${state}`]));
});

test('every kind of problem has words', () => {
  has(codesOf('ProblemKind').map((kind) => `problem.${kind}`));
});

test('every end has words, and each its own', () => {
  const misses = codesOf('Miss', 'outcome').flatMap((miss) => (miss === 'timed-out' || miss === 'failed' ? [`${miss}-a`, `${miss}-b`] : [miss]));
  has(misses.map((miss) => `state.${miss}`));
  has(codesOf('TimeoutCause').map((cause) => `cause.${cause}`));
  has(codesOf('GaveUp').map((reason) => `gave-up.${reason}`));
  has(codesOf('Interruption').map((why) => `interrupted.${why}`));
  has(codesOf('Outcome', 'outcome').map((outcome) => `outcome.${outcome}`));
  for (const language of LANGUAGES) {
    const said = SITUATIONS.map((situation) => WORDS[language][`state.${situation}`]);
    assert.equal(new Set(said).size, SITUATIONS.length, language);
  }
});

test('every situation has words for the agent and an explanation', () => {
  const explained = SITUATIONS.flatMap((one) => {
    if (one === 'ready') return codesOf('Place').map((place) => `explain.ready.${place}`);
    return one === 'interrupted' ? codesOf('Interruption').filter((why) => why !== 'handed-over').map((why) => `explain.interrupted.${why}`) : [`explain.${one}`];
  });
  has([...SITUATIONS.map((one) => `state.${one}`), ...explained]);
});

test('every event has words', () => {
  const split = {
    added: codesOf('Customer').map((customer) => `event.added.${customer}`),
    stated: [...codesOf('Says').map((says) => `event.stated.${says}`), ...codesOf('How').map((how) => `event.how.${how}`)],
    started: codesOf('Phase').map((phase) => `event.started.${phase}`),
    paused: codesOf('Pause').map((why) => `event.paused.${why}`),
    ended: ['event.polls.one', 'event.polls.other'],
    noted: ['event.noted', 'event.noted.nothing'],
  };
  has(codesOf('Event', 'event').flatMap((event) => split[event] ?? [`event.${event}`]));
});

test('every action and choice has words', () => {
  const presses = codesOf('Action', 'do').filter((one) => !['gave-up', 'restore', 'returned', 'note', 'hand-over'].includes(one));
  has([...presses, 'open', 'copy-link', 'show-qr'].map((press) => `do.${press}`));
  has(['confirm.yes', ...codesOf('Way').filter((way) => way !== 'browser').map((way) => `confirm.yes.${way}`)]);
  has(codesOf('GaveUp').map((reason) => `do.gave-up-${reason}`));
  has(codesOf('EnvironmentKind').map((kind) => `kind.${kind}`));
  has(codesOf('Customer').flatMap((customer) => [`add.customer.${customer}`, `add.customer.${customer}.more`]));
  has(codesOf('UserType').map((type) => `type.${type}`));
  has(codesOf('Place').map((place) => `place.${place}`));
  has(codesOf('Theme').map((theme) => `header.theme.${theme}`));
  has(KEY_LINES.map(([words]) => words));
});

test('every trouble of the journal has words, and what to do about it', () => {
  has(codesOf('JournalTrouble').flatMap((trouble) => [`trouble.${trouble}`, `trouble.${trouble}.do`]));
  has(codesOf('JournalNotice', 'notice').map((notice) => `notice.${notice}`));
});

test('what cannot be undone, and what ends watching, is said in both languages', () => {
  has(['title', 'stops', 'deleted', 'same', 'aside', 'stays', 'for-good', 'yes'].map((part) => `forget.${part}`));
  has(['title', 'watched.one', 'watched.other', 'troubled', 'unsaved.one', 'unsaved.other', 'waiting.one', 'waiting.other', 'note.one', 'note.other', 'stay', 'yes'].map((part) => `quit.${part}`));
  has(['title', 'field', 'rule', 'bad', 'submit'].map((part) => `keep.${part}`));
});

test('every rule for links has words', () => {
  const refusal = readFileSync(new URL('../../src-tauri/core/src/signing_url/refusal.rs', here), 'utf8');
  const rules = [...refusal.matchAll(/Self::\w+ => \(\s*"([a-z-]+)"/g)].map((match) => match[1]);
  assert.ok(rules.length > 10);
  has(rules.map((rule) => `rule.${rule}`));
});

test('a code of a newer host is named in its own spelling', () => {
  for (const language of LANGUAGES) {
    const say = speaker(language);
    for (const group of ['refused', 'token-problem', 'problem', 'rule', 'not-opened', 'bad-id', 'bad-name']) {
      assert.match(say.code(group, 'brand-new'), /brand-new/);
    }
  }
});

test('every key that the modules name is there', () => {
  const modules = readdirSync(new URL('../app/', here), { recursive: true }).map(String).filter((name) => name.endsWith('.js') && !name.startsWith('words/'));
  const named = modules.flatMap((name) => [...readFileSync(new URL(`../app/${name}`, here), 'utf8').matchAll(/\b(?:say|words)\('([^']+)'/g)].map((match) => match[1]));
  assert.ok(named.length > 100);
  has([...new Set(named)]);
  const counted = modules.flatMap((name) => [...readFileSync(new URL(`../app/${name}`, here), 'utf8').matchAll(/\bsay\.count\('([^']+)'/g)].map((match) => match[1]));
  assert.ok(counted.length > 10);
  has([...new Set(counted)].flatMap((key) => [`${key}.one`, `${key}.other`]));
});
