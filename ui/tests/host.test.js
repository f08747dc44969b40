import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun } from '../app/host.js';

/** A host that answers when it is told to. */
function slowHost() {
  const asked = [];
  const feeds = [];
  let answer;
  const start = new Promise((resolve) => {
    answer = resolve;
  });
  const host = /** @type {any} */ ({
    start: () => {
      asked.push('start');
      return start;
    },
    subscribe: (onFeed) => {
      asked.push('subscribe');
      feeds.push(onFeed);
      return Promise.resolve();
    },
  });
  return { host, asked, feeds, answer };
}

test('what a window begins with is asked for at once, and once', async () => {
  const { host, asked, feeds, answer } = slowHost();
  const early = begun(host);
  assert.deepEqual(asked, ['start', 'subscribe']);
  feeds[0](1);
  answer('answer');
  assert.equal(await early.start(), 'answer');
  const heard = [];
  await early.subscribe((feed) => heard.push(feed));
  feeds[0](2);
  assert.deepEqual([heard, asked], [[1, 2], ['start', 'subscribe']]);
});

test('whoever subscribes again gets a subscription of their own', async () => {
  const { host, asked, feeds } = slowHost();
  const early = begun(host);
  const [first, second] = [[], []];
  await early.subscribe((feed) => first.push(feed));
  await early.subscribe((feed) => second.push(feed));
  feeds[1](1);
  assert.deepEqual([first, second, asked], [[], [1], ['start', 'subscribe', 'subscribe']]);
});

test('a host that does not answer is heard of where it is asked', async () => {
  const failing = () => Promise.reject(new Error('gone'));
  const early = begun(/** @type {any} */ ({ start: failing, subscribe: failing }));
  await assert.rejects(early.start());
  await assert.rejects(early.subscribe(() => {}));
});
