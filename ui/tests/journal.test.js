// What the window makes of the journal: marks, the foot, banners, resuming, notes and questions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp, takeFeed } from '../app/app.js';
import { bannersFor } from '../app/banners.js';
import { readsAsDays } from '../app/dialogs/keep.js';
import { lossWords } from '../app/dialogs/quit.js';
import { LONGEST_NOTE, createDraft } from '../app/draft.js';
import { unreadList } from '../app/empty.js';
import { savedView } from '../app/journal.js';
import { isInterrupted, ofManyWords, toEach } from '../app/of-many.js';
import { applyFeed, emptyTable } from '../app/store.js';
import { MARK_AFTER_MS, isMarked, nextMarkAt, unsavedSince } from '../app/unsaved.js';
import { speaker } from '../app/words/say.js';
import { SALVAGED, environment, journal, row } from './preview/rows.js';

const NOW = new Date(2026, 2, 3, 12, 4, 31).getTime();
const [en, bg] = [speaker('en'), speaker('bg')];
const feed = (over) => ({ seq: 1, rows: [], removed: [], environments: null, journal: null, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over });
const interrupted = (over) => row({ step: { step: 'ended', phase: 'pre-sign', miss: { outcome: 'interrupted', why: 'closed' } }, ...over });
const banners = (over, say = en) =>
  bannersFor({ environment: environment(), journal: journal(), fileTrouble: null, policyTrouble: null, now: NOW, settingsTrouble: null, waiting: 0, interrupted: 0, resuming: null, dismissed: new Set(), ...over }, say);

test('a row is marked only once it has not been saved for a while, and no longer than that', () => {
  const one = row({ saved: false });
  let since = unsavedSince(new Map(), feed({ rows: [one] }), NOW);
  assert.equal(isMarked(since, one.key, NOW + MARK_AFTER_MS - 1), false);
  assert.equal(nextMarkAt(since, NOW), NOW + MARK_AFTER_MS);
  assert.equal(isMarked(since, one.key, NOW + MARK_AFTER_MS), true);
  assert.equal(nextMarkAt(since, NOW + MARK_AFTER_MS), null);
  // A further change does not begin the wait anew.
  since = unsavedSince(since, feed({ seq: 2, rows: [one] }), NOW + 300);
  assert.equal(isMarked(since, one.key, NOW + MARK_AFTER_MS), true);
  since = unsavedSince(since, feed({ seq: 3, rows: [{ ...one, saved: true }] }), NOW + 500);
  assert.equal(isMarked(since, one.key, NOW + 5000), false);
});

test('a row saved in time is never marked, and one that is gone takes its mark along', () => {
  const [quick, gone, before] = [row({ saved: false }), row({ saved: false }), row({ saved: false })];
  let since = unsavedSince(new Map(), feed({ rows: [quick, gone, before] }), NOW);
  since = unsavedSince(since, feed({ seq: 2, rows: [{ ...quick, saved: true }], removed: [gone.key] }), NOW + 80);
  assert.deepEqual([...since.keys()], [before.key]);
  assert.equal(unsavedSince(since, feed({ rows: [gone] }), NOW + 100).has(before.key), false);
});

test('the app keeps its marks by the feed', () => {
  const app = newApp(/** @type {any} */ ({}));
  const one = row({ saved: false });
  takeFeed(app, feed({ rows: [one], environments: [environment()] }), NOW);
  assert.equal(isMarked(app.unsaved, one.key, NOW + MARK_AFTER_MS), true);
});

test('the table keeps what it knows of the journal until it hears more', () => {
  const table = emptyTable();
  applyFeed(table, feed({ journal: journal({ saved: NOW }) }));
  applyFeed(table, feed({ seq: 2 }));
  assert.equal(table.journal.saved, NOW);
  assert.equal(emptyTable().journal.health, 'absent');
});

test('the foot tells when something was saved last, and does not when nothing is kept', () => {
  const words = (over, say = en) => savedView(journal(over), NOW, say);
  assert.deepEqual(words({ saved: NOW }), { words: 'saved 12:04:31', tone: 'neutral' });
  assert.equal(words({ saved: NOW }, bg).words, 'запазено 12:04:31');
  assert.equal(words({ saved: null }).words, '');
  assert.equal(words({ health: 'absent', saved: NOW }).words, '');
  assert.equal(words({ health: 'opening' }).words, 'opening the journal…');
  assert.deepEqual(words({ health: 'troubled', trouble: 'full', saved: NOW }), { words: 'not saved', tone: 'attention' });
  assert.equal(words({ health: 'newer' }).tone, 'attention');
});

test('trouble with the journal: what, that watching goes on, how much waits, and what is lost', () => {
  const troubled = (over) => banners({ journal: journal({ health: 'troubled', trouble: 'full', ...over }) });
  const [one] = troubled({ waiting: 12 });
  assert.equal(one.words, 'Changes are not saved: the disk is full.');
  assert.match(one.more, /free some space.*Watching goes on.*12 changes wait/i);
  assert.doesNotMatch(one.more, /lost/);
  const [lossy] = troubled({ waiting: 12, lost: 1 });
  assert.match(lossy.more, /1 line of a timeline is lost/);
  assert.deepEqual([one.tone, lossy.tone], ['attention', 'bad']);
  assert.match(banners({ journal: journal({ health: 'troubled', trouble: 'busy' }) }, bg)[0].words, /^Промените не са запазени: друга програма/);
});

test('what is lost stays told when the trouble is over, until it is put away, and anew where it is more', () => {
  const [lost] = banners({ journal: journal({ lost: 41 }) });
  assert.equal(lost.words, '41 lines of timelines are lost: more waited than there was room for.');
  assert.equal(lost.dismissible, true);
  assert.match(banners({ journal: journal({ health: 'opening', lost: 2 }) }, bg)[0].words, /2 реда.*не се побраха/);
  const dismissed = new Set([lost.id]);
  assert.deepEqual(banners({ journal: journal({ lost: 41 }), dismissed }), []);
  assert.equal(banners({ journal: journal({ lost: 42 }), dismissed }).length, 1);
  assert.deepEqual(banners({ journal: journal({ lost: 0 }) }), []);
});

test('a folder that is missing is told until there is one after all', () => {
  const notices = [{ notice: 'no-folder', why: '/x: access refused' }];
  const shown = banners({ journal: journal({ health: 'troubled', trouble: 'cannot-open', saved: null, notices }) });
  assert.deepEqual(shown.map(({ id }) => id.split(' ')[0]), ['journal', 'notice']);
  assert.match(shown[1].more, /tried again by itself.*lost when this window closes/);
  assert.deepEqual(banners({ journal: journal({ notices }) }), []);
});

test('how much waits changes no banner into another one, which would be told anew', () => {
  const id = (over) => banners({ journal: journal({ health: 'troubled', trouble: 'full', ...over }) })[0].id;
  assert.equal(id({ waiting: 1 }), id({ waiting: 900, lost: 3 }));
  assert.notEqual(id({}), id({ trouble: 'io' }));
});

test('what happened to the journal is told once, can be put away, and hides nothing', () => {
  const notices = [SALVAGED, { notice: 'unknown-environment', environment: 'a\u202eb', enrollments: 1 }, { notice: 'no-backup', trouble: 'full' }];
  const shown = banners({ journal: journal({ notices: [...notices, notices[2]] }) });
  assert.equal(shown.length, 3);
  assert.ok(shown.every((one) => one.dismissible));
  assert.equal(shown[0].raw, SALVAGED.aside);
  assert.match(shown[0].more, /2 enrollments.*31 lines.*24 Nov 2026/);
  assert.match(shown[1].words, /a\\u\{202e\}b/);
  assert.match(shown[2].words, /the disk is full/);
  const [trick] = banners({ journal: journal({ notices: [{ ...SALVAGED, aside: '/x\u200b/y', backup: 'z\u202e', enrollments: 0, entries: 0 }] }) });
  assert.equal(trick.raw, '/x\\u{200b}/y');
  assert.match(trick.more, /z\\u\{202e\}/);
  assert.doesNotMatch(trick.more, /known to be missing/);
  assert.equal(banners({ journal: journal({ notices }), dismissed: new Set([shown[0].id]) }).length, 2);
});

test('a list that is not read yet is not called empty', () => {
  const why = (over) => unreadList({ ...emptyTable(), journal: journal(over) })?.why ?? null;
  assert.equal(why({ health: 'opening', saved: null }), 'opening');
  assert.equal(why({ health: 'troubled', trouble: 'busy', saved: null }), 'unread');
  assert.equal(why({ health: 'troubled', trouble: 'full', saved: NOW }), null);
  assert.equal(why({ health: 'well', saved: null }), null);
  assert.equal(why({ health: 'absent', saved: null }), null);
});

test('two that were interrupted are worth one button, one is not', () => {
  const resume = (over) => banners(over).find((one) => one.id === 'resume');
  assert.equal(resume({ interrupted: 1 }), undefined);
  assert.deepEqual(resume({ interrupted: 2 })?.action, { press: 'resume', words: 'Resume all', busy: false });
  // While they are being resumed fewer and fewer are left, and the banner stays.
  assert.deepEqual(resume({ interrupted: 1, resuming: { done: 4, of: 5 } })?.action, { press: 'resume', words: '4 of 5…', busy: true });
  assert.equal(resume({ interrupted: 9, journal: journal({ health: 'newer' }) }), undefined);
});

test('resuming all asks for each in its own state, and one refusal holds up no other', async () => {
  const rows = [interrupted({ state: 3 }), interrupted({ state: 8 }), interrupted({ state: 5 })];
  assert.ok(rows.every(isInterrupted));
  assert.ok(!isInterrupted(row()));
  const elsewhere = { step: 'ended', phase: 'pre-sign', miss: { outcome: 'interrupted', why: 'handed-over' } };
  assert.ok(!isInterrupted(row({ step: elsewhere })), 'it waits at another desk');
  const asked = [];
  const progress = [];
  const outcome = await toEach(rows, { do: 'watch-again' }, async (key, state, action) => {
    asked.push([key, state, action.do]);
    if (state === 8) throw { code: 'moved-on' };
    return { done: 'done' };
  }, (done) => progress.push(done));
  assert.deepEqual(asked, rows.map((one) => [one.key, one.state, 'watch-again']));
  assert.deepEqual(progress, [1, 2, 3]);
  assert.equal(outcome.done, 2);
  const { words, tone } = ofManyWords(outcome, 'resumed', en);
  assert.match(words, /^2 watches resumed\. 1 not: It had already moved on/);
  assert.equal(tone, 'attention');
});

test('where the host does not answer, resuming stops and says so', async () => {
  let calls = 0;
  const outcome = await toEach([interrupted(), interrupted(), interrupted()], { do: 'watch-again' }, async () => {
    calls += 1;
    if (calls === 2) throw new Error('gone');
    return { done: 'done' };
  }, () => {});
  assert.equal(calls, 2);
  assert.match(ofManyWords(outcome, 'resumed', en).words, /^1 watch resumed\. 2 not: The console did not answer/);
  assert.equal(ofManyWords({ done: 3, refused: new Map() }, 'resumed', en).tone, 'plain');
});

test('a note is never overwritten while it is written', () => {
  const draft = createDraft();
  assert.equal(draft.show(1, 'old', false), 'old');
  draft.type('old, and mo');
  assert.equal(draft.show(1, 'from elsewhere', true), null);
  assert.equal(draft.show(1, 'from elsewhere', false), null);
  assert.deepEqual(draft.take(), { key: 1, note: 'old, and mo' });
});

test('a cursor in a note that nobody has changed keeps its text until it leaves', () => {
  const draft = createDraft();
  draft.show(1, 'old', false);
  assert.equal(draft.show(1, 'new', true), null);
  assert.equal(draft.take(), null);
  assert.equal(draft.show(1, 'new', false), 'new');
});

test('what was saved is not sent again, also before the row has heard of it', () => {
  const draft = createDraft();
  draft.show(1, 'old', false);
  draft.type(' new ');
  const due = draft.take();
  assert.deepEqual(due, { key: 1, note: 'new' });
  draft.saved(1, 'new');
  assert.equal(draft.show(1, 'old', false), 'new');
  assert.equal(draft.isDirty(), false);
  assert.equal(draft.show(1, 'new', false), 'new');
});

test('what is typed while a note is being saved stays to be saved', () => {
  const draft = createDraft();
  draft.show(1, '', false);
  draft.type('one');
  draft.take();
  draft.type('one two');
  draft.saved(1, 'one');
  assert.deepEqual(draft.take(), { key: 1, note: 'one two' });
});

test('a draft waits for its own enrollment, and Escape takes it back', () => {
  const draft = createDraft();
  draft.show(1, 'one', false);
  draft.type('one more');
  assert.equal(draft.show(2, 'two', true), 'two');
  assert.equal(draft.take(), null);
  assert.equal(draft.show(1, 'one', false), 'one more');
  assert.equal(draft.revert(), 'one');
  assert.equal(draft.isDirty(), false);
});

test('what another row came in front of is still saved, and counts as not saved until it is', () => {
  const draft = createDraft();
  draft.show(1, 'one', false);
  draft.type('one more');
  draft.show(2, 'two', true);
  assert.deepEqual(draft.unsaved(), [1]);
  assert.deepEqual(draft.take(1), { key: 1, note: 'one more' });
  draft.saved(1, 'one more');
  assert.deepEqual([draft.unsaved(), draft.take(1)], [[], null]);
});

test('what was taken back by hand is no draft', () => {
  const draft = createDraft();
  draft.show(1, 'one', false);
  draft.type('one more');
  draft.type('one');
  assert.deepEqual(draft.unsaved(), []);
  draft.show(2, 'two', false);
  assert.deepEqual([draft.unsaved(), draft.take(1)], [[], null]);
});

test('a note that is too long is counted as the host counts, and not sent', () => {
  const draft = createDraft();
  draft.show(1, '', false);
  draft.type('😀'.repeat(LONGEST_NOTE));
  assert.equal(draft.isTooLong(), false);
  assert.equal(draft.count(), '2000 / 2000');
  assert.notEqual(draft.take(), null);
  draft.type('😀'.repeat(LONGEST_NOTE + 1));
  assert.equal(draft.isTooLong(), true);
  assert.equal(draft.take(), null);
  assert.deepEqual(draft.unsaved(), [1]);
  draft.type('short');
  assert.equal(draft.count(), '');
});

test('a note shows its unseen characters, and reading it changes nothing', () => {
  const draft = createDraft();
  assert.equal(draft.show(1, 'a\u202eb\nc', false), 'a\\u{202e}b\nc');
  draft.type('a\\u{202e}b\nc');
  assert.equal(draft.take(), null);
});

test('the question about quitting says what would be lost, and nothing where nothing would', () => {
  const words = (over, unsaved, say = en) => lossWords(journal(over), { rows: 0, notes: 0, ...unsaved }, say);
  assert.equal(words({}, {}), '');
  assert.match(words({ health: 'troubled', trouble: 'busy' }, {}), /another program.*lost/);
  assert.match(words({}, { rows: 2 }, bg), /Промените за 2 клиенти.*ще се загубят/);
  assert.match(words({}, { notes: 1 }, bg), /^Бележката не е запазена/);
  assert.match(words({ health: 'troubled', trouble: 'full' }, { notes: 2 }), /the disk is full.*2 notes are not saved/);
  // Whoever was forgotten before the journal was open has no row, and is still kept.
  assert.match(words({ health: 'opening', waiting: 1 }, {}), /^1 change is not saved yet/);
});

test('settings that could not be read are told with their place, and how long everything is kept', () => {
  const [one] = banners({ settingsTrouble: '/home/x/settings.json: expected `,`\u202e' });
  assert.match(one.words, /settings file could not be read.*3650 days/);
  assert.equal(one.more, '/home/x/settings.json: expected `,`\\u{202e}');
  assert.equal(one.dismissible, true);
  assert.match(banners({ settingsTrouble: 'x' }, bg)[0].words, /не можа да бъде прочетен.*3650 дни/);
  assert.deepEqual(banners({ settingsTrouble: 'x', dismissed: new Set([one.id]) }), []);
});

test('days are whole numbers from 1 to 3650', () => {
  assert.deepEqual(['1', ' 30 ', '3650', '007'].map(readsAsDays), [1, 30, 3650, 7]);
  for (const typed of ['', '0', '3651', '-1', '1.5', '1e2', '٣٠', 'ten', '9'.repeat(30)]) assert.equal(readsAsDays(typed), null, typed);
});
