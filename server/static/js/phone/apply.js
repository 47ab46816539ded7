/** 申领印章 for a company: some of the five kinds, or all of them. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

const form = find("#choose-form");
const all = find("#choose-all");
const boxes = findAll("[name=kind]", form);
const onward = find("#onward");
const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);

function show() {
  const count = chosen().length;
  all.checked = boxes.length > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  onward.disabled = count === 0;
  onward.textContent = count ? say("chosen", { n: count }) : say("next");
}

all.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
  show();
});
form.addEventListener("change", show);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const error = find("[data-page-error]", form);
  error.textContent = "";
  onward.disabled = true;
  onward.textContent = say("starting");
  try {
    const seals = chosen().map((kind) => ({ kind }));
    const { next } = await ask("/m/apply", { enterprise_id: form.dataset.enterprise, seals });
    location.assign(next);
  } catch (problem) {
    error.textContent = sentence(problem);
    show();
  }
});
show();
