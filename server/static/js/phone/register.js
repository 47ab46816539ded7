/** Register: by the phone alone, or with a name and a document, for which consent is separate. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { bindCodeButton, CODE, complainer, PHONE } from "./code_button.js";
import { bindForm } from "./entry_form.js";

const form = find("#register-form");
const { phone, code, agreed, kind, name, number, consent } = form.elements;
const documentType = form.elements.document_type;
const realName = find("#real-name");
const complain = complainer(find("#register-error"), [phone, code, name, number, consent, agreed]);

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
bindForm({
  form,
  url: () => `/m/register${location.search}`,
  lack: missing,
  body: filled,
  complain,
  fields: {
    bad_name: name,
    bad_id_number: number,
    consent_needed: consent,
    bad_phone: phone,
    agreements_not_ticked: agreed,
  },
  otherwise: () => code,
  during: "registering",
  done: ({ next }) => location.assign(next),
});
takeCarried();
showKind();
