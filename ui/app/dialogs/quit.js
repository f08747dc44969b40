/** @import { JournalView } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { el, setTextOrHide } from '../dom.js';
import { createQuestion } from './question.js';

/**
 * What would be lost by quitting now; empty where nothing would.
 *
 * @param {JournalView} journal
 * @param {{ rows: number, notes: number }} unsaved notes: typed, and not taken by the host
 * @param {Say} say
 */
export function lossWords(journal, { rows, notes }, say) {
  return [changesLost(journal, rows, say), notes > 0 ? say.count('quit.note', notes) : ''].filter(Boolean).join(' ');
}

/**
 * @param {JournalView} journal
 * @param {number} rows
 * @param {Say} say
 */
function changesLost(journal, rows, say) {
  if (journal.health === 'troubled') return say('quit.troubled', { trouble: say(`trouble.${journal.trouble}`) });
  if (rows > 0) return say.count('quit.unsaved', rows);
  // What was taken off the list or forgotten has no row any more.
  return journal.waiting > 0 ? say.count('quit.waiting', journal.waiting) : '';
}

/** Before the window closes while enrollments are watched, or something is not saved. */
export function createQuitDialog() {
  const loss = el('p', { class: 'dialog-warning', role: 'alert' });
  const { dialog, choose } = createQuestion('quit-dialog', (/** @type {{ watched: number, tray: boolean }} */ { watched, tray }, say) => ({
    title: say('quit.title'),
    content: [...(watched > 0 ? [el('p', {}, say.count('quit.watched', watched))] : []), loss],
    no: say(watched > 0 ? 'quit.stay' : 'dialog.cancel'),
    ...(tray ? { also: say('quit.tray') } : {}),
    yes: say('quit.yes'),
    kind: 'stay',
  }));
  return { dialog, choose, warn: (/** @type {string} */ words) => setTextOrHide(loss, words) };
}
