/** @import { Key, Row } from './types.js' */
/** @import { Say } from './words/say.js' */
/** @import { Situation } from './situation.js' */
/** @import { Change } from './standings.js' */
import { about } from './situation.js';
import { whoOf } from './rows.js';

/** More names than this in one breath are counted instead of read. */
const NAMED_AT_MOST = 3;

/**
 * The changes worth hearing: what now needs a hand, ended or went through. Steps in between, and
 * what an agent has just done, are seen and not heard; a pause of the whole environment is told
 * once, by its banner.
 *
 * @param {readonly Change[]} changes
 * @param {ReadonlySet<Key>} ownDoing
 */
export function worthHearing(changes, ownDoing) {
  return changes.filter(({ row, situation }) => {
    if (ownDoing.has(row.key) || situation === 'needs-token' || situation === 'gateway-trouble') return false;
    return about(situation).group !== 'waiting' && situation !== 'handed-on';
  });
}

/**
 * @param {readonly { row: Row, situation: Situation }[]} changes
 * @param {Say} say
 */
export function aloud(changes, say) {
  const named = changes
    .slice(0, NAMED_AT_MOST)
    .map(({ row, situation }) => say('aloud.row', { who: whoOf(row), what: say(`state.${situation}`) }));
  const more = changes.length - named.length;
  if (more > 0) named.push(say.count('aloud.more', more));
  return named.join(' ');
}
