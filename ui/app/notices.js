import { button, el, setAttribute } from './dom.js';
import { icon } from './icons.js';

const LIFE_MS = 8000;
const MOST = 3;

/**
 * @typedef {object} Notice
 * @property {string} words
 * @property {'plain' | 'attention' | 'bad'} [tone]
 * @property {string} [about] a newer notice about the same replaces the older
 * @property {{ words: string, run: () => void }} [action]
 * @property {{ words: string, run: () => void }} [also] another action beside it
 * @property {number} [lifeMs]
 * @property {string} [heading] what all of them are, for a screen reader
 * @property {string} [dismiss] the name of the button that takes it away
 */

/** How long a spoken line gathers company before it is spoken. */
const GATHER_MS = 400;

/**
 * Short notes at the lower edge, and the voice that says them and the outcomes to a screen reader.
 */
export function createNotices() {
  const stack = el('div', { class: 'notices', id: 'notices', role: 'region' });
  const voice = el('div', { class: 'unseen', id: 'aloud', 'aria-live': 'polite', role: 'status' });
  /** @type {string[]} */
  let waiting = [];

  /** @param {string} words */
  function speak(words) {
    if (words === '') return;
    if (waiting.length === 0) {
      setTimeout(() => {
        voice.textContent = waiting.join(' ');
        waiting = [];
      }, GATHER_MS);
    }
    waiting.push(words);
  }

  /** @param {Notice} notice */
  function show(notice) {
    setAttribute(stack, 'aria-label', notice.heading ?? null);
    const about = notice.about ?? notice.words;
    for (const old of /** @type {HTMLElement[]} */ ([...stack.children])) {
      if (old.dataset.about === about) old.remove();
    }
    stack.append(noticeNode(notice, about));
    while (stack.children.length > MOST) stack.firstElementChild?.remove();
    speak(notice.words);
  }

  /** Takes everything away, also what waits to be spoken. */
  function clear() {
    waiting = [];
    voice.textContent = '';
    stack.replaceChildren();
  }

  return { stack, voice, show, speak, clear };
}

/**
 * @param {Notice} notice
 * @param {string} about
 */
function noticeNode({ words, tone = 'plain', action, also, lifeMs = LIFE_MS, dismiss = '' }, about) {
  const node = el('div', { class: 'notice', 'data-tone': tone, 'data-about': about }, el('span', { class: 'notice-words' }, words));
  const leave = () => node.remove();
  for (const offer of [action, also]) {
    if (!offer) continue;
    node.append(
      button({ class: 'notice-action' }, () => {
        leave();
        offer.run();
      }, offer.words),
    );
  }
  node.append(button({ class: 'icon-button', 'aria-label': dismiss }, leave, icon('close')));
  fade(node, leave, lifeMs);
  return node;
}

/**
 * A notice stays while it is looked at.
 *
 * @param {HTMLElement} node
 * @param {() => void} leave
 * @param {number} lifeMs
 */
function fade(node, leave, lifeMs) {
  const check = () => {
    const lookedAt = node.matches(':hover') || node.contains(document.activeElement);
    if (lookedAt) setTimeout(check, LIFE_MS / 2);
    else leave();
  };
  setTimeout(check, lifeMs);
}
