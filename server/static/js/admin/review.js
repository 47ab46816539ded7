/** The decision on one application: each takes two presses, and all but 通过 a reason. */

import { find, findAll } from "../shared/dom.js";
import { send } from "../shared/http.js";
import { say } from "../shared/page_data.js";
import "./desk.js";

const form = find("#review");

function complain(text, field) {
  find("#review-problem").textContent = text;
  if (field) field.focus();
}

function parts() {
  const filled = findAll("[data-part]", form).filter((one) => one.value.trim());
  return Object.fromEntries(filled.map((one) => [one.dataset.part, one.value.trim()]));
}

/** [word, field] of what is missing, or null. */
function lack(decision) {
  if (decision === "approve") return null;
  return form.elements.reason.value.trim() ? null : ["no_reason", form.elements.reason];
}

function body(decision) {
  const { content } = form.dataset; // what was shown, and nothing newer, is decided on
  const reason = form.elements.reason.value.trim();
  if (decision === "approve") return { content };
  return decision === "correction" ? { content, reason, parts: parts() } : { content, reason };
}

/** Only the button that was pressed last waits for its second press. */
function arm(button) {
  for (const each of findAll("[data-decide]", form)) {
    each.textContent = each.dataset.words;
    delete each.dataset.armed;
  }
  if (!button) return;
  button.dataset.armed = "1";
  button.textContent = `${button.dataset.words} · ${say("sure")}`;
}

async function decide(button) {
  const decision = button.dataset.decide;
  const missing = lack(decision);
  if (missing) {
    arm(null);
    return complain(say(missing[0]), missing[1]);
  }
  complain("");
  if (!button.dataset.armed) return arm(button);
  for (const each of findAll("[data-decide]", form)) each.disabled = true;
  try {
    const url = `${form.dataset.base}/${decision}`;
    const { next } = await (await send("POST", url, { body: body(decision) })).json();
    location.assign(next);
  } catch (problem) {
    for (const each of findAll("[data-decide]", form)) each.disabled = false;
    arm(null);
    complain(`${problem.detail} ${problem.nextStep}`.trim());
  }
}

if (form) {
  for (const button of findAll("[data-decide]", form)) {
    button.dataset.words = button.textContent;
    button.addEventListener("click", () => decide(button));
  }
  form.addEventListener("submit", (event) => event.preventDefault());
}
