import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

const page = readFileSync(new URL('../../src-tauri/packaging/return-page.html', import.meta.url), 'utf8');
const between = (/** @type {string} */ tag) => page.split(`<${tag}>`)[1].split(`</${tag}>`)[0];

/**
 * What the page shows to whoever comes with this query.
 *
 * @param {string} search
 * @param {boolean} mouse
 */
function shown(search, mouse = true) {
  /** @type {Record<string, { hidden: boolean, textContent: string, href: string }>} */
  const nodes = Object.fromEntries(['show', 'number', 'offer', 'tell'].map((id) => [id, { hidden: id !== 'show' && id !== 'tell', textContent: '', href: '' }]));
  runInNewContext(between('script'), {
    URLSearchParams,
    location: { search },
    document: { getElementById: (/** @type {string} */ id) => nodes[id] },
    matchMedia: () => ({ matches: mouse }),
  });
  const { show, number, offer, tell } = nodes;
  return { link: offer.hidden ? null : tell.href, number: number.hidden ? null : number.textContent, asksToShow: !show.hidden };
}

test('on a computer the page offers what the console takes', () => {
  assert.deepEqual(shown('?id=1024&type=merchant&step=signing'), { link: 'enrollment-console://finished?id=1024&type=merchant&step=signing', number: '№ ••24', asksToShow: false });
  assert.equal(shown('?id=0007').link, 'enrollment-console://finished?id=7&step=signing');
  assert.equal(shown('?id=7&step=identification').link, 'enrollment-console://finished?id=7&step=identification');
});

test('on a phone it is shown to the clerk, with two digits at most', () => {
  assert.deepEqual(shown('?id=1024', false), { link: null, number: '№ ••24', asksToShow: true });
  assert.equal(shown('?id=24', false).number, '№ ••');
});

test('what the console would refuse goes into no link', () => {
  for (const search of ['', '?id=', '?id=0', '?id=-1', '?id=2147483648', '?id=1e3', '?id=1&id=2', '?id=%D9%A1', '?id=<b>'])
    assert.deepEqual(shown(search), { link: null, number: null, asksToShow: true }, search);
  assert.equal(shown('?id=7&type=admin&step=all&url=https://evil.example').link, 'enrollment-console://finished?id=7&step=signing');
});

test('its policy lets nothing run but its own style and script, which load nothing', () => {
  for (const tag of ['style', 'script']) {
    const hash = createHash('sha256').update(between(tag)).digest('base64');
    assert.ok(page.includes(`${tag}-src 'sha256-${hash}'`), `the policy should name sha256-${hash}`);
  }
  assert.ok(page.includes("default-src 'none'"));
  const loaded = page.match(/\b(?:src|href|url\()\s*=?\s*["']?(?:https?:)?\/\//g);
  assert.equal(loaded, null);
});
