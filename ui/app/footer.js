/** @import { EnvironmentView, JournalView, Pulse } from './types.js' */
/** @import { Say } from './words/say.js' */
import { button, el, setAttribute, setText } from './dom.js';
import { savedView } from './journal.js';
import { needsToken } from './situation.js';
import { visible } from './text.js';

/**
 * The honest line: how much is watched, how fast, and whether that is enough.
 *
 * @param {Pulse} pulse
 * @param {EnvironmentView | null} environment
 * @param {Say} say
 * @returns {{ counts: string[], health: string, tone: 'neutral' | 'good' | 'attention' }}
 */
export function footerView(pulse, environment, say) {
  const rate = pulse.pollsPerSecond.toFixed(1).replace('.', say.language === 'bg' ? ',' : '.');
  const counts = [say.count('footer.watched', pulse.watched), say('footer.polls', { n: rate })];
  if (environment?.offline) return { counts, health: say('footer.offline'), tone: 'attention' };
  if (environment?.behind) return { counts, health: say('footer.behind'), tone: 'attention' };
  if (pulse.watched === 0) return { counts: [], health: say('footer.idle'), tone: 'neutral' };
  if (environment && needsToken(environment.token)) return { counts, health: say('footer.needs-token'), tone: 'attention' };
  return { counts, health: say('footer.on-time'), tone: 'good' };
}

/** @param {{ onNumbers: () => void }} events */
export function createFooter({ onNumbers }) {
  const health = el('span', { class: 'footer-health' });
  const counts = el('span', { class: 'footer-counts' });
  const gateway = el('span', { class: 'footer-gateway' });
  const version = el('span', { class: 'footer-version' });
  const saved = el('span', { class: 'footer-saved' });
  const numbers = button({ class: 'footer-numbers', id: 'numbers', 'aria-haspopup': 'dialog' }, onNumbers);
  const node = el('footer', { class: 'footer', id: 'footer' }, health, counts, numbers, gateway, version, saved);

  /**
   * @param {Pulse} pulse
   * @param {EnvironmentView | null} environment
   * @param {JournalView} journal
   * @param {string} appVersion
   * @param {Say} say
   */
  function render(pulse, environment, journal, appVersion, say) {
    const view = footerView(pulse, environment, say);
    setText(counts, view.counts.join(' · '));
    setText(health, view.health);
    setAttribute(health, 'data-tone', view.tone);
    setText(numbers, say('numbers.open'));
    setAttribute(numbers, 'title', `${say('numbers.open')} (T)`);
    setAttribute(numbers, 'hidden', environment === null);
    setText(gateway, visible(environment?.gateway ?? ''));
    setText(version, say('footer.version', { version: appVersion }));
    const keeping = savedView(journal, Date.now(), say);
    setText(saved, keeping.words);
    setAttribute(saved, 'data-tone', keeping.tone);
    setAttribute(saved, 'hidden', journal.health === 'absent');
  }

  return { node, render };
}
