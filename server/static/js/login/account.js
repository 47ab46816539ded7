/** The account page: each button asks the server one thing and goes where the answer says. */

import { bindCareMode } from "../shared/care_mode.js";
import { fill, find, findAll } from "../shared/dom.js";
import { send } from "../shared/http.js";

const root = find("#account");

async function ask({ currentTarget: button }) {
  button.disabled = true;
  try {
    const { ask: url, body } = button.dataset;
    const { next } = await (await send("POST", url, body ? { body: JSON.parse(body) } : {})).json();
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    fill(root, { problem: `${problem.detail} ${problem.nextStep}`.trim() });
  }
}

bindCareMode(find("#care"));
for (const button of findAll("[data-ask]", root)) button.addEventListener("click", ask);
addEventListener("pageshow", (event) => event.persisted && location.reload());
