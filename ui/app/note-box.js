/** @import { Key, Row } from './types.js' */
/** @import { Say } from './words/say.js' */
import { el, setAttribute, setText, setTextOrHide } from './dom.js';
import { createDraft } from './draft.js';

/**
 * @typedef {(key: Key, note: string) => Promise<string>} SaveNote gives the words of a refusal,
 *   empty where there is none
 */

/**
 * The note of the enrollment in the pane. It is saved when the box is left or on Ctrl+Enter;
 * Escape takes back what was typed, and then leaves.
 *
 * @param {SaveNote} onSave
 */
export function createNoteBox(onSave) {
  const draft = createDraft();
  const label = el('label', { class: 'pane-heading', for: 'note' });
  const box = el('textarea', { id: 'note', rows: 2, 'aria-describedby': 'note-hint note-count note-error' });
  const hint = el('span', { class: 'note-hint', id: 'note-hint' });
  const count = el('span', { class: 'note-count', id: 'note-count' });
  const error = el('p', { class: 'field-error', id: 'note-error', role: 'alert' });
  const node = el('section', { class: 'pane-note' }, label, box, el('div', { class: 'note-foot' }, hint, count), error);
  /** @type {Say | null} */
  let words = null;
  /** @type {Key | null} */
  let shown = null;
  let readOnly = false;
  let saving = Promise.resolve();

  function paintFoot() {
    if (!words) return;
    setText(hint, draft.isDirty() ? words('note.unsaved') : '');
    setText(count, draft.count());
    setAttribute(count, 'data-over', draft.isTooLong());
  }

  /** @param {string} text */
  function complain(text) {
    setTextOrHide(error, text);
    setAttribute(box, 'aria-invalid', text === '' ? null : 'true');
  }

  /**
   * One after the other; whoever asks again waits for what is on its way.
   *
   * @param {Key | null} key
   */
  function save(key) {
    saving = saving.then(() => keep(key));
    return saving;
  }

  /** Tries all that was typed, also what could not be saved before. */
  function saveAll() {
    for (const key of draft.unsaved()) void save(key);
    return saving;
  }

  /** @param {Key | null} key */
  async function keep(key) {
    if (key === shown && draft.isDirty() && draft.isTooLong() && words) return complain(words('refused.note-too-long'));
    const due = draft.take(key);
    if (!due) return;
    const refusal = await onSave(due.key, due.note);
    if (refusal === '') draft.saved(due.key, due.note);
    if (due.key === shown) complain(refusal);
    paintFoot();
  }

  box.addEventListener('input', () => {
    draft.type(box.value);
    complain('');
    paintFoot();
  });
  box.addEventListener('blur', () => void save(shown));
  box.addEventListener('keydown', (event) => {
    if (event.code === 'Escape' && !event.isComposing) {
      if (draft.isDirty()) box.value = draft.revert();
      else box.blur();
      complain('');
      paintFoot();
    } else if ((event.code === 'Enter' || event.code === 'NumpadEnter') && (event.ctrlKey || event.metaKey)) {
      void save(shown);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /**
   * @param {Row} row
   * @param {boolean} locked whether nothing may be changed
   * @param {Say} say
   */
  function render(row, locked, say) {
    [words, readOnly] = [say, locked];
    if (row.key !== shown) {
      // The focus may stay in the box while another enrollment comes into the pane.
      void save(shown);
      complain('');
    }
    shown = row.key;
    const text = draft.show(row.key, row.note, document.activeElement === box);
    if (text !== null && box.value !== text) box.value = text;
    box.readOnly = readOnly;
    setText(label, say('note.label'));
    setAttribute(box, 'placeholder', say('note.placeholder'));
    paintFoot();
  }

  return { node, render, saveAll, unsaved: draft.unsaved };
}
