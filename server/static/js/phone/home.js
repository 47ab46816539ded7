/** Changing the acting role, on the home page and wherever its list stands. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { announce } from "./page.js";

async function switchRole(button) {
  const { roleKind: kind, roleId: id, stay } = button.dataset;
  announce(say("switching"));
  try {
    const { next } = await ask("/m/role", { kind, id });
    location.assign(stay === undefined ? next : location.pathname);
  } catch (problem) {
    find("[data-role-error]").textContent = sentence(problem);
  }
}

for (const button of findAll("[data-role-id]")) {
  button.addEventListener("click", () => switchRole(button));
}
