/** @import { Row } from './types.js' */
/** @import { Say } from './words/say.js' */
import { visible } from './text.js';

/**
 * What the gateway said that this console was not told of: statuses that it does not know, and hosts
 * that are not allowed. Nobody is in it.
 *
 * @typedef {{ what: 'status' | 'host', environment: string, value: string, count: number }} Unfamiliar
 */

/**
 * @param {Iterable<Row>} rows
 * @returns {Unfamiliar[]}
 */
export function unfamiliarIn(rows) {
  /** @type {Map<string, Unfamiliar>} */
  const found = new Map();
  const meet = (/** @type {'status' | 'host'} */ what, /** @type {string} */ environment, /** @type {string} */ value) => {
    const key = JSON.stringify([what, environment, value]);
    const one = found.get(key) ?? { what, environment, value, count: 0 };
    found.set(key, { ...one, count: one.count + 1 });
  };
  for (const { environment, status, statusKnown, step } of rows) {
    if (status !== null && !statusKnown) meet('status', environment, status);
    if (step.step === 'ended' && step.miss.outcome === 'blocked-url' && step.miss.host !== null) meet('host', environment, step.miss.host);
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/**
 * What an administrator is sent.
 *
 * @param {readonly Unfamiliar[]} found
 * @param {string} version
 * @param {number} now
 * @param {Say} say
 */
export function unfamiliarText(found, version, now, say) {
  const head = `${say('app.name')} ${version} · ${new Date(now).toISOString()}`;
  const lines = found.map(({ what, environment, value, count }) => `${visible(environment)}: ${say(`unfamiliar.${what}`)} ${visible(value)} (${count})`);
  return [head, ...lines].join('\n');
}
