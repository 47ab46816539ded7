/** 登录设备: each button ends logins and shows the list anew. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { announce, closeSheet } from "./page.js";

async function end({ currentTarget: button }) {
  button.disabled = true;
  announce(say("ending"));
  try {
    const { next } = await ask(button.dataset.ask);
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    const sheet = button.closest("dialog");
    if (sheet) closeSheet(sheet);
    find("[data-error]").textContent = sentence(problem);
  }
}

for (const button of findAll("[data-ask]")) button.addEventListener("click", end);
