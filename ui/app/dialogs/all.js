import { createAddDialog } from './add.js';
import { createConfirmDialog, createRemoteDialog } from './confirm.js';
import { createForgetDialog } from './forget.js';
import { createHandoverDialog, createTakeInDialog } from './handover.js';
import { createKeepDialog } from './keep.js';
import { createKeysDialog } from './keys.js';
import { createLookDialog } from './look.js';
import { createNumbersDialog } from './numbers.js';
import { createPaletteDialog } from './palette.js';
import { createQrDialog } from './qr.js';
import { createQuitDialog } from './quit.js';
import { createSettingsDialog } from './settings.js';
import { createShiftDialog } from './shift.js';
import { createTokenDialog } from './token.js';

/** Every dialog, each made once. */
export function createDialogs() {
  const dialogs = {
    add: createAddDialog(),
    confirm: createConfirmDialog(),
    remote: createRemoteDialog(),
    forget: createForgetDialog(),
    handover: createHandoverDialog(),
    takeIn: createTakeInDialog(),
    token: createTokenDialog(),
    keep: createKeepDialog(),
    keys: createKeysDialog(),
    look: createLookDialog(),
    numbers: createNumbersDialog(),
    palette: createPaletteDialog(),
    quit: createQuitDialog(),
    qr: createQrDialog(),
    settings: createSettingsDialog(),
    shift: createShiftDialog(),
  };
  const nodes = Object.values(dialogs).map((one) => one.dialog);
  return { ...dialogs, nodes, anyOpen: () => nodes.some((node) => node.open), closeAll: () => nodes.forEach((node) => node.close()) };
}

/** @typedef {ReturnType<typeof createDialogs>} Dialogs */
