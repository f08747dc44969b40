/** @import { Key, QrCode, Row } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { button, el, setText } from '../dom.js';
import { qrNode } from '../icons.js';
import { whoOf } from '../rows.js';
import { visible } from '../text.js';
import { createFrame, footOf } from './frame.js';

/** A code that is a link is on screen for so long at the most. */
const LIFE_MS = 60_000;
const SECOND = 1000;

/** As wide as the dialog has room for, and as high as the window has beside the dialog's words. */
const WIDEST = 432;
const WORDS = 240;
const LEAST = 224;

/**
 * Whole pixels for a module: all are the same width then, and the camera has it easy.
 *
 * @param {number} side in modules
 */
function pixelsFor(side) {
  const room = Math.max(LEAST, Math.min(WIDEST, innerHeight - WORDS));
  return Math.max(2, Math.floor(room / side));
}

/** @typedef {{ row: Row, host: string, generation: number, code: QrCode }} Qr */

/**
 * The signing link as a picture for the customer's phone. It goes by itself, when it is closed, and
 * when it is no longer the newest; nothing of it stays in the page.
 */
export function createQrDialog() {
  const frame = createFrame('qr-dialog');
  const left = el('p', { class: 'qr-left' });
  /** @type {{ key: Key, generation: number, until: number, say: Say } | null} */
  let shown = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @type {(words: string) => void} */
  let onHidden = () => {};

  frame.dialog.addEventListener('close', () => {
    clearInterval(timer);
    shown = null;
    frame.body.replaceChildren();
  });

  function count() {
    if (!shown) return;
    const rest = shown.until - Date.now();
    if (rest <= 0) return hide('qr.hidden');
    setText(left, shown.say('qr.left', { n: Math.ceil(rest / SECOND) }));
  }

  /** @param {string} why */
  function hide(why) {
    if (!shown) return;
    const words = shown.say(why);
    frame.close();
    onHidden(words);
  }

  /**
   * @param {Qr} qr
   * @param {Say} say
   * @param {(words: string) => void} told where it goes by itself
   */
  function open({ row, host, generation, code }, say, told) {
    shown = { key: row.key, generation, until: Date.now() + LIFE_MS, say };
    onHidden = told;
    const fact = (/** @type {string} */ name, /** @type {string} */ value, kind = '') =>
      el('div', {}, el('dt', {}, say(name)), el('dd', { class: kind }, value));
    const facts = el('dl', { class: 'qr-facts' }, fact('qr.host', visible(host), 'host'), fact('qr.who', whoOf(row)));
    const close = button({ class: 'quiet' }, frame.close, say('qr.hide'));
    const { node, side } = qrNode(code, say('qr.image', { host: visible(host) }));
    node.style.inlineSize = `${side * pixelsFor(side)}px`;
    frame.open(say('qr.title'), say, node, facts, footOf(left, close));
    close.focus();
    clearInterval(timer);
    timer = setInterval(count, SECOND);
    count();
  }

  /**
   * A link that is no longer the newest is not shown on.
   *
   * @param {(key: Key) => Row | undefined} rowOf
   */
  function render(rowOf) {
    if (shown && rowOf(shown.key)?.link?.generation !== shown.generation) hide('qr.newer');
  }

  return { dialog: frame.dialog, open, render };
}
