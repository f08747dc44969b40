const SECOND = 1000;

/**
 * The one timer: it runs only while the window is seen and something on screen counts.
 *
 * @param {() => boolean} paint paints what counts, and says whether anything does
 */
export function createTicker(paint) {
  /** @type {number | undefined} */
  let timer;

  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }

  function turn() {
    timer = undefined;
    if (document.hidden || !paint()) return;
    // Just after the full second, so that all figures change together.
    timer = setTimeout(turn, SECOND - (Date.now() % SECOND) + 10);
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : wake()));

  function wake() {
    if (timer === undefined) turn();
  }

  return { wake };
}
