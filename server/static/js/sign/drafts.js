/** Saves what was placed a moment after each change, so that a reload loses nothing. */

import { forServer, phaseOf } from "./state.js";

const QUIET_MS = 600;
const RETRY_MS = 4_000;

/** `failed(problem)` hears of refusals; a lost connection is tried again without a word. */
export function makeDrafts({ store, api, failed }) {
  let timer = 0;
  let running = null;
  let again = false;
  const isPublic = () => store.state.page.public_computer;
  // A public computer leaves nothing behind; the empty list still says that somebody is at work.
  const nothing = { placements: [], straddles: [] };
  const kept = () => (isPublic() ? nothing : forServer(store.state));
  const show = (saving) =>
    store.dispatch({ type: "saving", saving: isPublic() ? "idle" : saving });
  const placing = () => phaseOf(store.state.page) === "placing";

  async function save() {
    clearTimeout(timer);
    if (!placing()) return;
    again = false;
    show("saving");
    try {
      await api.savePlacements(kept());
      if (!again) show("saved");
    } catch (problem) {
      show("failed");
      if (problem.code === "network") timer = setTimeout(saveInTurn, RETRY_MS);
      else failed(problem);
    }
  }

  /** One request at a time, so that an older list never overtakes a newer one. */
  function saveInTurn() {
    if (running) {
      again = true;
      return running;
    }
    running = save().finally(() => {
      running = null;
      if (again) saveInTurn();
    });
    return running;
  }

  return {
    changed() {
      if (!placing()) return;
      show("waiting");
      clearTimeout(timer);
      timer = setTimeout(saveInTurn, QUIET_MS);
    },
    now: saveInTurn,
    /** The page goes away: send what is not saved yet. */
    leaving() {
      if (placing() && ["waiting", "failed"].includes(store.state.saving)) {
        api.savePlacements(kept(), { leaving: true }).catch(() => {});
      }
    },
  };
}
