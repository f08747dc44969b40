import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp } from '../app/app.js';
import { ask, reachFirst } from '../app/reaching.js';
import { environment } from './preview/rows.js';

const CENTRAL = environment({ name: 'Central', kind: 'production', gateway: 'https://crm.example.bg' });

function appWith(reach) {
  const asked = [];
  const host = /** @type {any} */ ({
    reach: (name) => {
      asked.push(name);
      return reach();
    },
  });
  return { app: newApp(host), asked };
}

test('what came of asking is remembered for the gateway', async () => {
  const answers = { reach: 'answers', http: 404, tookMs: 83 };
  const { app, asked } = appWith(() => Promise.resolve(answers));
  const found = ask(app, CENTRAL);
  assert.deepEqual(app.reaching.get(CENTRAL.gateway), { reach: 'asking' });
  assert.deepEqual(await found, answers);
  assert.deepEqual([app.reaching.get(CENTRAL.gateway), asked], [answers, ['Central']]);
});

test('a program that cannot ask is not asked again by itself', async () => {
  const { app, asked } = appWith(() => Promise.reject(new Error('gone')));
  assert.deepEqual(await ask(app, CENTRAL), { reach: 'unasked' });
  reachFirst(/** @type {any} */ ({ app }), CENTRAL);
  assert.deepEqual(asked, ['Central']);
});

test('training is never asked by itself: it answers from this very program', () => {
  const { app, asked } = appWith(() => Promise.reject(new Error('gone')));
  reachFirst(/** @type {any} */ ({ app }), environment({ kind: 'training' }));
  assert.deepEqual(asked, []);
});
