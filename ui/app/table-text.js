/** @import { EnvironmentView, Row } from './types.js' */
/** @import { Say } from './words/say.js' */
import { problemOf } from './escalation.js';
import { endDetail } from './rows.js';
import { situationOf } from './situation.js';
import { visible } from './text.js';

const COLUMNS = /** @type {const} */ (['id', 'type', 'label', 'state', 'status', 'since', 'detail']);

/**
 * Rows as a table that a spreadsheet takes.
 *
 * @param {readonly Row[]} rows
 * @param {EnvironmentView} environment
 * @param {number} now
 * @param {Say} say
 */
export function tableText(rows, environment, now, say) {
  return tableCells(rows, environment, now, say).map((cells) => cells.map(harmless).join('\t')).join('\n');
}

/**
 * The cells of that table, its heading first: no link and no token is among it.
 *
 * @param {readonly Row[]} rows
 * @param {EnvironmentView} environment
 * @param {number} now
 * @param {Say} say
 */
export function tableCells(rows, environment, now, say) {
  const head = [...COLUMNS.map((name) => say(`table.${name}`)), 'HTTP', 'traceId', say('copy.environment')];
  const lines = rows.map((row) => {
    const problem = problemOf(row);
    return [
      String(row.id),
      say(`type.${row.userType}`),
      row.label,
      say(`state.${situationOf(row, now)}`),
      row.status ?? '',
      new Date(row.since).toISOString(),
      row.step.step === 'ended' ? endDetail(row.step.miss, say) : '',
      problem?.http == null ? '' : String(problem.http),
      problem?.traceId ?? '',
      environment.name,
    ];
  });
  return [head, ...lines].map((cells) => cells.map(visible));
}

/**
 * No formula wherever it is pasted.
 *
 * @param {string} text
 */
function harmless(text) {
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}
