/** 申领印章 for a company: all that is left at one tap, or some with papers. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { resumed, verified } from "./intent.js";

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

const fast = find("#apply-fast");

/** A draft is begun, wanted by a proof, and handed in; begun again it is the same draft. */
async function applyFast(intentBefore) {
  const error = find("[data-fast-error]");
  const before = fast.textContent;
  error.textContent = "";
  fast.disabled = true;
  try {
    const begun = await ask("/m/apply/fast", { enterprise_id: find("#fast").dataset.enterprise });
    const intent = intentBefore || (await verified("apply", begun.intent));
    if (intent) {
      fast.textContent = say("applying");
      const { next } = await ask(`/m/apply/${begun.application}/submit`, { intent });
      location.assign(next);
      return;
    }
  } catch (problem) {
    error.textContent = sentence(problem);
  }
  fast.textContent = before;
  fast.disabled = false;
}

if (fast) {
  fast.addEventListener("click", () => applyFast(""));
  const back = resumed();
  if (back) applyFast(back.intent);
}
