/** @import { Unsaved } from './unsaved.js' */
/** @import { Say } from './words/say.js' */
import { el, setAttribute, setText } from './dom.js';

/**
 * A small diamond for what is not saved yet: faint at once, and plain where it lasts. Its place is
 * there without it too, so that it moves nothing; its words are there only where it lasts, since a
 * description reads hidden text as well.
 *
 * @param {string} [id]
 */
export function unsavedMark(id) {
  return el('span', { class: 'unsaved' }, el('span', { class: 'unseen', id: id ?? null }));
}

/**
 * @param {HTMLElement} mark
 * @param {Unsaved} unsaved
 * @param {Say} say
 */
export function setUnsaved(mark, unsaved, say) {
  setAttribute(mark, 'data-on', unsaved);
  setAttribute(mark, 'title', unsaved ? say('row.unsaved') : null);
  setText(/** @type {Element} */ (mark.firstElementChild), unsaved === 'long' ? say('row.unsaved') : '');
}
