/** What every page of the review desk has: large text, and the way out. */

import { bindCareMode } from "../shared/care_mode.js";
import { find } from "../shared/dom.js";
import { send } from "../shared/http.js";

const out = find("#log-out");

bindCareMode(find("#care"));
if (out) {
  out.addEventListener("click", async () => {
    out.disabled = true;
    try {
      const { next } = await (await send("POST", "/admin/logout")).json();
      location.assign(next);
    } catch {
      location.assign("/admin/login");
    }
  });
}
addEventListener("pageshow", (event) => event.persisted && location.reload());
