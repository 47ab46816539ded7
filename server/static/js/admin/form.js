/** A form of the desk's door: checked, sent, and what is refused said beneath it. */

import { find, findAll } from "../shared/dom.js";
import { send } from "../shared/http.js";
import { say } from "../shared/page_data.js";
import "./desk.js";

/** Sends `body()` to `url` unless `lack()` names [word, field]; goes where the answer says. */
export function bindDoor({ form, url, lack, body, secret }) {
  const button = find("[type=submit]", form);

  function complain(text, field) {
    find("#login-problem").textContent = text;
    for (const each of findAll("input", form)) {
      each.setAttribute("aria-invalid", String(each === field));
    }
    if (field) field.focus();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = lack();
    if (missing) return complain(say(missing[0]), missing[1]);
    complain("");
    button.disabled = true;
    try {
      const { next } = await (await send("POST", url, { body: body() })).json();
      location.assign(next);
    } catch (problem) {
      button.disabled = false;
      secret.value = "";
      complain(`${problem.detail} ${problem.nextStep}`.trim(), secret);
    }
  });
}
