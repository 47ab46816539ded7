/** 一键登录: the tick first (F-04), then the other house's page. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

const agreed = find("#agreed");
const alertLine = find("#houses-error");

async function leave(button) {
  const words = button.textContent;
  alertLine.textContent = "";
  if (!agreed.checked) {
    alertLine.textContent = say("not_agreed");
    agreed.focus();
    return;
  }
  button.disabled = true;
  button.textContent = say("leaving");
  try {
    const path = `/m/login/${button.dataset.house}${location.search}`;
    const { next } = await ask(path, { agreed: true });
    location.assign(next);
  } catch (problem) {
    alertLine.textContent = sentence(problem);
  } finally {
    button.disabled = false;
    button.textContent = words;
  }
}

for (const button of document.querySelectorAll("[data-house]")) {
  button.addEventListener("click", () => leave(button));
}
