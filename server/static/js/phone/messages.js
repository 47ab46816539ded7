/** 消息中心: a notice is read when it is opened, and then leads to its page. */

import { find, findAll } from "../shared/dom.js";
import { ask, sentence } from "./ask.js";

async function open({ currentTarget: button }) {
  button.disabled = true;
  try {
    const { next } = await ask(`/m/messages/${button.dataset.notice}/read`);
    location.assign(next || location.href);
  } catch (problem) {
    button.disabled = false;
    find("[data-error]").textContent = sentence(problem);
  }
}

async function readAll({ currentTarget: button }) {
  button.disabled = true;
  try {
    const { next } = await ask("/m/messages/read-all", { of: button.dataset.readAll });
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    find("[data-error]").textContent = sentence(problem);
  }
}

for (const button of findAll("[data-notice]")) button.addEventListener("click", open);
for (const button of findAll("[data-read-all]")) button.addEventListener("click", readAll);
