/**
 * Log in as a person: by phone or document, and by one of the ways. A phone that is new here
 * registers with the very same code (F-03).
 */

import { find, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { accountName } from "./account_name.js";
import { ask, sentence } from "./ask.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";

const form = find("#login-form");
const { account, code, password, agreed, way, consent } = form.elements;
const submitButton = find("[type=submit]", form);
const newHere = find("#new-here");
const named = accountName(form);
const fields = [account, code, password, agreed, consent];
const complain = complainer(find("#login-error"), fields);

/** Where a code proves the account: a phone is asked for itself, a document for its owner's. */
const byCode = () => (named.isPhone() ? "/m/login" : "/m/login/document");
const nameForCode = () => (named.isPhone() ? { phone: named.phone() } : named.document());

/** Each way: its page of the server, what it sends, what is missing, its words. */
const WAYS = {
  sms: {
    url: byCode,
    body: () => ({ ...nameForCode(), code: code.value.trim() }),
    lack: () => (CODE.test(code.value.trim()) ? null : ["bad_code", code]),
    field: code,
    button: "enter",
    during: "logging_in",
  },
  password: {
    url: () => "/m/login/password",
    body: () => ({ ...named.name(), password: password.value }),
    lack: () => (password.value ? null : ["no_password", password]),
    field: password,
    button: "log_in",
    during: "logging_in",
  },
  face: {
    url: () => "/m/login/face",
    body: () => ({ ...named.name(), consent: true }),
    lack: () => (consent.checked ? null : ["not_consented", consent]),
    field: consent,
    button: "show_face",
    during: "opening_face",
  },
};
const chosen = () => WAYS[way.value];

function askedForCode() {
  if (named.isName()) return nameForCode();
  complain(say("bad_name"), account);
  return null;
}

function lack() {
  newHere.hidden = true;
  if (!named.isName()) return ["bad_name", account];
  return chosen().lack() || (agreed.checked ? null : ["not_agreed", agreed]);
}

function wrong() {
  password.value = "";
  return chosen().field;
}

function offerRegistration(problem) {
  if (problem.code !== "registration_needed") return false;
  newHere.hidden = false;
  find("h2", newHere).focus();
  return true;
}

function showWay() {
  showWhen(form, way.value);
  submitButton.textContent = say(chosen().button);
  complain("");
}

async function registerPhone({ currentTarget: button }) {
  const before = button.textContent;
  button.disabled = true;
  button.textContent = say("registering");
  try {
    const sent = { phone: named.phone(), code: code.value.trim(), agreed: true };
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
  const told = { phone: named.phone(), code: code.value.trim() };
  sessionStorage.setItem("register", JSON.stringify(told));
}

bindCodeButton({
  url: () => `${byCode()}/sms`,
  body: askedForCode,
  complain,
  then: code,
  sent: () => (named.isPhone() ? "sent" : "sent_if_bound"),
});
bindForm({
  form,
  url: () => `${chosen().url()}${location.search}`,
  lack,
  body: () => ({ ...chosen().body(), agreed: true }),
  complain,
  fields: { bad_phone: account, bad_id_number: account, agreements_not_ticked: agreed },
  otherwise: wrong,
  during: () => chosen().during,
  done: ({ next }) => location.assign(next),
  met: offerRegistration,
});
form.addEventListener("change", ({ target }) => {
  if (target.name === "way") showWay();
});
find("#register-phone").addEventListener("click", registerPhone);
find("#register-person").addEventListener("click", carryCode);
showWay();
