/** @import { EnvironmentView, Problem, Row } from './types.js' */
/** @import { Say } from './words/say.js' */
/** @import { Situation } from './situation.js' */

import { visible } from './text.js';

/**
 * What support asks for, and nothing that must stay here: no label, link or token.
 *
 * @param {Row} row
 * @param {Situation} situation
 * @param {EnvironmentView} environment
 * @param {number} now
 * @param {Say} say
 */
export function escalationText(row, situation, environment, now, say) {
  const problem = problemOf(row);
  const at = problem === row.problem?.problem ? row.problem?.at ?? now : row.since;
  const lines = [
    [say('copy.environment'), `${visible(environment.name)} · ${visible(environment.gateway)}`],
    [say('copy.user'), `${row.id} · ${say(`type.${row.userType}`)}`],
    [say('copy.state'), say(`state.${situation}`)],
    [say('copy.time'), new Date(at).toISOString()],
  ];
  if (row.status !== null) lines.push([say('copy.status'), row.status]);
  if (problem?.http != null) lines.push(['HTTP', String(problem.http)]);
  if (problem?.traceId) lines.push(['traceId', problem.traceId]);
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}

/**
 * What goes into the CRM once the documents are signed; empty otherwise.
 *
 * @param {Row} row
 * @param {EnvironmentView} environment
 * @param {Say} say
 */
export function resultText(row, environment, say) {
  if (row.step.step !== 'signed') return '';
  const lines = [
    [say('copy.environment'), visible(environment.name)],
    [say('copy.user'), `${row.id} · ${say(`type.${row.userType}`)}`],
    [say('copy.state'), say('state.signed')],
    [say('copy.status'), row.status ?? ''],
    [say('copy.time'), new Date(row.since).toISOString()],
  ];
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}

/**
 * The problem that counts: the one that ended the watch before one on the way.
 *
 * @param {Row} row
 * @returns {Problem | null}
 */
export function problemOf(row) {
  if (row.step.step === 'ended' && row.step.miss.outcome === 'rejected') return row.step.miss.problem;
  return row.problem?.problem ?? null;
}
