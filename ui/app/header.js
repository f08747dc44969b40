/** @import { EnvironmentView, Language, Settings } from './types.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';
import { createMenu } from './menu.js';
import { needsToken } from './situation.js';
import { visible } from './text.js';
import { tokenView } from './tokens.js';

/** @type {readonly Language[]} */
const LANGUAGES = ['bg', 'en'];

/**
 * What the header shows.
 *
 * @typedef {object} HeaderView
 * @property {Settings} settings
 * @property {readonly EnvironmentView[]} environments
 * @property {EnvironmentView | null} environment
 * @property {ReadonlyMap<string, number>} needs how many need a hand, by environment
 * @property {number} now
 * @property {Say} say
 */

/**
 * @typedef {object} HeaderEvents
 * @property {(settings: Partial<Settings>) => void} onSettings
 * @property {(query: string) => void} onSearch
 * @property {() => void} onLeaveSearch to the list below
 * @property {() => void} onToken
 * @property {() => void} onAdd
 * @property {() => void} onKeys
 * @property {() => void} onHide
 * @property {() => void} onOpenSettings
 */

/** @param {HeaderEvents} events */
export function createHeader(events) {
  /** @type {HeaderView | null} */
  let view = null;
  const chooser = environmentChooser(() => view, events);
  const token = tokenButton(events);
  const search = searchField(events);
  const addWords = el('span');
  const add = button({ class: 'strong add', id: 'add' }, events.onAdd, icon('add'), addWords);
  const languages = languageSwitch(events);
  const settings = button({ class: 'icon-button', id: 'settings', 'aria-haspopup': 'dialog' }, events.onOpenSettings, icon('gear'));
  const keys = button({ class: 'icon-button', id: 'keys' }, events.onKeys, icon('help'));
  const hide = button({ class: 'icon-button', id: 'hide' }, events.onHide, icon('hide'));
  const tools = el('div', { class: 'tools' }, languages.node, hide, settings, keys);
  const name = el('h1', { class: 'unseen' });
  const node = el('header', { class: 'header' }, name, chooser.node, token.node, search.node, add, tools);

  /** @param {HeaderView} next */
  function render(next) {
    view = next;
    setText(name, next.say('app.name'));
    chooser.render(next);
    token.render(next);
    search.render(next);
    setText(addWords, next.say('header.add'));
    languages.render(next);
    setAttribute(settings, 'aria-label', next.say('header.settings'));
    setAttribute(settings, 'title', next.say('header.settings'));
    setAttribute(hide, 'aria-label', next.say('header.hide'));
    setAttribute(hide, 'title', `${next.say('header.hide')} (H)`);
    setAttribute(keys, 'aria-label', next.say('header.keys'));
    setAttribute(keys, 'title', `${next.say('header.keys')} (?)`);
  }

  return { node, render, focusSearch: search.focus, clearSearch: search.clear };
}

/**
 * @param {() => HeaderView | null} current
 * @param {HeaderEvents} events
 */
function environmentChooser(current, events) {
  const kind = el('span', { class: 'environment-kind' });
  const name = el('span', { class: 'environment-name' });
  const badge = el('span', { class: 'badge' });
  const opener = button({ class: 'environment', id: 'environment' }, () => {}, el('span', { class: 'environment-words' }, kind, ' ', name), badge, icon('down'));
  const node = createMenu(opener, () => {
    const view = current();
    if (!view) return [];
    const { say, needs } = view;
    const items = view.environments.map((one) => ({
      value: one.name,
      words: visible(one.name),
      note: [say(`kind.${one.kind}`), one.withdrawn ? say('environment.withdrawn') : '', one.offline ? say('environment.offline') : '', needsToken(one.token) && !one.withdrawn ? say('environment.no-token') : ''].filter(Boolean).join(' · '),
      badge: needs.get(one.name) ? say.count('environment.needs', needs.get(one.name) ?? 0) : '',
      kind: one.kind,
      checked: one.name === view.environment?.name,
    }));
    return [{ heading: say('environment.choose'), items, choose: (environment) => events.onSettings({ environment }) }];
  });

  /** @param {HeaderView} view */
  function render({ environment, needs, say }) {
    setAttribute(document.documentElement, 'data-kind', environment?.kind);
    setText(kind, environment ? say(`kind.${environment.kind}`) : '');
    const shown = visible(environment?.name ?? '');
    setText(name, shown);
    setAttribute(opener, 'aria-label', `${say('environment.choose')}: ${environment ? `${say(`kind.${environment.kind}`)} ${shown}` : ''}`);
    let elsewhere = 0;
    for (const [where, count] of needs) if (where !== environment?.name) elsewhere += count;
    setText(badge, elsewhere > 0 ? String(elsewhere) : '');
    setAttribute(badge, 'hidden', elsewhere === 0);
    setAttribute(badge, 'title', say.count('environment.needs', elsewhere));
  }

  return { node, render };
}

/** @param {HeaderEvents} events */
function tokenButton(events) {
  const words = el('span');
  const node = button({ class: 'token', id: 'token', 'aria-haspopup': 'dialog' }, events.onToken, icon('key'), words);

  /** @param {HeaderView} view */
  function render({ environment, now, say }) {
    setAttribute(node, 'hidden', environment === null || environment.withdrawn);
    if (!environment) return;
    const shown = tokenView(environment.token, now, say);
    setText(words, shown.words);
    setAttribute(node, 'data-tone', shown.tone);
    const memory = environment.token.sessionOnly ? ` (${say('token.memory')})` : '';
    setAttribute(node, 'title', say(`token.about.${environment.token.state}`) + memory);
  }

  return { node, render };
}

/** @param {HeaderEvents} events */
function searchField(events) {
  const field = el('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false', 'aria-keyshortcuts': '/' });
  const node = el('div', { class: 'search', role: 'search' }, icon('search'), field);
  field.addEventListener('input', () => events.onSearch(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.code === 'Escape') {
      clear();
      field.blur();
    } else if (event.code === 'Enter' || event.code === 'ArrowDown') {
      events.onLeaveSearch();
    } else return;
    event.preventDefault();
    // The same press must not go on as a command of the list.
    event.stopPropagation();
  });

  function clear() {
    field.value = '';
    events.onSearch('');
  }

  /** @param {HeaderView} view */
  function render({ say }) {
    setAttribute(field, 'placeholder', say('header.search.hint'));
    setAttribute(field, 'aria-label', say('header.search'));
  }

  return { node, render, clear, focus: () => (field.focus(), field.select()) };
}

/** @param {HeaderEvents} events */
function languageSwitch(events) {
  const buttons = LANGUAGES.map((language) => {
    const attributes = { class: 'language', lang: language, 'data-language': language };
    return { language, node: button(attributes, () => events.onSettings({ language }), language.toUpperCase()) };
  });
  const node = el('div', { class: 'languages', role: 'group' }, ...buttons.map((one) => one.node));

  /** @param {HeaderView} view */
  function render({ settings, say }) {
    setAttribute(node, 'aria-label', say('header.language'));
    for (const one of buttons) {
      setAttribute(one.node, 'aria-pressed', String(one.language === settings.language));
      setAttribute(one.node, 'aria-label', `${one.language.toUpperCase()} – ${say(`header.language.${one.language}`)}`);
    }
  }

  return { node, render };
}
