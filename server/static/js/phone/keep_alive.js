/** Tells the server now and then that somebody is reading, and asks when the time seems over. */

const PAUSE_MS = 15_000;
const SIGNS_OF_LIFE = ["pointerdown", "touchstart", "keydown", "scroll"];

/**
 * Calls `touch()` after a sign of life, at most every 15 s, and at the deadline (ISO text) that
 * `until()` gives. Returns the function that stops it.
 */
export function keepAlive(touch, until) {
  let last = Date.now();
  const now = () => {
    last = Date.now();
    touch();
  };
  const alive = () => {
    if (Date.now() - last >= PAUSE_MS) now();
  };
  const watch = setInterval(() => {
    if (Date.now() > Date.parse(until())) alive();
  }, 1000);
  const listening = { capture: true, passive: true };
  for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, alive, listening);
  return () => {
    clearInterval(watch);
    for (const sign of SIGNS_OF_LIFE) document.removeEventListener(sign, alive, listening);
  };
}
