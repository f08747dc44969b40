/** @import { Entry, Operator, Outcome, TimelineEvent } from './types.js' */
/** @import { Timeline } from './store.js' */
/** @import { Say } from './words/say.js' */
import { endDetail, hostWords, problemWords } from './rows.js';
import { visible, visibleLines } from './text.js';
import { clock, wholeSeconds } from './time.js';

/** The host gives no more older lines than that. */
const MOST_LINES = 1000;

/**
 * @typedef {'plain' | 'good' | 'attention' | 'bad'} LineTone
 * @typedef {object} Line
 * @property {number} seq
 * @property {number} at
 * @property {string} words
 * @property {string} more in a second line
 * @property {string} raw the gateway's own value
 * @property {string} by who did it, where somebody did
 * @property {string} account of the operating system, where a person's own name stands in its place
 * @property {LineTone} tone
 */

/**
 * @param {Entry} entry
 * @param {Say} say
 * @returns {Line}
 */
export function lineOf(entry, say) {
  const { seq, at, by, event } = entry;
  return { seq, at: Date.parse(at), more: '', raw: '', tone: 'plain', ...who(by), ...told(event, Date.parse(at), say) };
}

/**
 * What is to be said of a timeline beside its lines: before the newest, and after the oldest. One
 * that is not whole never looks as if it were.
 *
 * @param {Timeline} timeline
 * @param {boolean} isKept whether there is a journal at all
 * @param {Say} say
 * @returns {{ above: string, below: string }}
 */
export function timelineNotes({ reading, lines }, isKept, say) {
  const [first] = lines;
  if (reading === 'loading') return { above: say('pane.timeline.loading'), below: '' };
  if (reading === 'failed') return { above: say(first ? 'pane.timeline.failed.part' : 'pane.timeline.failed'), below: '' };
  if (!first || first.seq === 1) return { above: '', below: '' };
  return { above: '', below: say(isKept && lines.length >= MOST_LINES ? 'pane.timeline.older' : 'pane.timeline.missing') };
}

/** @param {Operator | null} by */
function who(by) {
  if (!by) return { by: '', account: '' };
  return { by: visible(by.name ?? by.account), account: by.name === null ? '' : visible(by.account) };
}

/**
 * @param {TimelineEvent} event
 * @param {number} at
 * @param {Say} say
 * @returns {{ words: string, more?: string, raw?: string, tone?: LineTone }}
 */
function told(event, at, say) {
  switch (event.event) {
    case 'added':
      return { words: say(`event.added.${event.customer}`) };
    case 'stated':
      return { words: say(`event.stated.${event.says}`), more: say(`event.how.${event.how}`) };
    case 'started':
      return { words: say(`event.started.${event.phase}`) };
    case 'status':
      return { words: say(event.backwards ? 'event.status.backwards' : 'event.status'), ...gatewaySays(event, say) };
    case 'problem':
      return problemTold(event, say);
    case 'paused':
      return { words: say(`event.paused.${event.why}`), tone: 'attention' };
    case 'link':
      return { words: say('event.link', { n: event.generation, host: visible(event.host) }) };
    case 'link-refused': {
      const rule = say.code('rule', event.rule);
      return { words: say('event.link-refused', { rule }), more: hostWords(event.host, say), tone: 'bad' };
    }
    case 'opened':
      return { words: say('event.opened', { host: visible(event.host) }) };
    case 'copied':
    case 'shown':
      return { words: say(`event.${event.event}`, { host: visible(event.host) }) };
    case 'not-opened':
      return { words: say('event.not-opened', { why: say.code('not-opened', event.code) }), tone: 'bad' };
    case 'checked':
      return { words: say('event.checked'), ...gatewaySays(event, say) };
    case 'look-planned':
      return { words: event.at === null ? say('event.look-dropped') : say('event.look-planned', { time: clock(Date.parse(event.at), at, say.language) }) };
    case 'ended':
      return { ...outcomeTold(event, say) };
    case 'noted':
      return event.note === '' ? { words: say('event.noted.nothing') } : { words: say('event.noted'), more: visibleLines(event.note) };
    case 'resumed':
    case 'handed-on':
    case 'revealed':
    case 'removed':
    case 'restored':
      return { words: say(`event.${event.event}`) };
    default:
      // A newer host may tell of more than this window knows.
      return { words: say('event.other', { code: /** @type {{ event: string }} */ (event).event }) };
  }
}

/**
 * @param {{ status: string | null, message: string | null }} answer
 * @param {Say} say
 */
function gatewaySays({ status, message }, say) {
  return {
    raw: status === null ? say('event.status.none') : visible(status),
    more: message === null ? '' : visible(message),
  };
}

/**
 * @param {Extract<TimelineEvent, { event: 'problem' }>} event
 * @param {Say} say
 * @returns {{ words: string, more: string, tone: LineTone }}
 */
function problemTold({ problem, retryMs }, say) {
  return {
    words: say('event.problem', { problem: problemWords(problem, say) }),
    more: retryMs === null ? '' : say('event.problem.retry', { n: wholeSeconds(retryMs) }),
    tone: 'attention',
  };
}

/**
 * @param {Extract<TimelineEvent, { event: 'ended' }>} event
 * @param {Say} say
 * @returns {{ words: string, more: string, raw: string, tone: LineTone }}
 */
function outcomeTold({ phase, result, polls }, say) {
  const checks = polls > 0 ? say.count('event.polls', polls) : '';
  const detail = outcomeDetail(result, say);
  return {
    words: outcomeWords(phase, result, say),
    more: [detail, checks].filter(Boolean).join(' · '),
    raw: result.outcome === 'failed' ? visible(result.status) : '',
    tone: outcomeTone(result),
  };
}

/**
 * @param {'pre-sign' | 'post-sign'} phase
 * @param {Outcome} result
 * @param {Say} say
 */
export function outcomeWords(phase, result, say) {
  const { outcome } = result;
  if (outcome === 'ready-to-sign' || outcome === 'signed') return say(`outcome.${outcome}`);
  if (outcome === 'timed-out' || outcome === 'failed') {
    return say(`state.${outcome}-${phase === 'pre-sign' ? 'a' : 'b'}`);
  }
  return say(`state.${outcome}`);
}

/**
 * @param {Outcome} result
 * @param {Say} say
 */
function outcomeDetail(result, say) {
  if (result.outcome === 'ready-to-sign') return hostWords(result.host, say);
  return result.outcome === 'signed' ? '' : endDetail(result, say);
}

/**
 * @param {Outcome} result
 * @returns {LineTone}
 */
function outcomeTone({ outcome }) {
  switch (outcome) {
    case 'ready-to-sign':
    case 'signed':
      return 'good';
    case 'failed':
    case 'rejected':
    case 'blocked-url':
    case 'unauthorized':
      return 'bad';
    case 'timed-out':
    case 'interrupted':
      return 'attention';
    default:
      return 'plain';
  }
}
