/** @import { EnvironmentView } from './types.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText, setTextOrHide } from './dom.js';
import { icon } from './icons.js';
import { needsToken } from './situation.js';

/**
 * @typedef {object} Banner
 * @property {string} id
 * @property {'attention' | 'bad'} tone
 * @property {string} words
 * @property {string} more
 * @property {boolean} offersToken
 */

/**
 * What stands in the way of all rows at once, most pressing first.
 *
 * @param {EnvironmentView | null} environment
 * @param {string | null} fileTrouble
 * @param {number} waiting rows that wait for a token
 * @param {Say} say
 * @returns {Banner[]}
 */
export function bannersFor(environment, fileTrouble, waiting, say) {
  /** @type {Banner[]} */
  const banners = [];
  if (fileTrouble !== null) {
    banners.push({ id: 'file', tone: 'bad', words: say('banner.file'), more: fileTrouble, offersToken: false });
  }
  if (!environment) return banners;
  // Without anybody waiting the first steps and the header say it, and a banner would only shout.
  if (needsToken(environment.token) && waiting > 0) {
    const words = say(`token.about.${environment.token.state}`);
    banners.push({ id: 'token', tone: 'attention', words, more: say.count('banner.token.waiting', waiting), offersToken: true });
  }
  if (environment.offline) {
    banners.push({ id: 'offline', tone: 'attention', words: say('banner.offline', { gateway: environment.gateway }), more: '', offersToken: false });
  } else if (environment.behind) {
    banners.push({ id: 'behind', tone: 'attention', words: say('banner.behind'), more: '', offersToken: false });
  }
  return banners;
}

/** @param {{ onToken: () => void, onTold: (words: string) => void }} events */
export function createBanners({ onToken, onTold }) {
  const node = el('div', { class: 'banners', id: 'banners' });
  /** @type {Map<string, ReturnType<typeof bannerNode>>} */
  const nodes = new Map();

  /**
   * @param {readonly Banner[]} banners
   * @param {Say} say
   * @returns {boolean} whether one has come or gone, and what is below has moved
   */
  function render(banners, say) {
    const before = [...nodes.keys()].join();
    for (const [id, one] of nodes) {
      if (banners.some((banner) => banner.id === id)) continue;
      one.node.remove();
      nodes.delete(id);
    }
    for (const banner of banners) {
      let one = nodes.get(banner.id);
      if (!one) {
        one = bannerNode(banner.id, onToken);
        nodes.set(banner.id, one);
        node.append(one.node);
        onTold(banner.words);
      }
      setAttribute(one.node, 'data-tone', banner.tone);
      setText(one.words, banner.words);
      setTextOrHide(one.more, banner.more);
      setText(one.action, say('do.enter-token'));
      setAttribute(one.action, 'hidden', !banner.offersToken);
    }
    return [...nodes.keys()].join() !== before;
  }

  return { node, render };
}

/**
 * @param {string} id
 * @param {() => void} onToken
 */
function bannerNode(id, onToken) {
  const words = el('strong', { class: 'banner-words' });
  const more = el('span', { class: 'banner-more' });
  const action = button({ class: 'quiet' }, onToken);
  const node = el('div', { class: 'banner', 'data-banner': id }, icon('alarm'), el('p', {}, words, ' ', more), action);
  return { node, words, more, action };
}
