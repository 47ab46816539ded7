/** 认证记录: goes on to certify, withdraws, has a text sent again. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { announce, closeSheet } from "./page.js";

const complain = (text) => { find("[data-error]").textContent = text; };

async function act({ currentTarget: button }) {
  button.disabled = true;
  try {
    const { next } = await ask(button.dataset.act);
    if (next) location.assign(next);
    else location.reload();
  } catch (problem) {
    button.disabled = false;
    closeSheet(button.closest("dialog"));
    complain(sentence(problem));
  }
}

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

async function sendAgain({ currentTarget: button }) {
  complain("");
  button.disabled = true;
  button.textContent = say("sending");
  try {
    const { retry_after: seconds } = await ask(button.dataset.sendAgain);
    announce(say("sent_again"));
    pause(button, seconds);
  } catch (problem) {
    complain(sentence(problem));
    pause(button, problem.details.retry_after || 0);
  }
}

for (const button of findAll("[data-act]")) button.addEventListener("click", act);
for (const button of findAll("[data-send-again]")) button.addEventListener("click", sendAgain);
