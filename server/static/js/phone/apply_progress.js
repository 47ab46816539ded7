/** The way of an application: it follows by itself, is withdrawn, has its text sent again. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindSendAgain } from "./code_button.js";

const LOOK_MS = 4000;
const root = find("#progress");
const { url, state, step } = root.dataset;

/** The page is made by the server: another state is another page. */
async function look() {
  const answer = await fetch(`${url}/state`, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : null), () => null);
  if (answer && (answer.state !== state || answer.step !== step)) location.reload();
  else setTimeout(look, LOOK_MS);
}
if (root.dataset.moving !== undefined) setTimeout(look, LOOK_MS);

for (const button of findAll("[data-send-again]")) {
  bindSendAgain(button, `${url}/texts`, (text) => {
    find("[data-page-error]").textContent = text;
  });
}

const withdraw = find("#withdraw-now");
withdraw.addEventListener("click", async () => {
  const before = withdraw.textContent;
  withdraw.disabled = true;
  withdraw.textContent = say("withdrawing");
  try {
    await ask(`${url}/withdraw`);
    location.reload();
  } catch (problem) {
    find("[data-withdraw-error]").textContent = sentence(problem);
    withdraw.disabled = false;
    withdraw.textContent = before;
  }
});
