/** 用章核验方式: one of three; two equal passwords of six or more open the way on (F-24). */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

const SHORTEST = 6;
const form = find("#method-form");
const { password, again } = form.elements;
const onward = find("#onward");
const error = find("#method-error");
const chosen = () => form.elements.method.value;
const untouched = () => !password.value && !again.value;

/** A password that was kept before stays, unless another one is begun. */
function isReady() {
  if (chosen() !== "password") return chosen() !== "";
  if (untouched()) return form.dataset.kept === "password";
  return [...password.value].length >= SHORTEST && password.value === again.value;
}

function show() {
  find("[data-password]").hidden = chosen() !== "password";
  const differ = again.value !== "" && password.value !== again.value;
  error.textContent = differ ? say("differ") : "";
  for (const field of [password, again]) field.setAttribute("aria-invalid", String(differ));
  onward.disabled = !isReady();
}

function body() {
  const method = chosen();
  if (method !== "password" || untouched()) return { method };
  return { method, password: password.value, password_again: again.value };
}

form.addEventListener("input", show);
form.addEventListener("change", show);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const before = onward.textContent;
  onward.disabled = true;
  onward.textContent = say("saving");
  try {
    const { next } = await ask(form.dataset.url, body());
    location.assign(next);
  } catch (problem) {
    const place = chosen() === "password" ? error : find("[data-page-error]");
    place.textContent = sentence(problem);
    onward.textContent = before;
    onward.disabled = !isReady();
  }
});
for (const radio of findAll("[name=method]", form)) radio.addEventListener("click", show);
show();
