/** A form by which somebody comes in: checked, sent as JSON, refused beside the field. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

/** A unified social credit code, typed with blanks and small letters or not. */
export const COMPANY = /^[0-9A-Z]{18}$/;

/** What was typed without its blanks, in capital letters. */
export const tidy = (field) => field.value.replace(/\s/g, "").toUpperCase();

/**
 * Sends `body()` to `url()` when the form is submitted and `lack()` finds nothing missing; `lack`
 * returns [word, field]. `fields` names the field that each error code speaks of, `otherwise` that
 * of all the others; `done(answer)` goes on, and `met(problem)` says whether it has dealt with it.
 */
export function bindForm(it) {
  const { form, url, lack, body, complain, fields = {}, otherwise, during, done } = it;
  const button = find("[type=submit]", form);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = lack();
    if (missing) {
      complain(say(missing[0]), missing[1]);
      return;
    }
    complain("");
    const before = button.textContent;
    button.disabled = true;
    button.textContent = say(typeof during === "function" ? during() : during);
    try {
      done(await ask(url(), body()));
    } catch (problem) {
      button.disabled = false;
      button.textContent = before;
      if (it.met && it.met(problem)) return;
      complain(sentence(problem), fields[problem.code] || otherwise());
    }
  });
}
