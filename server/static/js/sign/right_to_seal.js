/** The bar's countdown of the right to seal, and the warning before it lapses unused. */

import { fill, find } from "../shared/dom.js";
import { minutesAndSeconds, secondsLeft } from "../shared/server_clock.js";
import { phaseOf } from "./state.js";

const IDLE_WARNING_S = 120;
const END_WARNING_S = 300;

/** What to tell of a grant at `now` (ms): pure. */
export function tellGrant(grant, now) {
  const end = secondsLeft(grant.ends_at, now);
  const idle = secondsLeft(grant.idle_until, now) ?? end;
  return {
    left: end,
    ended: Math.min(end, idle) === 0,
    late: end <= END_WARNING_S,
    idle: idle <= IDLE_WARNING_S && idle < end ? idle : null,
  };
}

/** `act`: {keep() -> stays active, ended() -> asks the server}. */
export function watchRightToSeal({ root, store, clock, act }) {
  const chip = find("#grant-chip", root);
  const banner = find("#idle-banner", root);
  let asked = 0;
  find("button", banner).addEventListener("click", () => act.keep());

  function tick() {
    const { page } = store.state;
    const placing = phaseOf(page) === "placing";
    chip.hidden = !placing;
    if (!placing) {
      banner.hidden = true;
      return;
    }
    const now = clock.now();
    const told = tellGrant(page.grant, now);
    chip.classList.toggle("late", told.late);
    fill(chip, { left: minutesAndSeconds(told.left) });
    banner.hidden = told.idle === null;
    if (told.idle !== null) find("[data-idle]", banner).textContent = minutesAndSeconds(told.idle);
    if (told.ended && now - asked > 3_000) {
      asked = now;
      act.ended();
    }
  }

  setInterval(tick, 500);
  return tick;
}
