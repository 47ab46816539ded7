/** Saves what lies on each file a moment after it has changed, so that nothing is ever lost. */

import { forServer, marksOf } from "./signing_state.js";

const QUIET_MS = 500;
const RETRY_MS = 4_000;

/** `told(saving, problem)`: "saving", "saved" or "failed"; a lost connection is tried again. */
export function makeDrafts({ store, api, told }) {
  const waiting = new Set(); // ids of files that have changed
  let timer = 0;
  let running = null;

  async function saveAll() {
    clearTimeout(timer);
    for (const id of [...waiting]) {
      waiting.delete(id);
      try {
        await api.save(id, forServer(marksOf(store.state, id)));
      } catch (problem) {
        waiting.add(id); // what was refused is not with the server either
        told("failed", problem);
        if (problem.status === 0 || problem.status >= 500) soon(RETRY_MS);
        throw problem;
      }
    }
    if (waiting.size === 0) told("saved");
  }

  /** Everything is with the server once this is fulfilled. Throws Problem. */
  async function now() {
    while (running || waiting.size > 0) {
      if (running) {
        await running.catch(() => {});
        continue;
      }
      running = saveAll().finally(() => {
        running = null;
      });
      await running;
    }
  }

  function soon(ms) {
    clearTimeout(timer);
    timer = setTimeout(() => now().catch(() => {}), ms);
  }

  return {
    now,
    /** Nothing has changed since all was with the server. */
    clean: () => waiting.size === 0 && !running,
    changed(id) {
      waiting.add(id);
      told("saving");
      soon(QUIET_MS);
    },
    /** The page goes away: what is not saved yet is sent all the same. */
    leaving() {
      for (const id of waiting) {
        api.save(id, forServer(marksOf(store.state, id)), { leaving: true }).catch(() => {});
      }
    },
  };
}
