/** @import { Row } from './types.js' */
/** @import { Situation } from './situation.js' */
/** @import { Say } from './words/say.js' */
import { el, setAttribute, setText } from './dom.js';
import { setSteps, stepsGlyph } from './icons.js';
import { shapesOf, stepNumber } from './situation.js';

/**
 * The three steps as shapes with their names under them.
 *
 * @param {string} where what the styles call it
 */
export function createSteps(where) {
  const glyph = stepsGlyph();
  const captions = ['identification', 'signing', 'done'].map((name) => ({ name, node: el('span') }));
  const node = el('div', { class: `${where}-steps` }, glyph, el('div', { class: `${where}-captions` }, ...captions.map((one) => one.node)));

  /**
   * @param {Row} row
   * @param {Situation} situation
   * @param {Say} say
   */
  function render(row, situation, say) {
    setSteps(glyph, shapesOf(row, situation));
    captions.forEach(({ name, node: caption }, at) => {
      setText(caption, say(`step.${name}`));
      setAttribute(caption, 'aria-current', at + 1 === stepNumber(row) ? 'step' : null);
    });
  }

  return { node, render };
}
