/** @import { JournalView } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { el, setTextOrHide } from '../dom.js';
import { createQuestion } from './question.js';

/**
 * What would be lost by quitting now; empty where nothing would.
 *
 * @param {JournalView} journal
 * @param {number} unsaved rows that have not been saved for a while
 * @param {Say} say
 */
export function lossWords(journal, unsaved, say) {
  if (journal.health === 'troubled') return say('quit.troubled', { trouble: say(`trouble.${journal.trouble}`) });
  return unsaved > 0 ? say.count('quit.unsaved', unsaved) : '';
}

/** Before the window closes while enrollments are watched. */
export function createQuitDialog() {
  const loss = el('p', { class: 'dialog-warning', role: 'alert' });
  const { dialog, ask } = createQuestion('quit-dialog', (/** @type {number} */ watched, say) => ({
    title: say('quit.title'),
    content: [...(watched > 0 ? [el('p', {}, say.count('quit.watched', watched))] : []), loss],
    no: say(watched > 0 ? 'quit.stay' : 'dialog.cancel'),
    yes: say('quit.yes'),
    kind: 'stay',
  }));
  return { dialog, ask, warn: (/** @type {string} */ words) => setTextOrHide(loss, words) };
}
