/** @import { Add, Customer, Done, EnvironmentView, Place, Row, UserType } from '../types.js' */
/** @import { Host } from '../host.js' */
/** @import { Entered, Fate } from '../intake.js' */
/** @import { Say } from '../words/say.js' */
import { button, el, setAttribute, setDigits, setText, setTextOrHide } from '../dom.js';
import { entered, fateOf, unreadableWords, verdictWords, whoIsHere } from '../intake.js';
import { asRefused, refusalWords } from '../refusals.js';
import { digitGroups, visible } from '../text.js';
import { customerChoice, placeChoice, typeChoice, whereLine } from './add-parts.js';
import { footOf } from './frame.js';

/**
 * @typedef {object} ListContext
 * @property {EnvironmentView} environment
 * @property {Place} place
 * @property {Pick<Host, 'add' | 'readList'>} host
 * @property {() => readonly Row[]} rows of the environment, as they are now
 * @property {(count: number) => void} onAdded
 * @property {Say} say
 */

/** What the page can hand to the host at once; the host says it again. */
const LARGEST = 256 * 1024;

/**
 * A file or what was pasted, line by line, before anything of it starts.
 *
 * @param {Blob | string} list
 * @param {ListContext} context
 * @returns {Promise<Entered[]>} rejects with the words of why not
 */
export async function readList(list, { host, say }) {
  const blob = typeof list === 'string' ? new Blob([list]) : list;
  if (blob.size > LARGEST) throw say('list-add.too-large');
  try {
    return entered(await host.readList([...new Uint8Array(await blob.arrayBuffer())]));
  } catch (thrown) {
    throw unreadableWords(thrown, say);
  }
}

/**
 * Shows every line's verdict, takes the good ones and keeps the others to be mended.
 *
 * @param {Entered[]} lines
 * @param {ListContext} context
 * @param {() => void} close
 */
export function listForm(lines, context, close) {
  const { say } = context;
  let left = lines;
  let busy = false;
  const customer = customerChoice(say, say('list-add.customer'));
  const place = placeChoice(say, context.place);
  const type = typeChoice(say, say('list-add.type'));
  const summary = el('p', { class: 'dialog-text', role: 'status' });
  const table = el('ol', { class: 'intake', tabindex: 0, 'aria-label': say('list-add.lines') });
  const submit = el('button', { type: 'submit', class: 'strong', id: 'list-submit' });
  const leave = button({ class: 'quiet' }, close, say('dialog.cancel'));
  const node = el('form', { novalidate: true }, whereLine(context.environment, say), customer.node, el('div', { class: 'dialog-pair' }, place.node, type.node), summary, table, footOf(leave, submit));
  const fates = () => {
    const here = whoIsHere(context.rows());
    return left.map((line) => /** @type {const} */ ([line, fateOf(line, type.value(), here)]));
  };

  function render() {
    const judged = fates();
    const count = (/** @type {Fate} */ fate) => judged.filter(([, one]) => one === fate).length;
    setText(summary, [say.count('list-add.good', count('good')), count('here') ? say.count('list-add.here-count', count('here')) : '', count('bad') ? say.count('list-add.bad', count('bad')) : ''].filter(Boolean).join(' '));
    setText(submit, say.count('list-add.submit', count('good')));
    setAttribute(submit, 'aria-disabled', busy || count('good') === 0 ? 'true' : null);
    table.replaceChildren(...judged.map(([line, fate]) => lineNode(line, fate)));
  }

  /**
   * @param {Entered} line
   * @param {Fate} fate
   */
  function lineNode(line, fate) {
    const { verdict } = line;
    const words = el('span', { class: 'intake-verdict', id: `intake-${line.number}-why` }, verdictWords(line, fate, type.value(), say));
    const what = verdict.verdict === 'good' && !line.refused ? customerNode(verdict.id, verdict.label) : mendField(line);
    return el('li', { class: 'intake-line', 'data-fate': fate }, el('span', { class: 'intake-number' }, String(line.number)), what, words);
  }

  /** @param {Entered} line */
  function mendField(line) {
    const field = el('input', { class: 'intake-mend', 'aria-label': say('list-add.mend', { line: line.number }), 'aria-describedby': `intake-${line.number}-why`, autocomplete: 'off', spellcheck: 'false' });
    field.value = line.text;
    field.addEventListener('change', () => void mend(line, field.value));
    return field;
  }

  /**
   * @param {Entered} line
   * @param {string} text
   */
  async function mend(line, text) {
    /** @type {Entered[]} */
    let read;
    try {
      read = text.trim() === '' ? [] : await readList(text, context);
    } catch {
      return;
    }
    // One line may have become several, or none.
    left = left.flatMap((one) => (one === line ? read.map((mended) => ({ ...mended, number: line.number })) : [one]));
    render();
  }

  async function send() {
    busy = true;
    const good = fates().filter(([, fate]) => fate === 'good').map(([line]) => line);
    let done = 0;
    // What is chosen meanwhile is for the next ones.
    const chosen = { customer: customer.value(), place: place.value(), usual: type.value() };
    setAttribute(submit, 'aria-disabled', 'true');
    /** @type {Map<Entered, string>} why the host did not take a line, empty where it did */
    const answers = new Map();
    for (const [at, line] of good.entries()) {
      setText(submit, say('list-add.adding', { done: at + 1, of: good.length }));
      const refused = await addOne(context, line, chosen);
      if (refused === '') done += 1;
      answers.set(line, refused);
    }
    left = left.filter((line) => answers.get(line) !== '').map((line) => ({ ...line, refused: answers.get(line) ?? line.refused }));
    busy = false;
    if (done > 0) context.onAdded(done);
    if (fates().every(([, fate]) => fate !== 'bad')) return close();
    setText(leave, say('dialog.close'));
    render();
    table.querySelector('input')?.focus();
  }

  node.addEventListener('change', (event) => event.target instanceof HTMLInputElement && event.target.type === 'radio' && render());
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!submit.hasAttribute('aria-disabled')) void send();
  });
  render();
  return { node, focus: () => (submit.hasAttribute('aria-disabled') ? table : submit).focus() };
}

/**
 * @param {ListContext} context
 * @param {Entered} line
 * @param {{ customer: Customer, place: Place, usual: UserType }} chosen
 * @returns {Promise<string>} why not, empty where it was added
 */
async function addOne({ environment, host, say }, { verdict }, { customer, place, usual }) {
  if (verdict.verdict !== 'good') return say('notice.failed');
  /** @type {Add} */
  const enrollment = { environment: environment.name, id: String(verdict.id), userType: verdict.userType ?? usual, label: verdict.label, place, customer, bothTypes: false };
  try {
    /** @type {Done} */
    const done = await host.add(enrollment);
    return done.done === 'added' ? '' : say('notice.failed');
  } catch (thrown) {
    const refused = asRefused(thrown);
    return refused ? refusalWords(refused, say) : say('notice.failed');
  }
}

/**
 * A customer as a line of a list names them.
 *
 * @param {number} id
 * @param {string} label
 */
export function customerNode(id, label) {
  const digits = el('span', { class: 'intake-id' });
  setDigits(digits, digitGroups(id));
  const who = el('span', { class: 'intake-label' });
  setTextOrHide(who, visible(label));
  return el('span', { class: 'intake-customer' }, digits, ' ', who);
}
