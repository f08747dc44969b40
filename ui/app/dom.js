/**
 * @typedef {Record<string, string | number | boolean | null | undefined>} Attributes
 * @typedef {Node | string | null} Child
 */

/**
 * An element with attributes and children. Strings become text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

/**
 * Writes an attribute only where it differs; true stands for an empty one, false and null for none.
 *
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/**
 * Writes a style only where it differs: the engine lays out anew whatever was written.
 *
 * @param {HTMLElement} node
 * @param {string} name
 * @param {string} value
 */
export function setStyle({ style }, name, value) {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

/**
 * @param {Element} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Text that takes no room when there is none.
 *
 * @param {HTMLElement} node
 * @param {string} text
 */
export function setTextOrHide(node, text) {
  setText(node, text);
  setAttribute(node, 'hidden', text === '');
}

/**
 * A number in groups of digits. The groups are set apart by space in the layout alone, so that the
 * number is copied, found and read aloud as it is.
 *
 * @param {HTMLElement} node
 * @param {readonly string[]} groups
 */
export function setDigits(node, groups) {
  if (node.textContent === groups.join('')) return;
  node.replaceChildren(...groups.map((group) => el('span', { class: 'digits' }, group)));
}

/**
 * Makes the children of a node those given, in that order, moving none that already stands right:
 * a moved node would lose its focus.
 *
 * @param {Element} parent
 * @param {readonly Element[]} wanted
 */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/**
 * @param {Attributes} attributes
 * @param {(event: MouseEvent) => void} onClick
 * @param {...Child} children
 */
export function button(attributes, onClick, ...children) {
  const node = el('button', { type: 'button', ...attributes }, ...children);
  node.addEventListener('click', onClick);
  return node;
}
