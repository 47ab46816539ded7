/** Which frame of the animated QR is to be seen now; pure. */

const RESERVE_MS = 5_000;

/** The frame whose time it is, or null (none, or the page has slept). */
export function frameAt(frames, now) {
  const isNow = (frame) => Date.parse(frame.shows_at) <= now && now < Date.parse(frame.ends_at);
  return frames.find(isNow) ?? null;
}

/** Old and new frames in order, without those that have passed. */
export function joined(old, fresh, now) {
  const byText = new Map([...old, ...fresh].map((frame) => [frame.text, frame]));
  return [...byText.values()]
    .filter((frame) => Date.parse(frame.ends_at) > now)
    .sort((one, other) => Date.parse(one.shows_at) - Date.parse(other.shows_at));
}

/** Is it time to ask for more? */
export function runningOut(frames, now) {
  const last = frames.at(-1);
  return !last || Date.parse(last.ends_at) - now < RESERVE_MS;
}
