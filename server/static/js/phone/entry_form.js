/** A form by which somebody comes in: checked, sent as JSON, refused beside the field. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

/** A unified social credit code, typed with blanks and small letters or not. */
export const COMPANY = /^[0-9A-Z]{18}$/;

export const tidy = (field) => field.value.replace(/\s/g, "").toUpperCase();

/**
 * Sends `body()` to `url()` when the form is submitted and `lack()` finds nothing missing; `lack`
 * returns [word, field]. `fields` names the field that each error code speaks of, `otherwise` that
 * of all the others; `done(answer)` goes on.
 */
export function bindForm({ form, url, lack, body, complain, fields = {}, otherwise, during, done }) {
  const button = find("[type=submit]", form);
  const before = button.textContent;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = lack();
    if (missing) {
      complain(say(missing[0]), missing[1]);
      return;
    }
    complain("");
    button.disabled = true;
    button.textContent = say(during);
    try {
      done(await ask(url(), body()));
    } catch (problem) {
      button.disabled = false;
      button.textContent = before;
      complain(sentence(problem), fields[problem.code] || otherwise());
    }
  });
}
