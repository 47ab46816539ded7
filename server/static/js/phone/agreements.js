/** Withdrawing a consent, after its sheet has said what follows. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

async function withdraw(button) {
  const kind = button.dataset.withdraw;
  button.disabled = true;
  button.textContent = say("withdrawing");
  try {
    const { next } = await ask(`/m/agreements/${kind}/withdraw`);
    location.replace(next);
  } catch (problem) {
    find(`[data-error="${kind}"]`).textContent = sentence(problem);
    button.textContent = say("withdraw");
    button.disabled = false;
  }
}

for (const button of findAll("[data-withdraw]")) {
  button.addEventListener("click", () => withdraw(button));
}
