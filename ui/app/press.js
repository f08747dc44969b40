/** @import { Action, Done, Key, Refused, Row, Way } from './types.js' */
/** @import { Handing } from './dialogs/confirm.js' */
/** @import { Qr } from './dialogs/qr.js' */
/** @import { Host } from './host.js' */
/** @import { Press } from './actions.js' */
/** @import { Notice } from './notices.js' */
/** @import { Say } from './words/say.js' */
import { ASKS_GATEWAY, plainAction, wayOf } from './actions.js';
import { asRefused, refusalWords } from './refusals.js';
import { whoOf } from './rows.js';
import { visible } from './text.js';
import { atClock } from './time.js';

/** How long another way is offered where one did not work. */
const OFFER_MS = 30_000;

/** The host keeps what was removed for 60 s; the offer to undo ends a little before that. */
const UNDO_MS = 55_000;

/**
 * @typedef {object} PressContext
 * @property {Host} host
 * @property {(key: Key) => Row | undefined} rowOf the row as it is now
 * @property {() => Say} say
 * @property {(about: Handing, say: Say) => Promise<boolean>} askConfirm
 * @property {(row: Row, say: Say) => Promise<boolean>} askRemote
 * @property {(row: Row, say: Say) => Promise<boolean>} askForget
 * @property {(row: Row, say: Say) => Promise<{ at: number | null } | null>} askLook
 * @property {(qr: Qr, say: Say) => void} showQr
 * @property {() => void} openToken
 * @property {(notice: Notice) => void} notify
 * @property {(key: Key, busy: boolean) => void} onBusy
 * @property {(key: Key) => void} onOpened its link is in the browser
 */

/**
 * Carries a press to the host: asks first where that is due, and says what came of it.
 *
 * @param {PressContext} context
 */
export function createPresser(context) {
  /** @type {Set<string>} for each row one press that asks the gateway, and one of each other kind */
  const under = new Set();

  /**
   * @param {Row} row as it was shown when it was pressed
   * @param {Press} press
   */
  async function press(row, press) {
    if (press === 'enter-token') return context.openToken();
    const one = `${row.key} ${ASKS_GATEWAY.has(press) ? 'gateway' : press}`;
    if (under.has(one)) return;
    under.add(one);
    try {
      if (press === 'forget' && !(await context.askForget(row, context.say()))) return;
      if (press === 'look-again') return await planLook(context, row);
      const [action, way] = [plainAction(press), wayOf(press)];
      const done = action ? await act(context, row, action) : way && (await handOver(context, row, way));
      if (done) tell(context, row, action, done);
    } catch (thrown) {
      const elsewhere = asRefused(thrown)?.code === 'not-opened' && press === 'open';
      refuse(context, thrown, elsewhere ? otherWays(row) : {});
    } finally {
      under.delete(one);
    }
  }

  /**
   * Where no browser opens, the link can still be had.
   *
   * @param {Row} row
   */
  function otherWays(row) {
    const by = (/** @type {Press} */ other) => ({
      words: context.say()(`do.${other}`),
      run() {
        const now = context.rowOf(row.key);
        if (now?.link) void press(now, other);
      },
    });
    return { action: by('show-qr'), also: by('copy-link'), lifeMs: OFFER_MS };
  }

  return press;
}

/**
 * @param {PressContext} context
 * @param {Row} row
 * @param {Action} action
 */
async function act(context, row, action) {
  context.onBusy(row.key, true);
  try {
    return await context.host.act(row.key, row.state, action);
  } finally {
    context.onBusy(row.key, false);
  }
}

/**
 * @param {PressContext} context
 * @param {Row} row
 */
async function planLook(context, row) {
  const look = await context.askLook(row, context.say());
  if (!look) return;
  await act(context, row, { do: 'look-again', at: look.at });
  const say = context.say();
  const words = look.at === null ? say('notice.look-dropped', { who: whoOf(row) }) : say('notice.look-planned', { who: whoOf(row), when: atClock(look.at, Date.now(), say) });
  context.notify({ words, about: `look ${row.key}` });
}

/**
 * Hands a link over after the questions that are due. The host asks for them too: what it misses
 * is asked once more, and never more than once.
 *
 * @param {PressContext} context
 * @param {Row} row
 * @param {Way} way
 * @returns {Promise<Done | null>} null where the answer was no
 */
async function handOver(context, row, way) {
  let [confirmed, here] = [false, false];
  if (!row.confirmed) {
    if (!(await context.askConfirm({ row, way }, context.say()))) return null;
    confirmed = true;
  }
  if (row.place === 'remote' && way === 'browser') {
    if (!(await context.askRemote(row, context.say()))) return null;
    here = true;
  }
  for (;;) {
    const generation = linkStillMeant(context, row);
    if (generation === null) return null;
    try {
      return await act(context, row, { do: 'hand-over', way, generation, confirmed, here });
    } catch (thrown) {
      const code = asRefused(thrown)?.code;
      if (code === 'confirm-user' && !confirmed) confirmed = await context.askConfirm({ row, way }, context.say());
      else if (code === 'confirm-remote' && !here) here = await context.askRemote(row, context.say());
      else throw thrown;
      if ((code === 'confirm-user' && !confirmed) || (code === 'confirm-remote' && !here)) return null;
    }
  }
}

/**
 * The newest generation, as long as the customer still stands where they stood and the link leads
 * to the host that was shown while the agent was comparing.
 *
 * @param {PressContext} context
 * @param {Row} shown
 */
function linkStillMeant(context, shown) {
  const now = context.rowOf(shown.key);
  const same = now && now.state === shown.state && now.link && now.link.host === shown.link?.host;
  if (same && now.link) return now.link.generation;
  context.notify({ words: context.say()('confirm.moved-on'), tone: 'attention' });
  return null;
}

/**
 * @param {PressContext} context
 * @param {Row} row
 * @param {Action | null} action
 * @param {Done} done
 */
function tell(context, row, action, done) {
  const say = context.say();
  if (done.done === 'opened') {
    context.onOpened(row.key);
    context.notify({ words: say('notice.opened', { host: visible(done.host) }) });
  } else if (done.done === 'copied') {
    context.notify({ words: say('notice.link-copied', { host: visible(done.host) }) });
  } else if (done.done === 'shown') {
    context.showQr({ row, host: done.host, generation: done.generation, code: done.code }, say);
  } else if (done.done === 'checked') {
    context.notify({ words: say('notice.checked'), about: `checked ${row.key}` });
  } else if (action?.do === 'forget') {
    context.notify({ words: say('notice.forgotten', { who: whoOf(row) }) });
  } else if (action?.do === 'remove') {
    context.notify({
      words: say('notice.removed', { who: whoOf(row) }),
      about: `removed ${row.key}`,
      lifeMs: UNDO_MS,
      action: { words: say('notice.undo'), run: () => void restore(context, row) },
    });
  }
}

/**
 * @param {PressContext} context
 * @param {Row} row
 */
async function restore(context, row) {
  try {
    await context.host.act(row.key, row.state, { do: 'restore' });
    context.notify({ words: context.say()('notice.restored', { who: whoOf(row) }) });
  } catch (thrown) {
    refuse(context, thrown);
  }
}

/**
 * @param {PressContext} context
 * @param {unknown} thrown
 * @param {Partial<Notice>} [offer]
 */
function refuse(context, thrown, offer = {}) {
  const say = context.say();
  const refused = asRefused(thrown);
  const words = refused ? refusalWords(refused, say) : say('notice.failed');
  context.notify({ words, tone: refused ? refusalTone(refused) : 'bad', ...offer });
  if (refused?.code === 'needs-token') context.openToken();
}

/** @param {Refused} refused */
function refusalTone(refused) {
  return refused.code === 'link-refused' || refused.code === 'not-opened' ? 'bad' : 'attention';
}
