/** The button that has a code sent, and counts down to the next one. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";

export const PHONE = /^1[3-9]\d{9}$/;
export const CODE = /^\d{6}$/;

/** Shows the sentence beneath the field it speaks of, and leads there. */
export function complainer(alertLine, fields) {
  return (text, field) => {
    if (field) field.closest(".field, .agree").after(alertLine);
    alertLine.textContent = text;
    for (const each of fields) each.setAttribute("aria-invalid", String(each === field));
    if (field) field.focus();
  };
}

/**
 * `body()` is what is sent to `url` (an address, or what tells it), or null after it has complained
 * itself; `sent()` is the word that is said then, and `taken(answer)` hears the answer. A page with
 * two of them names each `button`.
 */
export function bindCodeButton(wanted) {
  const { url, body, complain, then, button = find("#send-code") } = wanted;
  const { sent = () => "sent", taken = () => {} } = wanted;
  const note = find("#code-note") || find("[data-announce]");

  function pause(seconds) {
    const until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? say("wait", { n: left }) : say("get_code");
      if (left > 0) setTimeout(tick, 500);
    };
    tick();
  }

  button.addEventListener("click", async () => {
    const asked = body();
    if (!asked) return;
    complain("");
    note.textContent = "";
    button.disabled = true;
    button.textContent = say("sending");
    try {
      const answer = await ask(typeof url === "function" ? url() : url, asked);
      pause(answer.retry_after);
      taken(answer);
      note.textContent = say(sent());
      then.focus();
    } catch (problem) {
      complain(sentence(problem), then);
      pause(problem.details.retry_after || 0);
    }
  });
}
