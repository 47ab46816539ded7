/** The button that has a code sent, and counts down to the next one. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { announce } from "./page.js";

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

/** The button rests for so many seconds, counts them down, and says `word` again. */
export function pause(button, seconds, word = "get_code") {
  const until = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? say("wait", { n: left }) : say(word);
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
}

/** 重新发送短信: `complain(text)` says what went wrong, and nothing before it is known. */
export function bindSendAgain(button, url, complain) {
  button.addEventListener("click", async () => {
    complain("");
    button.disabled = true;
    button.textContent = say("sending");
    try {
      const answer = await ask(url);
      announce(say("sent_again"));
      pause(button, answer.retry_after, "send_again");
    } catch (problem) {
      complain(sentence(problem));
      pause(button, problem.details.retry_after || 0, "send_again");
    }
  });
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

  button.addEventListener("click", async () => {
    const asked = body();
    if (!asked) return;
    complain("");
    note.textContent = "";
    button.disabled = true;
    button.textContent = say("sending");
    try {
      const answer = await ask(typeof url === "function" ? url() : url, asked);
      pause(button, answer.retry_after);
      taken(answer);
      note.textContent = say(sent());
      then.focus();
    } catch (problem) {
      complain(sentence(problem), then);
      pause(button, problem.details.retry_after || 0);
    }
  });
}
