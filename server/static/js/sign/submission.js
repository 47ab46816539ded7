/** Sends what was placed to be sealed, once, however often the network makes us ask. */

import { randomKey } from "../shared/digest.js";
import { forServer } from "./state.js";

export function makeSubmission({ api }) {
  let last = { text: "", key: "" };

  /** A lost answer is asked for again under the same key; another list gets another key. */
  function keyFor(text) {
    if (last.text !== text) last = { text, key: randomKey() };
    return last.key;
  }

  return {
    /** Returns the PageState. Throws Problem. */
    async send(state, digest) {
      const layout = forServer(state);
      try {
        return await api.confirm(keyFor(JSON.stringify(layout)), digest, layout);
      } catch (problem) {
        if (problem.code !== "network") last = { text: "", key: "" };
        throw problem;
      }
    },
  };
}
