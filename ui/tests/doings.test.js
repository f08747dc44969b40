// What a press and a choice come to, where they come to nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp, takeFeed, takeSettings } from '../app/app.js';
import { pressRow } from '../app/doings.js';
import { asSettingsProblem } from '../app/refusals.js';
import { environment, journal, row } from './preview/rows.js';

function windowWith(kept) {
  const one = row();
  const app = newApp(/** @type {any} */ ({}));
  takeSettings(app, { environment: 'Sandbox', language: 'en' });
  takeFeed(app, { seq: 1, rows: [one], removed: [], environments: [environment()], journal: kept, pulse: { watched: 0, pollsPerSecond: 0 }, entries: [] });
  const [told, pressed] = [[], []];
  const w = /** @type {any} */ ({ app, notices: { show: ({ words }) => told.push(words) }, ownDoing: new Map(), press: async (_, press) => pressed.push(press) });
  return { press: (press) => pressRow(w, one.key, press, -Infinity), told, pressed };
}

test('where a newer console wrote the list a press asks nothing and says why', () => {
  const { press, told, pressed } = windowWith(journal({ health: 'newer', saved: null }));
  press('forget');
  assert.deepEqual(pressed, []);
  assert.match(told[0], /newer console wrote this list/);
  press('enter-token');
  assert.deepEqual(pressed, ['enter-token']);
});

test('everywhere else a press goes on', () => {
  const { press, told, pressed } = windowWith(journal());
  press('forget');
  assert.deepEqual([pressed, told], [['forget'], []]);
});

test('settings that were not written are told apart from a console that does not answer', () => {
  for (const code of ['not-written', 'managed', 'who-is-there']) assert.equal(asSettingsProblem({ code }), code);
  for (const thrown of [{ code: 'closing' }, new Error('gone'), null, 'not-written']) assert.equal(asSettingsProblem(thrown), null);
});
