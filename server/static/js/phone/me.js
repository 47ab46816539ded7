/** Leaving: logs out and goes where the server says. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { announce } from "./page.js";

async function logOut(event) {
  const button = event.currentTarget;
  button.disabled = true;
  announce(say("logging_out"));
  try {
    const { next } = await ask("/m/logout");
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    find("[data-leave-error]").textContent = sentence(problem);
  }
}

const button = find("#log-out");
if (button) button.addEventListener("click", logOut);
