/** @import { Parts } from './parts.js' */
import { notify } from './doings.js';
import { handOut } from './handing-out.js';
import { shiftRefusal } from './refusals.js';

/** What the page can hand to the host at once; the host says it again. */
const LARGEST = 8 << 20;

/**
 * Writes whoever still needs somebody into a file, and stops watching them here.
 *
 * @param {Parts} w
 */
export async function handOver(w) {
  const { app } = w;
  await w.pane.saveNotes();
  if (await w.dialogs.handover.ask(null, app.say)) await handOut(w, app.host.handOverShift, 'handover.written');
}

/**
 * Shows what is in a file that another desk wrote, and takes it in when somebody says so. Nothing of
 * it is watched by that.
 *
 * @param {Parts} w
 * @param {Blob} file
 */
export async function takeIn(w, file) {
  const { host, say } = w.app;
  try {
    if (file.size > LARGEST) throw { code: 'too-large' };
    const bytes = [...new Uint8Array(await file.arrayBuffer())];
    const shift = await host.readShift(bytes);
    if (!(await w.dialogs.takeIn.ask(shift, say))) return;
    const done = await host.takeInShift(bytes);
    if (done.done === 'taken-in') notify(w, { words: say.count('take-in.done', done.enrollments) });
  } catch (thrown) {
    notify(w, { words: shiftRefusal(thrown, say), tone: 'bad' });
  }
}
