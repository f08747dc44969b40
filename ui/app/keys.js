/**
 * @typedef {'search' | 'add' | 'down' | 'up' | 'main' | 'open' | 'finished' | 'again' | 'check' | 'look' | 'reveal'
 *   | 'stop' | 'copy' | 'copy-link' | 'qr' | 'hide' | 'numbers' | 'customer' | 'several' | 'leave' | 'palette' | 'larger' | 'smaller' | 'usual-size' | 'group-1' | 'group-2' | 'group-3' | 'group-4' | 'help'} KeyCommand
 *
 * @typedef {object} Pressed
 * @property {string} code
 * @property {string} key
 * @property {boolean} ctrlKey
 * @property {boolean} altKey
 * @property {boolean} metaKey
 * @property {boolean} shiftKey
 * @property {boolean} repeat
 */

/**
 * Where the focus is: in a text field keys are letters, on a control Enter and Space press it.
 *
 * @typedef {'text' | 'control' | 'list' | 'elsewhere'} Focus
 */

/** @type {Readonly<Record<string, KeyCommand>>} */
const BY_CODE = {
  Slash: 'search',
  KeyN: 'add',
  KeyJ: 'down',
  KeyK: 'up',
  KeyO: 'open',
  KeyF: 'finished',
  KeyW: 'again',
  KeyA: 'look',
  KeyI: 'reveal',
  KeyX: 'stop',
  KeyC: 'copy',
  KeyL: 'copy-link',
  KeyQ: 'qr',
  KeyH: 'hide',
  KeyS: 'several',
  KeyT: 'numbers',
  KeyV: 'customer',
  Digit1: 'group-1',
  Digit2: 'group-2',
  Digit3: 'group-3',
  Digit4: 'group-4',
};

/** @type {Readonly<Record<string, KeyCommand>>} */
const NOT_CHARACTERS = { ArrowDown: 'down', ArrowUp: 'up', Enter: 'main', NumpadEnter: 'main', Escape: 'leave' };

/** Holding one of these down goes on; of all others a held key counts once. */
const REPEATS = new Set(['down', 'up']);

/**
 * What a key means here, by its place on the keyboard so that it works on a Cyrillic layout.
 *
 * @param {Pressed} pressed
 * @param {Focus} focus
 * @param {boolean} singleKeys whether keys that are characters are switched on
 * @returns {KeyCommand | null}
 */
export function commandFor(pressed, focus, singleKeys) {
  const everywhere = isPalette(pressed) ? 'palette' : sizing(pressed);
  if (everywhere) return pressed.repeat ? null : everywhere;
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey || focus === 'text') return null;
  const command = meaning(pressed, singleKeys);
  if (command === null || (pressed.repeat && !REPEATS.has(command))) return null;
  const pressesControl = command === 'main' || command === 'check' || pressed.code.startsWith('Arrow');
  return focus === 'control' && pressesControl ? null : command;
}

/**
 * It is no character, so it acts in text fields and whether or not single keys are on.
 *
 * @param {Pressed} pressed
 */
function isPalette({ code, ctrlKey, metaKey, altKey, shiftKey }) {
  return code === 'KeyK' && ctrlKey !== metaKey && !altKey && !shiftKey;
}

/** @type {Readonly<Record<string, KeyCommand>>} */
const SIZES = { Equal: 'larger', NumpadAdd: 'larger', Minus: 'smaller', NumpadSubtract: 'smaller', Digit0: 'usual-size', Numpad0: 'usual-size' };

/**
 * As in a browser, with Ctrl or ⌘.
 *
 * @param {Pressed} pressed
 */
function sizing({ code, ctrlKey, metaKey, altKey }) {
  return ctrlKey !== metaKey && !altKey ? SIZES[code] ?? null : null;
}

/** Works wherever the focus is, in dialogs too. */
export const ANYWHERE = /** @type {ReadonlySet<KeyCommand>} */ (new Set(['hide', 'larger', 'smaller', 'usual-size']));

/**
 * @param {Pressed} pressed
 * @param {boolean} singleKeys
 * @returns {KeyCommand | null}
 */
function meaning(pressed, singleKeys) {
  const plain = pressed.shiftKey ? undefined : NOT_CHARACTERS[pressed.code];
  if (plain) return plain;
  if (!singleKeys) return null;
  // These two stand elsewhere on some layouts: there the sign itself counts.
  if (pressed.key === '?' || (pressed.code === 'Slash' && pressed.shiftKey)) return 'help';
  if (pressed.key === '/') return 'search';
  if (pressed.shiftKey) return null;
  return pressed.code === 'Space' ? 'check' : BY_CODE[pressed.code] ?? null;
}

/** The help's lines: words, and the keys as they are printed. */
export const KEY_LINES = /** @type {const} */ ([
  ['keys.palette', ['Ctrl', 'K']],
  ['keys.search', ['/']],
  ['keys.add', ['N']],
  ['keys.move', ['J', 'K', '↓', '↑']],
  ['keys.main', ['keys.name.enter']],
  ['keys.open', ['O']],
  ['keys.copy-link', ['L']],
  ['keys.qr', ['Q']],
  ['keys.finished', ['F']],
  ['keys.again', ['W']],
  ['keys.check', ['keys.name.space']],
  ['keys.look', ['A']],
  ['do.reveal', ['I']],
  ['keys.stop', ['X']],
  ['keys.copy', ['C']],
  ['keys.groups', ['1', '2', '3', '4']],
  ['keys.customer', ['V']],
  ['keys.several', ['S']],
  ['keys.numbers', ['T']],
  ['keys.hide', ['H']],
  ['keys.zoom', ['Ctrl', '+', '−', '0']],
  ['keys.help', ['?']],
  ['keys.close', ['keys.name.esc']],
]);
