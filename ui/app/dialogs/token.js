/** @import { CommandView, EnvironmentView } from '../types.js' */
/** @import { Host } from '../host.js' */
/** @import { Say } from '../words/say.js' */
import { button, el, setAttribute, setText, setTextOrHide } from '../dom.js';
import { KEYRING_TROUBLE, asTokenProblem } from '../refusals.js';
import { visible } from '../text.js';
import { clock } from '../time.js';
import { createField, createFrame, footOf } from './frame.js';

/**
 * @typedef {object} TokenContext
 * @property {string} environment
 * @property {() => EnvironmentView | null} current the environment as the feed last told it
 * @property {Host} host
 * @property {(words: string) => void} onDone
 * @property {Say} say
 * @property {string | null} [problem] the code of what has just gone wrong elsewhere
 */

/** Takes a token, and never shows one. */
export function createTokenDialog() {
  const frame = createFrame('token-dialog');
  /** @type {ReturnType<typeof tokenForm> | null} */
  let form = null;
  // What was pasted does not outlive the dialog.
  frame.dialog.addEventListener('close', () => {
    form?.wipe();
    form = null;
  });

  /** @param {TokenContext} context */
  function open(context) {
    form = tokenForm(context, frame.close);
    frame.open(context.say('token.title'), context.say, form.node);
    form.focus();
    if (context.problem !== undefined) form.trouble(context.problem);
  }

  return { dialog: frame.dialog, open, render: () => form?.render() };
}

/**
 * @param {TokenContext} context
 * @param {() => void} close
 */
function tokenForm(context, close) {
  const { host, environment, say, onDone } = context;
  const status = statusPart(context, run);
  const field = createField({ id: 'token-field', name: say('token.field'), hint: say('token.field.hint'), type: 'password' });
  const keep = el('button', { type: 'submit', class: 'strong', id: 'token-keep' }, say('token.keep'));
  const session = sessionPart(say, () => set(true));
  const leave = button({ class: 'quiet' }, close);
  const foot = footOf(leave, keep);
  const node = el('form', { novalidate: true }, status.node, field.node, session.node, foot);
  let busy = false;

  /** What a program brings nobody enters. */
  function render() {
    const fetched = (context.current()?.token.command ?? null) !== null;
    setAttribute(field.node, 'hidden', fetched);
    setAttribute(keep, 'hidden', fetched);
    setText(leave, say(fetched ? 'dialog.close' : 'dialog.cancel'));
    status.render();
  }

  /**
   * @param {() => Promise<void>} command
   * @param {string} done
   */
  async function run(command, done) {
    if (busy) return;
    busy = true;
    setAttribute(keep, 'aria-disabled', 'true');
    field.setError('');
    try {
      await command();
      if (done === '') return;
      close();
      onDone(done);
    } catch (thrown) {
      trouble(asTokenProblem(thrown)?.code ?? null);
    } finally {
      busy = false;
      setAttribute(keep, 'aria-disabled', null);
      render();
    }
  }

  /** @param {string | null} code */
  function trouble(code) {
    field.setError(code === null ? say('notice.failed') : say.code('token-problem', code));
    const keyring = code !== null && KEYRING_TROUBLE.has(code);
    session.offer(keyring);
    setText(keep, say(keyring ? 'token.keep.again' : 'token.keep'));
  }

  /** @param {boolean} sessionOnly */
  function set(sessionOnly) {
    const done = say(sessionOnly ? 'token.kept.session' : 'token.kept');
    return run(() => host.setToken(environment, field.input.value, sessionOnly), done);
  }

  node.addEventListener('submit', (event) => {
    event.preventDefault();
    void set(false);
  });
  render();
  return {
    node,
    render,
    trouble,
    focus: () => (status.firstChoice() ?? field.input).focus(),
    wipe() {
      field.input.value = '';
    },
  };
}

/**
 * What is known of the token, and what can be done without pasting one.
 *
 * @param {TokenContext} context
 * @param {(command: () => Promise<void>, done: string) => Promise<void>} run
 */
function statusPart({ current, environment, host, say }, run) {
  const where = el('p', { class: 'dialog-where' });
  const words = el('p', { class: 'dialog-text', id: 'token-state' });
  const more = el('p', { class: 'field-hint' });
  const train = () => run(() => host.useTrainingToken(environment), say('token.kept'));
  const training = button({ class: 'strong', id: 'training-token' }, train, say('token.training'));
  const trainingPart = el('div', { class: 'token-training' }, training, el('p', { class: 'field-hint' }, say('token.training.more')));
  const read = () => run(() => host.readToken(environment), '');
  const again = button({ class: 'quiet', id: 'token-read' }, read, say('token.ask-again'));
  const bring = () => run(() => host.fetchToken(environment), '');
  const fetch = button({ class: 'strong', id: 'token-fetch' }, bring, say('token.command.fetch'));
  const forget = forgetPart(say, () => run(() => host.forgetToken(environment), say('token.forgotten')));
  const node = el('div', { class: 'token-status' }, where, words, more, el('div', { class: 'token-doings' }, fetch, again, forget), trainingPart);

  function render() {
    const now = current();
    if (!now) return;
    const { token, kind } = now;
    where.replaceChildren(el('strong', {}, say(`kind.${kind}`)), ` ${visible(now.name)}`);
    setAttribute(where, 'data-kind', kind);
    setText(words, say(`token.about.${token.state}`));
    const kept = ['unchecked', 'accepted', 'refused', 'forbidden'].includes(token.state);
    const facts = token.command === null ? [] : commandFacts(token.command, say);
    if (kept && token.expires !== null && token.expires > Date.now()) facts.push(say('token.expires', { time: clock(token.expires, Date.now(), say.language) }));
    if (kept && token.command === null) facts.push(say(token.sessionOnly ? 'token.in-memory' : 'token.in-store'));
    setTextOrHide(more, facts.join(' '));
    setAttribute(again, 'hidden', !['locked', 'busy', 'denied'].includes(token.state));
    setAttribute(forget, 'hidden', !kept);
    setAttribute(fetch, 'hidden', token.command === null);
    setAttribute(fetch, 'aria-disabled', token.command?.running ? 'true' : null);
    setAttribute(trainingPart, 'hidden', kind !== 'training');
  }

  return { node, render, firstChoice: () => [training, fetch].find((choice) => choice.closest('[hidden]') === null) ?? null };
}

/**
 * How it stands with the program that brings tokens.
 *
 * @param {CommandView} command
 * @param {Say} say
 */
function commandFacts({ running, fetched, problem }, say) {
  const facts = [say('token.command.about')];
  if (running) facts.push(say('token.command.running'));
  else if (problem) facts.push(say.code('fetch-problem', problem.code));
  else if (fetched !== null) facts.push(say('token.command.fetched', { time: clock(fetched, Date.now(), say.language) }));
  return facts;
}

/**
 * Forgetting cannot be undone, so it is pressed twice.
 *
 * @param {Say} say
 * @param {() => void} yes
 */
function forgetPart(say, yes) {
  const agree = button({ class: 'quiet bad', id: 'token-forget-yes' }, yes, say('token.forget.yes'));
  const sure = el('div', { class: 'token-sure', hidden: true }, el('p', {}, say('token.forget.sure')), agree);
  const forget = button({ class: 'quiet', id: 'token-forget' }, () => {
    sure.hidden = !sure.hidden;
  }, say('token.forget'));
  return el('div', { class: 'token-forget' }, forget, sure);
}

/**
 * The way out where the keyring fails: memory, after a clear yes.
 *
 * @param {Say} say
 * @param {() => void} onYes
 */
function sessionPart(say, onYes) {
  const yes = el('input', { type: 'checkbox', id: 'token-session-yes' });
  const press = button({ class: 'quiet', id: 'token-session', disabled: true }, onYes, say('token.session.button'));
  yes.addEventListener('change', () => {
    press.disabled = !yes.checked;
  });
  const label = el('label', { class: 'choice' }, yes, el('span', { class: 'choice-words' }, say('token.session.yes')));
  const node = el('section', { class: 'dialog-question', id: 'token-session-part', hidden: true }, el('h3', {}, say('token.session.title')), label, press);
  return {
    node,
    /** @param {boolean} offered */
    offer(offered) {
      if (offered) node.hidden = false;
    },
  };
}
