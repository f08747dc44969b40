// What leaves the console, and what is seen while it is covered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainAction, otherActions } from '../app/actions.js';
import { hidesAfter, newApp, takeFeed } from '../app/app.js';
import { endedLines } from '../app/cover.js';
import { asksName } from '../app/covering.js';
import { runsOf } from '../app/icons.js';
import { createIdle } from '../app/idle.js';
import { commandFor } from '../app/keys.js';
import { createPresser } from '../app/press.js';
import { speaker } from '../app/words/say.js';
import { QR_MODULES, environment, journal, link, row } from './preview/rows.js';

const en = speaker('en');
const policy = (over) => ({ file: null, trouble: null, environments: false, keepDays: null, hideAfter: null, asksOperator: false, operators: [], ...over });

function appWith(over) {
  const app = newApp(/** @type {any} */ ({}));
  takeFeed(app, /** @type {any} */ ({ seq: 1, rows: [], removed: [], environments: [environment()], journal: journal(), pulse: { watched: 0, pollsPerSecond: 0 }, entries: [], ...over }));
  return app;
}

/** A presser whose host does what it is told to, and all that it asked and said. */
function presser(one, hostDoes) {
  const [acted, asked, shown, told] = [[], [], [], []];
  const answer = (question) => async (about) => {
    asked.push([question, about.way ?? '']);
    return true;
  };
  const press = createPresser(/** @type {any} */ ({
    host: {
      act: async (_key, _state, action) => {
        acted.push(action);
        return hostDoes(action);
      },
    },
    rowOf: () => one,
    say: () => en,
    askConfirm: answer('confirm'),
    askRemote: answer('remote'),
    showQr: (qr) => shown.push(qr),
    notify: (notice) => told.push(notice),
    onBusy: () => {},
  }));
  return { press: (what) => press(one, what), acted, asked, shown, told };
}

test('a code is drawn module by module, with room around it', () => {
  const size = Math.sqrt(QR_MODULES.length);
  const drawn = Array.from({ length: size }, () => Array(size).fill('.'));
  for (const [, x, y, run] of runsOf(size, QR_MODULES).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3Z/g)) {
    for (let at = 0; at < Number(run); at += 1) drawn[Number(y) - 4][Number(x) - 4 + at] = '#';
  }
  assert.equal(drawn.flat().join(''), QR_MODULES);
});

test('a link is confirmed before it leaves in whatever way, and only opening asks about a remote customer', async () => {
  const ways = [['open', 'browser', true], ['copy-link', 'clipboard', false], ['show-qr', 'qr-code', false]];
  for (const [what, way, remote] of ways) {
    const one = row({ place: 'remote', link: link(), step: { step: 'ready' } });
    const { press, acted, asked } = presser(one, () => ({ done: 'done' }));
    await press(what);
    assert.deepEqual(asked, [['confirm', way], ...(remote ? [['remote', '']] : [])]);
    assert.deepEqual(acted, [{ do: 'hand-over', way, generation: 1, confirmed: true, here: remote }]);
  }
});

test('what a copied link says names its host and its minute, and a code is shown and not spoken of', async () => {
  const one = row({ confirmed: true, link: link(), step: { step: 'ready' } });
  const copied = presser(one, () => ({ done: 'copied', host: 'sign.example.bg' }));
  await copied.press('copy-link');
  assert.equal(copied.told[0].words, 'Link copied: sign.example.bg. It can be pasted for one minute.');
  const code = { size: 1, modules: '#' };
  const drawn = presser(one, () => ({ done: 'shown', host: 'sign.example.bg', generation: 4, code }));
  await drawn.press('show-qr');
  assert.deepEqual([drawn.shown, drawn.told], [[{ row: one, host: 'sign.example.bg', generation: 4, code }], []]);
});

test('where no browser opens, the other two ways are offered and taken at once', async () => {
  const one = row({ confirmed: true, link: link(), step: { step: 'ready' } });
  const { press, acted, told } = presser(one, ({ way }) => {
    if (way === 'browser') throw { code: 'not-opened', why: 'no-browser' };
    return { done: 'copied', host: 'sign.example.bg' };
  });
  await press('open');
  const [{ words, action, also }] = told;
  assert.match(words, /not handed over.*no browser/);
  assert.deepEqual([action.words, also.words], ['Show QR code', 'Copy link']);
  also.run();
  assert.equal(acted.at(-1).way, 'clipboard');
});

test('a remote customer’s link is copied from the list, one at the desk opened', () => {
  const main = (place) => mainAction(row({ place, link: link(), step: { step: 'ready' } }), 'ready', null);
  assert.deepEqual([main('desk').press, main('remote').press], ['open', 'copy-link']);
  const without = otherActions(row({ step: { step: 'signing' } }), null).further;
  assert.ok(!without.includes('copy-link') && !without.includes('show-qr'), 'there is no link to hand over');
});

test('copying, drawing and hiding have keys of their own', () => {
  const pressed = (code) => commandFor({ code, key: 'х', ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, repeat: false }, 'list', true);
  assert.deepEqual(['KeyL', 'KeyQ', 'KeyH'].map(pressed), ['copy-link', 'qr', 'hide']);
});

test('the list hides when nobody has touched it for so long, and not while somebody does', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let [after, hidden] = [/** @type {number | null} */ (2), 0];
  const idle = createIdle(() => after, () => (hidden += 1));
  idle.look();
  t.mock.timers.tick(90_000);
  idle.touch();
  t.mock.timers.tick(90_000);
  assert.equal(hidden, 0, 'somebody was there');
  t.mock.timers.tick(31_000);
  assert.equal(hidden, 1);
  after = null;
  idle.look();
  t.mock.timers.tick(3_600_000);
  assert.equal(hidden, 1, 'never means never');
  after = 1;
  idle.look();
  assert.equal(hidden, 2, 'what was chosen since counts from the last touch');
});

test('the policy’s time wins over what was chosen', () => {
  const app = appWith({});
  app.settings.hideAfter = 10;
  assert.equal(hidesAfter(app), 10);
  assert.equal(hidesAfter(Object.assign(appWith({ policy: policy({ hideAfter: 3 }) }), { settings: app.settings })), 3);
});

test('a name is asked for where the policy asks and nobody has said one', () => {
  const someone = (name) => ({ account: 'desk-3', name });
  assert.equal(asksName(appWith({ operator: someone(null) })), false);
  assert.equal(asksName(appWith({ policy: policy({ asksOperator: true }), operator: someone(null) })), true);
  assert.equal(asksName(appWith({ policy: policy({ asksOperator: true }), operator: someone('Мария') })), false);
});

test('the end of a shift says what may be left, and claims nothing that is not so', () => {
  const words = (ended, kept) => endedLines(ended, kept, en).map((line) => line.words).join(' ');
  assert.match(words({ interrupted: 0, tokensLeft: [] }, journal()), /^Tokens, links and the labels of finished customers are gone/);
  const left = words({ interrupted: 2, tokensLeft: [{ environment: 'Test\u202e', why: { code: 'locked' } }] }, journal());
  assert.match(left, /2 watches were interrupted/);
  assert.match(left, /The token of Test\\u\{202e\} may still be in the password store\. The password store is locked/);
  assert.doesNotMatch(left, /are gone/);
  const troubled = words({ interrupted: 0, tokensLeft: [] }, journal({ health: 'troubled', trouble: 'full' }));
  assert.match(troubled, /labels are not wiped yet: the disk is full/);
  assert.doesNotMatch(troubled, /are gone/);
});
