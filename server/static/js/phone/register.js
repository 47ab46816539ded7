/** Register: by the phone alone, or with a name and a document, for which consent is separate. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindCodeButton, CODE, complainer, PHONE } from "./code_button.js";

const form = find("#register-form");
const { phone, code, agreed, kind, name, number, consent } = form.elements;
const documentType = form.elements.document_type;
const realName = find("#real-name");
const submitButton = find("[type=submit]", form);
const complain = complainer(find("#register-error"), [phone, code, name, number, consent, agreed]);
const FIELDS = { bad_name: name, bad_id_number: number, consent_needed: consent, bad_phone: phone };

function showKind() {
  realName.hidden = kind.value !== "person";
}

function askedForCode() {
  if (PHONE.test(phone.value.trim())) return { phone: phone.value.trim() };
  complain(say("bad_phone"), phone);
  return null;
}

function missing() {
  if (kind.value === "person") {
    if (!name.value.trim()) return ["bad_name", name];
    if (!number.value.trim()) return ["bad_number", number];
    if (!consent.checked) return ["not_consented", consent];
  }
  if (!PHONE.test(phone.value.trim())) return ["bad_phone", phone];
  if (!CODE.test(code.value.trim())) return ["bad_code", code];
  return agreed.checked ? null : ["not_agreed", agreed];
}

function filled() {
  const body = { phone: phone.value.trim(), code: code.value.trim(), agreed: true };
  if (kind.value !== "person") return body;
  const declared = {
    document_type: documentType.value,
    name: name.value.trim(),
    number: number.value.trim(),
    consent_to_id_number: consent.checked,
  };
  return { ...body, declared };
}

async function register(event) {
  event.preventDefault();
  const lack = missing();
  if (lack) return complain(say(lack[0]), lack[1]);
  complain("");
  submitButton.disabled = true;
  submitButton.textContent = say("registering");
  try {
    const { next } = await ask(`/m/register${location.search}`, filled());
    location.assign(next);
  } catch (problem) {
    complain(sentence(problem), FIELDS[problem.code] || code);
    submitButton.disabled = false;
    submitButton.textContent = say("register");
  }
}

/** A code that the login page has asked for is good here too. */
function takeCarried() {
  const carried = sessionStorage.getItem("register");
  sessionStorage.removeItem("register");
  if (!carried) return;
  const told = JSON.parse(carried);
  phone.value = told.phone;
  code.value = told.code;
}

bindCodeButton({ url: "/m/login/sms", body: askedForCode, complain, then: code });
form.addEventListener("change", showKind);
form.addEventListener("submit", register);
takeCarried();
showKind();
