/** Log in by SMS code; a phone that is new here registers with the very same code (F-03). */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindCodeButton, CODE, complainer, PHONE } from "./code_button.js";

const form = find("#login-form");
const { phone, code, agreed } = form.elements;
const submitButton = find("[type=submit]", form);
const newHere = find("#new-here");
const registerButton = find("#register-phone");
const complain = complainer(find("#login-error"), [phone, code, agreed]);

function askedForCode() {
  if (PHONE.test(phone.value.trim())) return { phone: phone.value.trim() };
  complain(say("bad_phone"), phone);
  return null;
}

function filled() {
  if (!PHONE.test(phone.value.trim())) return complain(say("bad_phone"), phone);
  if (!CODE.test(code.value.trim())) return complain(say("bad_code"), code);
  if (!agreed.checked) return complain(say("not_agreed"), agreed);
  complain("");
  return { phone: phone.value.trim(), code: code.value.trim(), agreed: true };
}

function offerRegistration() {
  newHere.hidden = false;
  find("h2", newHere).focus();
}

async function enter(path, button, words) {
  const body = filled();
  if (!body) return;
  button.disabled = true;
  button.textContent = words.during;
  try {
    const { next } = await ask(`${path}${location.search}`, body);
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    button.textContent = words.before;
    if (problem.code === "registration_needed") offerRegistration();
    else complain(sentence(problem), code);
  }
}

/** The code goes along to the page that asks for the name, in this tab alone, and is taken once. */
function carryCode() {
  const told = { phone: phone.value.trim(), code: code.value.trim() };
  sessionStorage.setItem("register", JSON.stringify(told));
}

bindCodeButton({ url: "/m/login/sms", body: askedForCode, complain, then: code });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  newHere.hidden = true;
  enter("/m/login", submitButton, { during: say("logging_in"), before: say("log_in") });
});
registerButton.addEventListener("click", () => {
  enter("/m/register", registerButton, {
    during: say("registering"),
    before: say("register_phone"),
  });
});
find("#register-person").addEventListener("click", carryCode);
