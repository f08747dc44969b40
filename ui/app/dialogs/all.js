import { createAddDialog } from './add.js';
import { createConfirmDialog, createRemoteDialog } from './confirm.js';
import { createKeysDialog } from './keys.js';
import { createTokenDialog } from './token.js';

/** Every dialog, each made once. */
export function createDialogs() {
  const add = createAddDialog();
  const confirm = createConfirmDialog();
  const remote = createRemoteDialog();
  const token = createTokenDialog();
  const keys = createKeysDialog();
  const nodes = [add, confirm, remote, token, keys].map((one) => one.dialog);
  return { add, confirm, remote, token, keys, nodes, anyOpen: () => nodes.some((node) => node.open) };
}

/** @typedef {ReturnType<typeof createDialogs>} Dialogs */
