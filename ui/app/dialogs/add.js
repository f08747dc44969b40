/** @import { Add, Done, EnvironmentView, Key, Place, Row, UserType } from '../types.js' */
/** @import { Host } from '../host.js' */
/** @import { Say } from '../words/say.js' */
import { button, el, setAttribute, setDigits, setText } from '../dom.js';
import { asRefused, refusalWords } from '../refusals.js';
import { digitGroups, readsAsId, visible } from '../text.js';
import { isList } from '../intake.js';
import { listForm, readList } from './add-list.js';
import { customerChoice, placeChoice, typeChoice, whereLine } from './add-parts.js';
import { createField, createFrame, footOf } from './frame.js';

/** @typedef {ReturnType<typeof createField>} Field */

/**
 * @typedef {object} AddContext
 * @property {EnvironmentView} environment
 * @property {Place} place
 * @property {Pick<Host, 'add' | 'readList'>} host
 * @property {() => readonly Row[]} rows of the environment, as they are now
 * @property {(key: Key) => Row | undefined} rowOf
 * @property {(key: Key) => void} onShow
 * @property {(done: Done, enrollment: Add) => void} onAdded
 * @property {(count: number) => void} onListAdded
 * @property {(file: Blob) => void} onShift another desk's shift was chosen, which is a list of another kind
 * @property {Say} say
 * @property {{ id: number, userType?: UserType | null, label?: string } | undefined} filled in, where it is known
 */

export function createAddDialog() {
  const frame = createFrame('add-dialog');

  /** @param {AddContext} context */
  function open(context) {
    const { say } = context;
    const form = addForm(context, frame.close, openList);
    frame.open(say('add.title'), say, form.node);
    form.focus();

    /** @param {import('../intake.js').Entered[]} lines */
    function openList(lines) {
      const list = listForm(lines, { ...context, onAdded: context.onListAdded }, frame.close);
      frame.open(say('list-add.title'), say, list.node);
      list.focus();
    }
  }

  return { dialog: frame.dialog, open };
}

/**
 * @param {AddContext} context
 * @param {() => void} close
 * @param {(lines: import('../intake.js').Entered[]) => void} onList
 */
function addForm(context, close, onList) {
  const { environment, say } = context;
  const id = idField(context);
  const type = typeChoice(say, say('add.type'), context.filled?.userType ?? 'individual');
  const customer = customerChoice(say, say('add.customer'));
  const place = placeChoice(say, context.place);
  const label = createField({ id: 'add-label', name: say('add.label'), hint: say('add.label.hint'), value: context.filled?.label ?? '' });
  const question = el('div', { class: 'dialog-question', id: 'both-types', hidden: true, role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'strong', id: 'add-submit' }, say('add.submit'));
  const foot = footOf(button({ class: 'quiet' }, close, say('dialog.cancel')), submit);
  const many = manyPart(say, take, (file) => {
    close();
    context.onShift(file);
  });
  const parts = [whereLine(environment, say), id.node, many, question, type.node, customer.node, place.node, label.node, foot];
  const node = el('form', { novalidate: true }, ...parts);

  /**
   * A list in place of one id.
   *
   * @param {Blob | string} list
   */
  async function take(list) {
    try {
      onList(await readList(list, { ...context, onAdded: context.onListAdded }));
    } catch (words) {
      id.setError(String(words));
    }
  }

  id.input.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!isList(text)) return;
    event.preventDefault();
    void take(text);
  });

  /** @param {boolean} bothTypes */
  async function send(bothTypes) {
    setAttribute(question, 'hidden', true);
    id.setError('');
    label.setError('');
    setAttribute(submit, 'aria-disabled', 'true');
    /** @type {Add} */
    const enrollment = {
      environment: environment.name,
      id: id.input.value,
      userType: type.value(),
      label: label.input.value.trim(),
      place: place.value(),
      customer: customer.value(),
      bothTypes,
    };
    try {
      const done = await context.host.add(enrollment);
      close();
      context.onAdded(done, enrollment);
    } catch (thrown) {
      refuse(thrown, enrollment, { id, label, question }, context, close, () => send(true));
    } finally {
      setAttribute(submit, 'aria-disabled', null);
    }
  }

  node.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!submit.hasAttribute('aria-disabled')) void send(false);
  });
  return { node, focus: () => (context.filled === undefined ? id.input : submit).focus() };
}

/**
 * Says at its field what is wrong, and leaves what was typed.
 *
 * @param {unknown} thrown
 * @param {Add} enrollment
 * @param {{ id: Field, label: Field, question: HTMLElement }} at
 * @param {AddContext} context
 * @param {() => void} close
 * @param {() => void} sendBoth
 */
function refuse(thrown, enrollment, { id, label, question }, { say, rowOf, onShow }, close, sendBoth) {
  const refused = asRefused(thrown);
  if (!refused) return id.setError(say('notice.failed'));
  if (refused.code === 'other-type') return askBoth(question, rowOf(refused.key), enrollment, say, sendBoth);
  const field = refused.code === 'label-too-long' ? label : id;
  field.setError(refusalWords(refused, say));
  if (refused.code !== 'already-here') return;
  const { key } = refused;
  const show = button({ class: 'link' }, () => {
    close();
    onShow(key);
  }, say('add.show'));
  field.error.append(' ', show);
}

/**
 * The way to many at once.
 *
 * @param {Say} say
 * @param {(file: Blob) => Promise<void>} take
 * @param {(file: Blob) => void} takeShift
 */
function manyPart(say, take, takeShift) {
  const file = el('input', { type: 'file', id: 'add-file', accept: '.csv,.txt,.json,text/csv,text/plain,application/json', hidden: true, 'aria-label': say('add.file') });
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (chosen?.name.endsWith('.json')) takeShift(chosen);
    else if (chosen) void take(chosen);
    file.value = '';
  });
  const choose = button({ class: 'link', id: 'add-file-choose' }, () => file.click(), say('add.file'));
  return el('p', { class: 'field-hint' }, say('add.many'), ' ', choose, file);
}

/** @param {AddContext} context */
function idField({ say, filled }) {
  const field = createField({
    id: 'add-id',
    name: say('add.id'),
    hint: say('add.id.hint'),
    value: filled === undefined ? '' : String(filled.id),
    attributes: { inputmode: 'numeric', class: 'field-id' },
  });
  const echo = () => {
    const read = readsAsId(field.input.value);
    if (read === null) return setText(field.hint, say('add.id.hint'));
    const digits = el('strong', { class: 'echo' });
    setDigits(digits, digitGroups(read));
    const [before = '', after = ''] = say('add.id.reads').split('{id}');
    field.hint.replaceChildren(before, digits, after);
  };
  field.input.addEventListener('input', echo);
  echo();
  return field;
}

/**
 * @param {HTMLElement} place
 * @param {Row | undefined} other
 * @param {Add} enrollment
 * @param {Say} say
 * @param {() => void} yes
 */
function askBoth(place, other, enrollment, say, yes) {
  const otherType = enrollment.userType === 'individual' ? 'merchant' : 'individual';
  const words = say('add.both', {
    id: other?.id ?? enrollment.id,
    type: say(`type.${otherType}`),
    label: visible(other?.label ?? '') || say('row.no-label'),
  });
  const press = button({ class: 'strong', id: 'both-types-yes' }, yes, say('add.both.yes', { type: say(`type.${enrollment.userType}`) }));
  place.replaceChildren(el('p', {}, words), press);
  setAttribute(place, 'hidden', false);
  press.focus();
}
