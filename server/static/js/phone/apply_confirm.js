/** 意愿认证 for what is shown, and then it is handed in. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { resumed, verified } from "./intent.js";

const form = find("#confirm-form");
const onward = find("#onward");
const error = find("[data-page-error]");
const { url } = form.dataset;
const parameters = JSON.parse(form.dataset.intent);

async function handIn(intent) {
  const before = onward.textContent;
  error.textContent = "";
  try {
    const proved = intent || (await verified("apply", parameters));
    if (!proved) return;
    onward.disabled = true;
    onward.textContent = say("applying");
    const { next } = await ask(url, { intent: proved });
    location.assign(next);
  } catch (problem) {
    error.textContent = sentence(problem);
    onward.disabled = false;
    onward.textContent = before;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  handIn("");
});
const before = resumed();
if (before) handIn(before.intent);
