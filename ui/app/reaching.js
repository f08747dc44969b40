/** @import { EnvironmentView, Reach } from './types.js' */
/** @import { App } from './app.js' */
/** @import { Parts } from './parts.js' */
/** @import { Say } from './words/say.js' */
import { chosenEnvironment } from './app.js';
import { notify } from './doings.js';
import { paint } from './paint.js';
import { problemWords } from './rows.js';

/**
 * Whether somebody answers for a gateway, as far as that was asked. A poll is no way to find out:
 * it needs a token and a customer.
 *
 * @typedef {{ reach: 'asking' } | { reach: 'unasked' } | Reach} Reaching the second one where the program did not ask
 */

/**
 * Asks, and remembers what came of it: what failed as well, so that nobody asks by themselves again.
 *
 * @param {App} app
 * @param {EnvironmentView} environment
 * @returns {Promise<Reaching>}
 */
export async function ask({ host, reaching }, { name, gateway }) {
  reaching.set(gateway, { reach: 'asking' });
  /** @type {Reaching} */
  const found = await host.reach(name).catch(() => ({ reach: 'unasked' }));
  reaching.set(gateway, found);
  return found;
}

/**
 * What is asked by itself on the way to the first customer: once, and never for training, which
 * answers from this very program.
 *
 * @param {Parts} w
 * @param {EnvironmentView} environment
 */
export function reachFirst(w, environment) {
  if (environment.kind === 'training' || w.app.reaching.has(environment.gateway)) return;
  void ask(w.app, environment).then(() => paint(w));
}

/**
 * Asks because somebody wants to know, and tells them.
 *
 * @param {Parts} w
 */
export async function reachAgain(w) {
  const environment = chosenEnvironment(w.app);
  if (!environment || w.app.reaching.get(environment.gateway)?.reach === 'asking') return;
  const asked = ask(w.app, environment);
  paint(w);
  const found = await asked;
  paint(w);
  notify(w, { words: reachWords(found, environment, w.app.say), tone: found.reach === 'answers' ? 'plain' : 'bad', about: 'reach' });
}

/**
 * @param {Reaching} reaching
 * @param {EnvironmentView} environment
 * @param {Say} say
 */
function reachWords(reaching, { gateway }, say) {
  switch (reaching.reach) {
    case 'answers':
      return say('reach.answers', { gateway, http: reaching.http, ms: reaching.tookMs });
    case 'silent':
      return say('reach.silent', { gateway, why: problemWords(reaching.problem, say) });
    default:
      return say('notice.failed');
  }
}
