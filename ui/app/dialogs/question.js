/** @import { Say } from '../words/say.js' */
import { button } from '../dom.js';
import { createFrame, footOf } from './frame.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {Node[]} content
 * @property {string} yes
 * @property {string} [no] Cancel, where nothing else is said
 * @property {'go' | 'danger' | 'stay'} [kind] whether yes is what is wanted, what cannot be undone,
 *   or what had better not be
 */

/** @type {Readonly<Record<'go' | 'danger' | 'stay', { yes: string, no: string }>>} */
const LOOKS = {
  go: { yes: 'strong', no: 'quiet' },
  danger: { yes: 'strong danger', no: 'quiet' },
  stay: { yes: 'quiet', no: 'strong' },
};

/**
 * A dialog that is answered with yes or left. Its yes is not pressed by a finger that is still
 * coming down, nor by a held key: the focus is on the other button.
 *
 * @template About
 * @param {string} id
 * @param {(about: About, say: Say) => Question} paint
 */
export function createQuestion(id, paint) {
  const frame = createFrame(id);
  /** @type {(answer: boolean) => void} */
  let answer = () => {};
  frame.dialog.addEventListener('close', () => answer(false));

  /**
   * @param {About} about
   * @param {Say} say
   * @returns {Promise<boolean>}
   */
  function ask(about, say) {
    const { title, content, yes, no = say('dialog.cancel'), kind = 'go' } = paint(about, say);
    const leave = button({ class: LOOKS[kind].no, 'data-answer': 'no' }, frame.close, no);
    const agree = button({ class: LOOKS[kind].yes, 'data-answer': 'yes' }, () => {
      if (!frame.settled()) return;
      answer(true);
      frame.close();
    }, yes);
    frame.open(title, say, ...content, footOf(leave, agree));
    leave.focus();
    return new Promise((resolve) => {
      answer = resolve;
    });
  }

  return { dialog: frame.dialog, ask };
}
