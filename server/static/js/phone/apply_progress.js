/** The way of an application: it follows by itself, is withdrawn, has its text sent again. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

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

function pause(button, seconds) {
  const until = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? say("wait", { n: left }) : say("send_again");
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
}

async function sendAgain(button) {
  const error = find("[data-page-error]");
  error.textContent = "";
  button.disabled = true;
  button.textContent = say("sending");
  try {
    const answer = await ask(`${url}/texts`);
    find("[data-announce]").textContent = say("sent_again");
    pause(button, answer.retry_after);
  } catch (problem) {
    error.textContent = sentence(problem);
    pause(button, problem.details.retry_after || 0);
  }
}
for (const button of findAll("[data-send-again]")) {
  button.addEventListener("click", () => sendAgain(button));
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
