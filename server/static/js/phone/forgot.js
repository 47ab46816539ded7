/** A new login password: by the code of the bound phone, or by face for a document's number. */

import { find, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { accountName } from "./account_name.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";

const form = find("#forgot-form");
const { account, code, password, again, way, consent } = form.elements;
const submitButton = find("[type=submit]", form);
const named = accountName(form);
const complain = complainer(find("#forgot-error"), [account, code, password, again, consent]);

const byFace = () => way.value === "face";

function askedForCode() {
  if (named.isName()) return named.name();
  complain(say("bad_name"), account);
  return null;
}

function lackForFace() {
  if (!named.isDocument()) return ["need_document", account];
  return consent.checked ? null : ["not_consented", consent];
}

function lack() {
  if (!named.isName()) return ["bad_name", account];
  if (byFace()) return lackForFace();
  if (!CODE.test(code.value.trim())) return ["bad_code", code];
  if (password.value.length < 8) return ["weak", password];
  return password.value === again.value ? null : ["not_same", again];
}

function body() {
  if (byFace()) return { ...named.name(), consent: true };
  return { ...named.name(), code: code.value.trim(), password: password.value };
}

function showWay() {
  showWhen(form, way.value);
  submitButton.textContent = say(byFace() ? "show_face" : "save");
  complain("");
}

bindCodeButton({ url: "/m/forgot/sms", body: askedForCode, complain, then: code });
bindForm({
  form,
  url: () => (byFace() ? "/m/forgot/face" : "/m/forgot"),
  lack,
  body,
  complain,
  fields: {
    bad_phone: account,
    bad_id_number: account,
    face_needs_document: account,
    weak_password: password,
  },
  otherwise: () => (byFace() ? consent : code),
  during: () => (byFace() ? "opening_face" : "saving"),
  done: ({ next }) => location.assign(byFace() ? next : `${next}${location.search}`),
});
form.addEventListener("change", ({ target }) => {
  if (target.name === "way") showWay();
});
showWay();
