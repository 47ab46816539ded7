/** After the sealing: each file is opened or saved by a link that lives for a few minutes. */

import { find, findAll } from "../shared/dom.js";
import { send } from "../shared/http.js";
import { sentence } from "./ask.js";

async function open({ currentTarget: button }) {
  const error = find("[data-error]");
  error.textContent = "";
  button.disabled = true;
  try {
    const links = await (await send("GET", button.dataset.sealed)).json();
    location.assign(links[button.dataset.how]);
  } catch (problem) {
    error.textContent = sentence(problem);
  }
  button.disabled = false;
}

for (const button of findAll("[data-sealed]")) button.addEventListener("click", open);
