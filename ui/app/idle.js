const MINUTE = 60_000;

/** What counts as a hand on the console. */
const SIGNS = ['pointerdown', 'pointermove', 'wheel', 'keydown'];

/**
 * Notices that nobody has touched the window for a while. Its timer is set for that moment and runs
 * for nothing else; after a sleep of the machine the clock on the wall counts.
 *
 * @param {() => number | null} minutes after how many; null where it never matters
 * @param {() => void} onIdle
 */
export function createIdle(minutes, onIdle) {
  let touched = Date.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {number | null} */
  let due = null;

  const touch = () => {
    touched = Date.now();
  };

  /** A hand that comes too late does not count: the machine may have slept meanwhile. */
  function sign() {
    const after = minutes();
    if (after !== null && Date.now() >= touched + after * MINUTE) look();
    else touch();
  }

  /** Whoever changes what counts, or comes back to the window, has it looked at anew. */
  function look() {
    const after = minutes();
    const at = after === null ? null : touched + after * MINUTE;
    if (at !== null && at <= Date.now()) {
      stop();
      touch();
      return onIdle();
    }
    // A later moment is found out when the earlier one has come.
    if (at === null) stop();
    else if (due === null || at < due) set(at);
  }

  function stop() {
    clearTimeout(timer);
    due = null;
  }

  /** @param {number} at */
  function set(at) {
    stop();
    due = at;
    timer = setTimeout(() => {
      due = null;
      look();
    }, at - Date.now());
  }

  function listen() {
    for (const kind of SIGNS) document.addEventListener(kind, sign, { capture: true, passive: true });
    document.addEventListener('visibilitychange', () => document.hidden || look());
  }

  return { touch, look, listen };
}
