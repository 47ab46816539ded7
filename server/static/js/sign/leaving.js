/** The page goes away, comes back out of the browser's memory, or the person calls it all off. */

import { find } from "../shared/dom.js";

/** `cancel()` ends the signing; it was asked once more. */
export function watchLeaving({ drafts, api, cancel }) {
  addEventListener("pagehide", () => {
    drafts.leaving();
    api.leave();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  const dialog = find("#cancel");
  find('[data-act="keep"]', dialog).addEventListener("click", () => dialog.close());
  find('[data-act="cancel"]', dialog).addEventListener("click", () => {
    dialog.close();
    cancel();
  });
}
