/** @import { Shape } from './situation.js' */
import { setAttribute } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Strokes in a box of 16. */
const ICONS = {
  add: 'M8 3v10M3 8h10',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14',
  close: 'm4 4 8 8m0-8-8 8',
  down: 'm4 6 4 4 4-4',
  gear: 'M2 4.5h6m4 0h2M2 11.5h2m4 0h6M10 2.7v3.6M6 9.7v3.6',
  help: 'M5.6 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M8 12.7v.1',
  key: 'M10.5 9A3.5 3.5 0 1 0 7 5.5c0 .4.1.8.2 1.2L2.5 11.5v2h2v-1.5h1.5v-1.5h1.5l1.3-1.3c.5.2 1.1.3 1.7.3ZM11 5h.01',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  alarm: 'M8 2.5 14.5 13.5H1.5ZM8 6.5v3.2M8 11.7v.1',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 2.2v3.1h-3.1',
  sort: 'M4.5 3v10m0 0L2 10.5M4.5 13 7 10.5M9.5 4H14M9.5 8h3.5M9.5 12h2.5',
  eye: 'M2 8s2.3-4 6-4 6 4 6 4-2.3 4-6 4-6-4-6-4Zm4 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
  hide: 'M2 8s2.3-4 6-4 6 4 6 4-2.3 4-6 4-6-4-6-4ZM3 13 13 3',
  customer: 'M2 3h12v8H2ZM6 14h4M8 11v3M8 6.8a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6ZM5.5 9.5c.3-1.4 1.3-2 2.5-2s2.2.6 2.5 2',
  several: 'm2 4 1.2 1.2L5.5 3M2 11l1.2 1.2L5.5 10M8 4.2h6M8 11.2h6',
  copy: 'M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3',
};

/** @typedef {keyof typeof ICONS} Icon */

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Element} children
 */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** @param {Icon} name */
export function icon(name) {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: ICONS[name] }),
  );
}

const CIRCLE = 'M0-6a6 6 0 1 0 0 12a6 6 0 1 0 0-12Z';
const SQUARE = 'M-4-5.5h8a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5h-8a1.5 1.5 0 0 1-1.5-1.5v-8a1.5 1.5 0 0 1 1.5-1.5Z';
const TRIANGLE = 'M0-6.5 7 5.7H-7Z';

/**
 * A step's shape: an outline that is drawn, dashed or filled, with a sign inside that is drawn or
 * filled. No two shapes differ by colour alone.
 *
 * @type {Readonly<Record<Shape, { edge: string, kind: 'ring' | 'dashed' | 'solid', line?: string, area?: string }>>}
 */
const SHAPES = {
  todo: { edge: CIRCLE, kind: 'ring' },
  done: { edge: CIRCLE, kind: 'solid', line: 'M-2.8.2-.9 2.2 2.9-2' },
  person: { edge: CIRCLE, kind: 'ring', area: 'M0-2.2a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4Z' },
  half: { edge: CIRCLE, kind: 'ring', area: 'M0-6a6 6 0 0 0 0 12Z' },
  go: { edge: CIRCLE, kind: 'solid', area: 'M-1.7-3 3.2 0-1.7 3Z' },
  held: { edge: CIRCLE, kind: 'ring', line: 'M-1.7-2.3v4.6M1.7-2.3v4.6' },
  cut: { edge: CIRCLE, kind: 'dashed', area: 'M0-2a2 2 0 1 0 0 4a2 2 0 1 0 0-4Z' },
  late: { edge: CIRCLE, kind: 'ring', line: 'M0-3.3V0l2.3 1.5' },
  unknown: { edge: CIRCLE, kind: 'ring', line: 'M-1.8-1.5a1.8 1.8 0 1 1 2.6 1.7C.2.5 0 .8 0 1.3M0 3.3v.01' },
  alarm: { edge: TRIANGLE, kind: 'solid', line: 'M0-2v3.2M0 3.5v.01' },
  cross: { edge: CIRCLE, kind: 'solid', line: 'm-2.2-2.2 4.4 4.4m0-4.4-4.4 4.4' },
  bar: { edge: CIRCLE, kind: 'solid', line: 'M-3 0h6' },
  block: { edge: CIRCLE, kind: 'ring', line: 'm-4.2 4.2 8.4-8.4' },
  lock: { edge: SQUARE, kind: 'solid', line: 'M0-2.6a1.3 1.3 0 1 0 .01 0M0 .2v2.6' },
  left: { edge: CIRCLE, kind: 'ring', line: 'M2.8 0h-5.6M-.5-2.3-2.8 0l2.3 2.3' },
  stop: { edge: SQUARE, kind: 'ring', area: 'M-2.2-2.2h4.4v4.4h-4.4Z' },
  wrong: { edge: SQUARE, kind: 'ring', line: 'm-2.3-2.3 4.6 4.6m0-4.6-4.6 4.6' },
  broken: { edge: CIRCLE, kind: 'dashed', line: 'M-2.5 0h5' },
};

/**
 * The three steps in a row: identification, signing, done. Text beside it says the same.
 */
export function stepsGlyph() {
  const node = document.createElement('span');
  node.className = 'steps';
  node.setAttribute('aria-hidden', 'true');
  for (let at = 0; at < 3; at += 1) {
    if (at > 0) node.append(Object.assign(document.createElement('span'), { className: 'steps-line' }));
    node.append(stepNode());
  }
  return node;
}

function stepNode() {
  const paths = ['step-edge', 'step-area', 'step-line'].map((name) => svg('path', { class: name }));
  return svg('svg', { class: 'step-node', viewBox: '-8 -8 16 16', width: 18, height: 18 }, ...paths);
}

/**
 * @param {Element} glyph
 * @param {readonly Shape[]} shapes
 */
export function setSteps(glyph, shapes) {
  const now = shapes.findLastIndex((shape) => shape !== 'todo');
  [...glyph.querySelectorAll('.step-node')].forEach((node, at) => {
    const shape = shapes[at] ?? 'todo';
    const drawn = SHAPES[shape];
    setAttribute(node, 'data-shape', shape);
    setAttribute(node, 'data-kind', drawn.kind);
    setAttribute(node, 'data-when', at < now ? 'past' : at === now ? 'now' : 'next');
    const [edge, area, line] = node.children;
    if (edge) setAttribute(edge, 'd', drawn.edge);
    if (area) setAttribute(area, 'd', drawn.area ?? null);
    if (line) setAttribute(line, 'd', drawn.line ?? null);
  });
}

/** Light modules around a code, without which no camera finds it. */
const QUIET = 4;

/**
 * A QR code, dark on light whatever the theme is.
 *
 * @param {import('./types.js').QrCode} code
 * @param {string} name for those who cannot see it
 */
export function qrNode({ size, modules }, name) {
  const side = size + 2 * QUIET;
  const node = /** @type {SVGElement} */ (svg(
    'svg',
    { class: 'qr', viewBox: `0 0 ${side} ${side}`, role: 'img', 'aria-label': name, 'shape-rendering': 'crispEdges' },
    svg('path', { class: 'qr-light', d: `M0 0h${side}v${side}h-${side}Z` }),
    svg('path', { class: 'qr-dark', d: runsOf(size, modules) }),
  ));
  return { node, side };
}

/**
 * The dark modules as one path, a run of them at a time.
 *
 * @param {number} size
 * @param {string} modules
 */
export function runsOf(size, modules) {
  const runs = [];
  for (let y = 0; y < size; y += 1) {
    const line = modules.slice(y * size, (y + 1) * size);
    for (const { 0: run, index } of line.matchAll(/#+/g)) {
      runs.push(`M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}Z`);
    }
  }
  return runs.join('');
}
