/** Back from the face service: asks for the outcome for a while, then says what can be done. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask } from "./ask.js";

const TRIES = 4;
const PAUSE_MS = 1500; // the first one; each is longer than the one before

const title = find("[data-face-title]");
const text = find("[data-face-text]");
const askButton = find("[data-face-ask]");

function show(heading, more) {
  title.textContent = heading;
  text.textContent = more;
}

function offer({ asking }) {
  askButton.hidden = !asking;
  find("[data-face-again]").classList.toggle("weui-btn_primary", !asking);
  find("[data-face-again]").classList.toggle("weui-btn_default", asking);
  find("[data-face-ways]").hidden = false;
  title.focus();
}

async function settle(tries = TRIES) {
  try {
    const { outcome, next } = await ask(`/m/face/settle${location.search}`);
    if (outcome === "passed") {
      show(say("passed"), say("passed_next"));
      location.replace(next);
    } else if (tries > 1) {
      setTimeout(() => settle(tries - 1), PAUSE_MS * (TRIES - tries + 1));
    } else {
      show(say("pending"), say("pending_next"));
      offer({ asking: true });
    }
  } catch (problem) {
    show(problem.detail, problem.nextStep);
    offer({ asking: problem.code === "network" || problem.status === 503 });
  }
}

askButton.addEventListener("click", () => {
  find("[data-face-ways]").hidden = true;
  settle();
});
settle();
