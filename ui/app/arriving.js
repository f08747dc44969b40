/** @import { DeepLink, Row } from './types.js' */
/** @import { Parts } from './parts.js' */
import { mainAction, offers } from './actions.js';
import { rowsHere } from './app.js';
import { notify, openAdd, pressRow, show } from './doings.js';
import { whoOf } from './rows.js';
import { situationOf } from './situation.js';

/**
 * A link into the console. It fills something in or says something; where the list is hidden, or a
 * customer looks, it waits.
 *
 * @param {Parts} w
 * @param {DeepLink} link
 */
export async function arrive(w, link) {
  if (link.link === 'finished' && (await returned(w, link))) return;
  if (w.covered || w.showing) {
    w.arrived = link;
    return;
  }
  if (link.link === 'finished') return askAbout(w, link);
  const fill = () => openAdd(w, link);
  if (!w.dialogs.anyOpen()) return fill();
  // What somebody is just doing is not taken from under their hands.
  notify(w, { words: w.app.say('arrived.add', { id: link.id }), action: { words: w.app.say('arrived.fill'), run: fill }, about: 'arrived' });
}

/**
 * What came while nothing could be shown.
 *
 * @param {Parts} w
 */
export function arriveNow(w) {
  const link = w.arrived;
  w.arrived = null;
  if (link) void arrive(w, link);
}

/** @typedef {Extract<DeepLink, { link: 'finished' }>} Finished */

/**
 * @param {Finished} link
 * @returns {(row: Row) => boolean}
 */
export function meant({ id, userType }) {
  return (row) => row.id === id && (userType === null || row.userType === userType);
}

/**
 * Where this console handed the link over, the page that the customer returned to is enough; the
 * host looks once more.
 *
 * @param {Parts} w
 * @param {Finished} link
 */
async function returned(w, link) {
  if (link.says !== 'signing-finished') return false;
  const here = [...w.app.table.rows.values()].filter(meant(link)).filter((row) => row.step.step === 'signing' && row.link?.opened);
  const [row] = here;
  if (!row || here.length > 1) return false;
  try {
    await w.app.host.act(row.key, row.state, { do: 'returned' });
  } catch {
    return false;
  }
  notify(w, { words: w.app.say('arrived.returned', { who: whoOf(row) }), about: 'arrived' });
  return true;
}

/**
 * @param {Parts} w
 * @param {Finished} link
 */
function askAbout(w, link) {
  const { app } = w;
  const { say } = app;
  const press = link.says;
  const rows = rowsHere(app).filter(meant(link)).filter((row) => offers(row, mainAction(row, situationOf(row, Date.now()), null), press));
  const [row] = rows;
  if (!row || rows.length > 1) return notify(w, { words: say('arrived.nobody', { id: link.id }), tone: 'attention', about: 'arrived' });
  show(w, row.key);
  const confirm = { words: say(`do.${press}`), run: () => pressRow(w, row.key, press, 0) };
  notify(w, { words: say(`arrived.${press}`, { who: whoOf(row) }), action: confirm, about: 'arrived', lifeMs: 60_000 });
}
