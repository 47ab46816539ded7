/** New agreements: the word is given on exactly the versions that this page shows. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

const agreeButton = find("#agree");
const disagreeButton = find("#disagree");

async function go(button, waiting, url, body) {
  const word = button.textContent;
  agreeButton.disabled = disagreeButton.disabled = true;
  button.textContent = say(waiting);
  try {
    const { next } = await ask(url, body);
    location.replace(next);
  } catch (problem) {
    find("#changed-error").textContent = sentence(problem);
    button.textContent = word;
    agreeButton.disabled = disagreeButton.disabled = false;
  }
}

function shown() {
  const texts = findAll("[data-text]").map(({ dataset }) => [dataset.text, dataset.version]);
  return Object.fromEntries(texts);
}

agreeButton.addEventListener("click", () => {
  go(agreeButton, "saving", `/m/agreements/accept${location.search}`, { versions: shown() });
});
disagreeButton.addEventListener("click", () => {
  go(disagreeButton, "logging_out", "/m/logout", {});
});
