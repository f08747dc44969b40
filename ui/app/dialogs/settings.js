/** @import { Density, HeadsUp, Place, PolicyView, Settings, Theme, Zoom } from '../types.js' */
/** @import { Unfamiliar } from '../unfamiliar.js' */
/** @import { Say } from '../words/say.js' */
import { button, el } from '../dom.js';
import { ALL_KINDS } from '../heads-up.js';
import { visible } from '../text.js';
import { createChoice, createFrame, footOf } from './frame.js';

/** @type {readonly Theme[]} */
const THEMES = ['system', 'light', 'dark'];
/** @type {readonly Density[]} */
const DENSITIES = ['comfortable', 'compact'];
/** @type {readonly Zoom[]} from the usual size up */
export const ZOOMS = ['100', '125', '150', '200'];
/** @type {readonly Place[]} */
const PLACES = ['desk', 'remote'];
/** @type {readonly HeadsUp[]} */
const HEADS_UP = ['counts', 'names', 'off'];
/** Minutes to choose from, beside those that were chosen in some other way. */
const HIDING = [2, 5, 10, 30];
const NEVER = 'never';

/**
 * @typedef {object} SettingsContext
 * @property {Settings} settings
 * @property {PolicyView} policy
 * @property {string | null} person who sits here, where a name was said
 * @property {readonly Unfamiliar[]} unfamiliar
 * @property {() => void} onReport copies what is unfamiliar
 * @property {(settings: Partial<Settings>) => void} onChosen
 * @property {() => void} onKeep for how long finished enrollments are kept
 * @property {() => void} onEndShift
 * @property {() => void} onHandOver
 * @property {(file: Blob) => void} onTakeIn another desk's shift
 * @property {string} version
 * @property {() => void} onBundle writes what support may see
 * @property {Say} say
 */

/** Everything that an agent chooses. Each choice holds at once; what is managed only shows. */
export function createSettingsDialog() {
  const frame = createFrame('settings-dialog');

  /** @param {SettingsContext} context */
  function open(context) {
    const { settings, say, onChosen } = context;
    const shift = () => {
      frame.close();
      context.onEndShift();
    };
    frame.open(
      say('header.settings'), say,
      chosenOf('theme', say('header.theme'), THEMES.map((value) => ({ value, words: say(`header.theme.${value}`) })), settings.theme, (theme) => onChosen({ theme })),
      chosenOf('density', say('header.density'), DENSITIES.map((value) => ({ value, words: say(`header.density.${value}`) })), settings.density, (density) => onChosen({ density })),
      chosenOf('zoom', say('header.zoom'), ZOOMS.map((value) => ({ value, words: say('header.zoom.percent', { n: value }) })), settings.zoom, (zoom) => onChosen({ zoom })),
      chosenOf('place', say('header.place'), PLACES.map((value) => ({ value, words: say(`place.${value}`) })), settings.place, (place) => onChosen({ place })),
      chosenOf('heads-up', say('header.heads-up'), HEADS_UP.map((value) => ({ value, words: say(`header.heads-up.${value}`) })), settings.headsUp, (headsUp) => onChosen({ headsUp })),
      newsPart(context),
      switchOf('sound', say('header.sound'), settings.sound, (sound) => onChosen({ sound })),
      switchOf('hide-numbers', say('header.hide-numbers'), settings.hideNumbers, (hideNumbers) => onChosen({ hideNumbers })),
      switchOf('single-keys-too', say('keys.on'), settings.singleKeys, (singleKeys) => onChosen({ singleKeys })),
      hidingPart(context),
      keepingPart(context, frame.close),
      ...unfamiliarPart(context),
      shiftPart(context, frame.close),
      supportPart(context, frame.close),
      footOf(button({ class: 'quiet', id: 'end-shift' }, shift, say('header.shift.end')), button({ class: 'strong' }, frame.close, say('dialog.close'))),
    );
    /** @type {HTMLElement | null} */ (frame.body.querySelector('input:checked'))?.focus();
  }

  return { dialog: frame.dialog, open };
}

/**
 * @template {string} V
 * @param {string} name
 * @param {string} legend
 * @param {readonly { value: V, words: string }[]} choices
 * @param {V} chosen
 * @param {(value: V) => void} onChosen
 */
function chosenOf(name, legend, choices, chosen, onChosen) {
  const choice = createChoice(`set-${name}`, legend, choices, chosen);
  choice.node.addEventListener('change', () => onChosen(choice.value()));
  return choice.node;
}

/**
 * @param {string} id
 * @param {string} words
 * @param {boolean} on
 * @param {(on: boolean) => void} onChosen
 */
function switchOf(id, words, on, onChosen) {
  const input = el('input', { type: 'checkbox', id, checked: on });
  input.addEventListener('change', () => onChosen(input.checked));
  return el('label', { class: 'choice' }, input, el('span', { class: 'choice-words' }, words));
}

/**
 * @param {string} heading
 * @param {...Node} content
 */
function part(heading, ...content) {
  return el('section', { class: 'field' }, el('h3', { class: 'settings-heading' }, heading), ...content);
}

/**
 * What an administrator should hear of; not there where all is familiar.
 *
 * @param {SettingsContext} context
 */
function unfamiliarPart({ unfamiliar, say, onReport }) {
  if (unfamiliar.length === 0) return [];
  const words = say.count('unfamiliar.met', unfamiliar.length);
  return [part(say('unfamiliar.heading'), el('p', { class: 'settings-line' }, words, button({ class: 'quiet', id: 'report' }, onReport, say('unfamiliar.copy'))))];
}

/**
 * Of what there is a word on the desktop.
 *
 * @param {SettingsContext} context
 */
function newsPart({ settings, say, onChosen }) {
  let muted = settings.muted;
  const boxes = ALL_KINDS.map((kind) => switchOf(`news-${kind}`, say(`news.${kind}`), !muted.includes(kind), (on) => {
    muted = on ? muted.filter((one) => one !== kind) : [...muted, kind];
    onChosen({ muted });
  }));
  return el('fieldset', { class: 'field' }, el('legend', {}, say('news.legend')), el('div', { class: 'choices' }, ...boxes));
}

/**
 * Who sits here, and what goes from this desk to another.
 *
 * @param {SettingsContext} context
 * @param {() => void} close
 */
function shiftPart({ person, say, onHandOver, onTakeIn }, close) {
  const file = el('input', { type: 'file', id: 'take-in-file', accept: '.json,application/json', hidden: true, 'aria-label': say('header.take-in.file') });
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    close();
    onTakeIn(chosen);
  });
  const handOver = () => {
    close();
    onHandOver();
  };
  const buttons = [button({ class: 'quiet', id: 'hand-over' }, handOver, say('header.handover')), button({ class: 'quiet', id: 'take-in' }, () => file.click(), say('header.take-in'))];
  return part(say('header.shift'), ...(person === null ? [] : [el('p', {}, visible(person))]), el('p', { class: 'settings-buttons' }, ...buttons, file));
}

/**
 * Which console this is, and what whoever helps with it needs.
 *
 * @param {SettingsContext} context
 * @param {() => void} close
 */
function supportPart({ version, say, onBundle }, close) {
  const write = () => {
    close();
    onBundle();
  };
  const line = el('p', { class: 'settings-line' }, `${say('app.name')} ${version}`, button({ class: 'quiet', id: 'support-bundle' }, write, say('support.bundle')));
  return part(say('support.heading'), line, el('p', { class: 'field-hint' }, say('support.hint')));
}

/**
 * What nobody chooses here.
 *
 * @param {string} words
 * @param {Say} say
 */
function managed(words, say) {
  return el('p', { class: 'settings-managed' }, words, el('span', { class: 'field-hint' }, say('header.managed')));
}

/**
 * When the list is hidden by itself.
 *
 * @param {SettingsContext} context
 */
function hidingPart({ settings, policy, say, onChosen }) {
  const heading = say('header.hide.after');
  const words = (/** @type {number} */ minutes) => say.count('header.hide.after.minutes', minutes);
  if (policy.hideAfter !== null) return part(heading, managed(words(policy.hideAfter), say));
  const chosen = settings.hideAfter;
  const minutes = [...new Set(chosen === null ? HIDING : [...HIDING, chosen])].sort((a, b) => a - b);
  const choices = [...minutes.map((one) => ({ value: String(one), words: words(one) })), { value: NEVER, words: say('header.hide.never') }];
  return chosenOf('hide-after', heading, choices, chosen === null ? NEVER : String(chosen), (value) => onChosen({ hideAfter: value === NEVER ? null : Number(value) }));
}

/**
 * For how long finished enrollments are kept.
 *
 * @param {SettingsContext} context
 * @param {() => void} close
 */
function keepingPart({ settings, policy, say, onKeep }, close) {
  const heading = say('header.keep');
  const words = (/** @type {number} */ days) => say.count('header.keep.days', days);
  if (policy.keepDays !== null) return part(heading, managed(words(policy.keepDays), say));
  const change = () => {
    close();
    onKeep();
  };
  return part(heading, el('p', { class: 'settings-line' }, words(settings.keepDays), button({ class: 'quiet', id: 'keep' }, change, say('header.keep.change'))));
}
