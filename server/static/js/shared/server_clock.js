/** The server's time as this page knows it, and what is left until a deadline. */

/** A clock that follows the `now` of every answer; this machine's own clock may be wrong. */
export function makeServerClock(local = Date.now) {
  let ahead = 0;
  return {
    sync(now) {
      const told = Date.parse(now);
      if (Number.isFinite(told)) ahead = told - local();
    },
    now: () => local() + ahead,
  };
}

/** Whole seconds from `now` (ms) to `deadline` (ISO text); never below 0, null without one. */
export function secondsLeft(deadline, now) {
  if (!deadline) return null;
  return Math.max(0, Math.ceil((Date.parse(deadline) - now) / 1000));
}

/** 95 -> "1:35" */
export function minutesAndSeconds(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
