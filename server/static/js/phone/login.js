/**
 * Log in as a person: by phone or document, and by one of the ways. A phone that is new here
 * registers with the very same code (F-03).
 */

import { find, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindCodeButton, CODE, complainer, PHONE } from "./code_button.js";
import { bindForm, tidy } from "./entry_form.js";

const RESIDENT = /^\d{17}[\dX]$/;

const form = find("#login-form");
const { account, code, password, agreed, way } = form.elements;
const picker = form.elements.document_type;
const submitButton = find("[type=submit]", form);
const newHere = find("#new-here");
const complain = complainer(find("#login-error"), [account, code, password, agreed]);

const isPhone = () => !picker.value && PHONE.test(tidy(account));

function isName() {
  return picker.value ? tidy(account) !== "" : isPhone() || RESIDENT.test(tidy(account));
}

/** Where a code proves the account: a phone is asked for itself, a document for its owner's. */
const byCode = () => (isPhone() ? "/m/login" : "/m/login/document");

function named() {
  if (isPhone()) return { phone: tidy(account) };
  return { document_type: picker.value || "resident_id", number: tidy(account) };
}

function askedForCode() {
  if (isName()) return named();
  complain(say("bad_name"), account);
  return null;
}

function lack() {
  newHere.hidden = true;
  if (!isName()) return ["bad_name", account];
  if (way.value === "sms" && !CODE.test(code.value.trim())) return ["bad_code", code];
  if (way.value === "password" && !password.value) return ["no_password", password];
  return agreed.checked ? null : ["not_agreed", agreed];
}

function body() {
  if (way.value === "sms") return { ...named(), code: code.value.trim(), agreed: true };
  const name = { name: tidy(account), document_type: picker.value };
  return { ...name, password: password.value, agreed: true };
}

function wrong() {
  if (way.value === "sms") return code;
  password.value = "";
  return password;
}

function offerRegistration(problem) {
  if (problem.code !== "registration_needed") return false;
  newHere.hidden = false;
  find("h2", newHere).focus();
  return true;
}

function showWay() {
  showWhen(form, way.value);
  submitButton.textContent = say(way.value === "sms" ? "enter" : "log_in");
  complain("");
}

function showPicked() {
  account.placeholder = say(picker.value ? "number" : "name_or_phone");
}

async function registerPhone({ currentTarget: button }) {
  const before = button.textContent;
  button.disabled = true;
  button.textContent = say("registering");
  try {
    const sent = { phone: tidy(account), code: code.value.trim(), agreed: true };
    const { next } = await ask(`/m/register${location.search}`, sent);
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    button.textContent = before;
    complain(sentence(problem), code);
  }
}

/** The code goes along to the page that asks for the name, in this tab alone, and is taken once. */
function carryCode() {
  const told = { phone: tidy(account), code: code.value.trim() };
  sessionStorage.setItem("register", JSON.stringify(told));
}

bindCodeButton({
  url: () => `${byCode()}/sms`,
  body: askedForCode,
  complain,
  then: code,
  sent: () => (isPhone() ? "sent" : "sent_if_bound"),
});
bindForm({
  form,
  url: () => `${way.value === "sms" ? byCode() : "/m/login/password"}${location.search}`,
  lack,
  body,
  complain,
  fields: { bad_phone: account, bad_id_number: account, agreements_not_ticked: agreed },
  otherwise: wrong,
  during: "logging_in",
  done: ({ next }) => location.assign(next),
  met: offerRegistration,
});
form.addEventListener("change", ({ target }) => {
  if (target.name === "way") showWay();
  if (target === picker) showPicked();
});
find("#register-phone").addEventListener("click", registerPhone);
find("#register-person").addEventListener("click", carryCode);
showWay();
showPicked();
