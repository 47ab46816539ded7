/** Buttons that ask the server one thing each and go where the answer says. */

import { find, findAll } from "../shared/dom.js";
import { ask, sentence } from "./ask.js";
import { closeSheet } from "./page.js";

async function askOne({ currentTarget: button }) {
  button.disabled = true;
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

for (const button of findAll("[data-ask]")) button.addEventListener("click", askOne);
