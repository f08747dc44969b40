import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The words in quotes that a generated type offers for a tag, or as a bare choice. */
export function codesOf(type, tag) {
  const text = readFileSync(new URL(`../types/${type}.ts`, import.meta.url), 'utf8').split('export type')[1];
  const pattern = tag ? new RegExp(`"${tag}": "([^"]+)"`, 'g') : /"([^"]+)"/g;
  const codes = [...text.matchAll(pattern)].map((match) => match[1]);
  assert.ok(codes.length > 0, `${type} has no codes: has its form changed?`);
  return codes;
}
