/** @import { EnvironmentView, JournalView } from './types.js' */
/** @import { Say } from './words/say.js' */
import { SETTLE_MS } from './dialogs/frame.js';
import { arrange, button, el, setAttribute, setText, setTextOrHide } from './dom.js';
import { icon } from './icons.js';
import { healthBanner, noticeBanners } from './journal.js';
import { needsToken } from './situation.js';
import { visible, visibleLines } from './text.js';
import { clock } from './time.js';
import { endsSoon } from './tokens.js';

/** The same is not told again sooner than this: what comes and goes would never be quiet. */
const HUSH_MS = 60_000;

/** From this many on, resuming them one by one is a chore. */
const WORTH_RESUMING_AT_ONCE = 2;

/**
 * @typedef {'token' | 'resume'} BannerPress
 *
 * @typedef {object} Banner
 * @property {string} id
 * @property {'attention' | 'bad'} tone
 * @property {string} words
 * @property {string} more
 * @property {string} [raw] a place on the disk, as it is written there
 * @property {{ press: BannerPress, words: string, busy?: boolean }} [action]
 * @property {boolean} [dismissible]
 *
 * @typedef {object} BannerFacts
 * @property {EnvironmentView | null} environment
 * @property {JournalView} journal
 * @property {string | null} fileTrouble of the environments file
 * @property {string | null} settingsTrouble of the settings file
 * @property {string | null} policyTrouble of a newer managed policy
 * @property {number} now
 * @property {number} waiting rows that wait for a token
 * @property {number} interrupted rows that wait to be resumed
 * @property {{ done: number, of: number } | null} resuming
 * @property {ReadonlySet<string>} dismissed
 */

/**
 * What stands in the way of all rows at once, most pressing first.
 *
 * @param {BannerFacts} facts
 * @param {Say} say
 * @returns {Banner[]}
 */
export function bannersFor(facts, say) {
  const { environment, journal, fileTrouble, policyTrouble, settingsTrouble, dismissed } = facts;
  /** @type {(Banner | null)[]} */
  const banners = [
    fileTrouble === null ? null : { id: 'file', tone: 'bad', words: say('banner.file'), more: visibleLines(fileTrouble) },
    policyTrouble === null ? null : { id: 'policy', tone: 'bad', words: say('banner.policy'), more: visibleLines(policyTrouble) },
    settingsTrouble === null ? null : { id: 'settings', tone: 'bad', words: say('settings.unreadable'), more: visibleLines(settingsTrouble), dismissible: true },
    healthBanner(journal, say),
    ...(environment ? environmentBanners(environment, facts, say) : []),
    // Nothing can be resumed where nothing may be changed.
    journal.health === 'newer' ? null : resumeBanner(facts, say),
    ...noticeBanners(journal, say),
  ];
  return banners.flatMap((banner) => (banner && !dismissed.has(banner.id) ? [banner] : []));
}

/**
 * @param {EnvironmentView} environment
 * @param {BannerFacts} facts
 * @param {Say} say
 * @returns {Banner[]}
 */
function environmentBanners(environment, { waiting, now }, say) {
  if (environment.withdrawn) return [{ id: 'withdrawn', tone: 'attention', words: say('banner.withdrawn'), more: '' }];
  /** @type {Banner[]} */
  const banners = [];
  // Without anybody waiting the first steps and the header say it, and a banner would only shout.
  if (needsToken(environment.token) && waiting > 0) {
    const { state, command } = environment.token;
    const action = { press: /** @type {const} */ ('token'), words: say(command === null ? 'do.enter-token' : 'token.button') };
    const words = command?.problem ? say.code('fetch-problem', command.problem.code) : say(`token.about.${state}`);
    banners.push({ id: 'token', tone: 'attention', words, more: say.count('banner.token.waiting', waiting), action });
  } else if (environment.token.expires !== null && endsSoon(environment.token, now)) {
    const action = { press: /** @type {const} */ ('token'), words: say('do.enter-token') };
    const time = clock(environment.token.expires, now, say.language);
    banners.push({ id: 'token-ending', tone: 'attention', words: say('banner.token.ending', { time }), more: say('banner.token.ending.more'), action, dismissible: true });
  }
  if (environment.offline) {
    banners.push({ id: 'offline', tone: 'attention', words: say('banner.offline', { gateway: visible(environment.gateway) }), more: '' });
  } else if (environment.behind) {
    banners.push({ id: 'behind', tone: 'attention', words: say('banner.behind'), more: '' });
  }
  return banners;
}

/**
 * @param {BannerFacts} facts
 * @param {Say} say
 * @returns {Banner | null}
 */
function resumeBanner({ interrupted, resuming }, say) {
  if (!resuming && interrupted < WORTH_RESUMING_AT_ONCE) return null;
  const words = resuming ? say('banner.resuming', resuming) : say('banner.resume-all');
  return {
    id: 'resume',
    tone: 'attention',
    words: say.count('banner.interrupted', resuming ? resuming.of : interrupted),
    more: say('banner.interrupted.more'),
    action: { press: 'resume', words, busy: resuming !== null },
  };
}

/**
 * @typedef {object} BannerEvents
 * @property {(press: BannerPress) => void} onPress
 * @property {(id: string) => void} onDismiss
 * @property {() => void} onTooSoon what was pressed had only just come to be there
 * @property {(words: string) => void} onTold
 * @property {() => void} onFocusGone the banner that had the focus is gone
 */

/** @param {BannerEvents} events */
export function createBanners(events) {
  const node = el('section', { class: 'banners', id: 'banners' });
  /** @type {Map<string, ReturnType<typeof bannerNode>>} */
  const nodes = new Map();
  /** @type {Map<string, number>} */
  const toldAt = new Map();
  let movedAt = 0;
  const settled = () => performance.now() - movedAt >= SETTLE_MS;

  /** @param {Banner} banner */
  function nodeFor({ id, words }) {
    const known = nodes.get(id);
    if (known) return known;
    const made = bannerNode(id, events, settled);
    nodes.set(id, made);
    if (performance.now() - (toldAt.get(id) ?? -HUSH_MS) >= HUSH_MS) events.onTold(words);
    toldAt.set(id, performance.now());
    return made;
  }

  /**
   * @param {readonly Banner[]} banners
   * @param {Say} say
   * @returns {boolean} whether one has come or gone, and what is below has moved
   */
  function render(banners, say) {
    const before = [...node.children];
    const hadFocus = node.contains(document.activeElement);
    const shown = new Set(banners.map(({ id }) => id));
    arrange(node, banners.map((banner) => nodeFor(banner).node));
    for (const id of [...nodes.keys()]) if (!shown.has(id)) nodes.delete(id);
    for (const banner of banners) paintBanner(nodeFor(banner), banner, say);
    // Without a name it is no region, so that an empty one is not found.
    setAttribute(node, 'aria-label', banners.length > 0 ? say('banner.label') : null);
    if (hadFocus && !node.contains(document.activeElement)) events.onFocusGone();
    const moved = before.length !== node.children.length || before.some((one, at) => one !== node.children[at]);
    if (moved) movedAt = performance.now();
    return moved;
  }

  return { node, render };
}

/**
 * @param {string} id
 * @param {BannerEvents} events
 * @param {() => boolean} settled
 */
function bannerNode(id, events, settled) {
  const words = el('strong', { class: 'banner-words' });
  const more = el('span', { class: 'banner-more' });
  const raw = el('code', { class: 'raw' });
  const action = button({ class: 'quiet' }, () => {
    const { press } = action.dataset;
    if (!press || action.hasAttribute('aria-disabled')) return;
    if (settled()) events.onPress(/** @type {BannerPress} */ (press));
    else events.onTooSoon();
  });
  const dismiss = button({ class: 'icon-button' }, () => (settled() ? events.onDismiss(id) : events.onTooSoon()), icon('close'));
  const node = el('div', { class: 'banner', role: 'group', 'data-banner': id.split(' ')[0] }, icon('alarm'), el('p', {}, words, ' ', more, ' ', raw), action, dismiss);
  return { node, words, more, raw, action, dismiss };
}

/**
 * @param {ReturnType<typeof bannerNode>} at
 * @param {Banner} banner
 * @param {Say} say
 */
function paintBanner({ node, words, more, raw, action, dismiss }, banner, say) {
  setAttribute(node, 'data-tone', banner.tone);
  setAttribute(node, 'aria-label', banner.words);
  setText(words, banner.words);
  setTextOrHide(more, banner.more);
  setTextOrHide(raw, banner.raw ?? '');
  setTextOrHide(action, banner.action?.words ?? '');
  setAttribute(action, 'data-press', banner.action?.press);
  setAttribute(action, 'aria-disabled', banner.action?.busy ? 'true' : null);
  setAttribute(dismiss, 'hidden', !banner.dismissible);
  setAttribute(dismiss, 'aria-label', `${say('notice.dismiss')}: ${banner.words}`);
}
