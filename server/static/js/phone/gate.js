/** The face gate: nothing begins before the separate consent; two ways lead away from it. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { complainer } from "./code_button.js";

const form = find("#gate-form");
const { consent } = form.elements;
const beginButton = find("[type=submit]", form);
const complain = complainer(find("#gate-error"), [consent]);

async function begin(event) {
  event.preventDefault();
  if (!consent.checked) return complain(say("not_consented"), consent);
  complain("");
  beginButton.disabled = true;
  beginButton.textContent = say("beginning");
  try {
    const { next } = await ask(`/m/gate${location.search}`, { consent: true });
    location.assign(next);
  } catch (problem) {
    complain(sentence(problem), beginButton);
    beginButton.disabled = false;
    beginButton.textContent = say("begin");
  }
}

/** Leaving asks nothing: each way is as near as going on. */
function bindWay(button, url, body) {
  if (!button) return;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { next } = await ask(url, body);
      location.assign(next);
    } catch (problem) {
      find("[data-leave-error]").textContent = sentence(problem);
      button.disabled = false;
    }
  });
}

form.addEventListener("submit", begin);
bindWay(document.querySelector("#as-myself"), "/m/role", { kind: "account", id: "" });
bindWay(find("#log-out"), "/m/logout", {});
