/** 认证记录: goes on to certify, withdraws, has a text sent again. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindSendAgain } from "./code_button.js";
import { closeSheet } from "./page.js";

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

for (const button of findAll("[data-act]")) button.addEventListener("click", act);
for (const button of findAll("[data-send-again]")) {
  bindSendAgain(button, button.dataset.sendAgain, complain);
}
