/** Log in by SMS code: the 60 s pause, the ticked agreements, sentences instead of codes. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { announce } from "./page.js";

const PHONE = /^1[3-9]\d{9}$/;
const CODE = /^\d{6}$/;

const form = find("#login-form");
const { phone, code, agreed } = form.elements;
const sendButton = find("#send-code");
const submitButton = find("[type=submit]", form);
const alertLine = find("#login-error");

/** Shows the sentence and leads to the field it speaks of; true when there was something to say. */
function complain(text, field) {
  alertLine.textContent = text;
  for (const each of [phone, code, agreed]) {
    each.setAttribute("aria-invalid", String(each === field));
  }
  if (field) field.focus();
}

function pauseSending(seconds) {
  const until = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    sendButton.disabled = left > 0;
    sendButton.textContent = left > 0 ? say("wait", { n: left }) : say("get_code");
    if (left > 0) setTimeout(tick, 500);
  };
  tick();
}

async function sendCode() {
  if (!PHONE.test(phone.value.trim())) return complain(say("bad_phone"), phone);
  complain("");
  sendButton.disabled = true;
  sendButton.textContent = say("sending");
  try {
    const answer = await ask("/m/login/sms", { phone: phone.value.trim() });
    pauseSending(answer.retry_after);
    announce(say("sent"));
    code.focus();
  } catch (problem) {
    complain(sentence(problem));
    pauseSending(problem.details.retry_after || 0);
  }
}

async function logIn(event) {
  event.preventDefault();
  if (!PHONE.test(phone.value.trim())) return complain(say("bad_phone"), phone);
  if (!CODE.test(code.value.trim())) return complain(say("bad_code"), code);
  if (!agreed.checked) return complain(say("not_agreed"), agreed);
  complain("");
  submitButton.disabled = true;
  submitButton.textContent = say("logging_in");
  try {
    const { next } = await ask(`/m/login${location.search}`, {
      phone: phone.value.trim(),
      code: code.value.trim(),
      agreed: true,
    });
    location.assign(next);
  } catch (problem) {
    complain(sentence(problem), code);
    submitButton.disabled = false;
    submitButton.textContent = say("log_in");
  }
}

sendButton.addEventListener("click", sendCode);
form.addEventListener("submit", logIn);
