/** @import { Say } from '../words/say.js' */
import { button } from '../dom.js';
import { createFrame, footOf } from './frame.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {Node[]} content
 * @property {string} yes
 * @property {string} [no] Cancel, where nothing else is said
 * @property {string} [also] a third answer, where there is one
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
  /** @type {(answer: boolean | 'also') => void} */
  let answer = () => {};
  frame.dialog.addEventListener('close', () => answer(false));

  /**
   * @param {About} about
   * @param {Say} say
   * @returns {Promise<boolean | 'also'>}
   */
  function choose(about, say) {
    const { title, content, yes, also, no = say('dialog.cancel'), kind = 'go' } = paint(about, say);
    const leave = button({ class: LOOKS[kind].no, 'data-answer': 'no' }, frame.close, no);
    const give = (/** @type {true | 'also'} */ given) => {
      if (!frame.settled()) return;
      answer(given);
      frame.close();
    };
    const agree = button({ class: LOOKS[kind].yes, 'data-answer': 'yes' }, () => give(true), yes);
    const third = also ? [button({ class: 'quiet', 'data-answer': 'also' }, () => give('also'), also)] : [];
    frame.open(title, say, ...content, footOf(leave, ...third, agree));
    leave.focus();
    return new Promise((resolve) => {
      answer = resolve;
    });
  }

  /**
   * @param {About} about
   * @param {Say} say
   */
  const ask = async (about, say) => (await choose(about, say)) === true;

  return { dialog: frame.dialog, ask, choose };
}
