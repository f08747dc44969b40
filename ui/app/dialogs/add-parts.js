/** @import { Customer, EnvironmentView, Place, UserType } from '../types.js' */
/** @import { Say } from '../words/say.js' */
import { el } from '../dom.js';
import { visible } from '../text.js';
import { createChoice } from './frame.js';

/** @type {readonly UserType[]} */
const TYPES = ['individual', 'merchant'];
/** @type {readonly Place[]} */
const PLACES = ['desk', 'remote'];
/** @type {readonly Customer[]} */
const CUSTOMERS = ['still-identifying', 'identification-finished', 'signing-finished'];

/**
 * Into which environment customers are added, in its colour.
 *
 * @param {EnvironmentView} environment
 * @param {Say} say
 */
export function whereLine({ kind, name }, say) {
  return el('p', { class: 'dialog-where', 'data-kind': kind }, el('strong', {}, say(`kind.${kind}`)), ' ', visible(name));
}

/**
 * @param {Say} say
 * @param {string} legend
 * @param {UserType} [chosen]
 */
export function typeChoice(say, legend, chosen = 'individual') {
  return createChoice('add-type', legend, choicesOf(TYPES, 'type', say), chosen);
}

/**
 * @param {Say} say
 * @param {string} legend
 */
export function customerChoice(say, legend) {
  const choices = CUSTOMERS.map((value) => ({ value, words: say(`add.customer.${value}`), more: say(`add.customer.${value}.more`) }));
  return createChoice('add-customer', legend, choices, /** @type {Customer} */ ('identification-finished'));
}

/**
 * @param {Say} say
 * @param {Place} usual
 */
export function placeChoice(say, usual) {
  return createChoice('add-place', say('add.place'), choicesOf(PLACES, 'place', say), usual);
}

/**
 * @template {string} V
 * @param {readonly V[]} values
 * @param {string} group
 * @param {Say} say
 */
function choicesOf(values, group, say) {
  return values.map((value) => ({ value, words: say(`${group}.${value}`) }));
}
