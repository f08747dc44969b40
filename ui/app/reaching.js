/** @import { EnvironmentView, Reach } from './types.js' */
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
 * @typedef {{ reach: 'asking' } | Reach} Reaching
 */

/**
 * Asks, and has the window show what came of it.
 *
 * @param {Parts} w
 * @param {EnvironmentView} environment
 */
async function ask(w, { name, gateway }) {
  const { host, reaching } = w.app;
  reaching.set(gateway, { reach: 'asking' });
  try {
    reaching.set(gateway, await host.reach(name));
  } catch {
    // The environment has gone meanwhile.
    reaching.delete(gateway);
  }
  paint(w);
  return reaching.get(gateway);
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
  void ask(w, environment);
}

/**
 * Asks because somebody wants to know, and tells them.
 *
 * @param {Parts} w
 */
export async function reachAgain(w) {
  const environment = chosenEnvironment(w.app);
  if (!environment || w.app.reaching.get(environment.gateway)?.reach === 'asking') return;
  const asked = ask(w, environment);
  paint(w);
  const found = await asked;
  if (!found || found.reach === 'asking') return;
  notify(w, { words: reachWords(found, environment, w.app.say), tone: found.reach === 'answers' ? 'plain' : 'bad', about: 'reach' });
}

/**
 * @param {Reach} reach
 * @param {EnvironmentView} environment
 * @param {Say} say
 */
function reachWords(reach, { gateway }, say) {
  if (reach.reach === 'answers') return say('reach.answers', { gateway, http: reach.http, ms: reach.tookMs });
  return say('reach.silent', { gateway, why: problemWords(reach.problem, say) });
}
