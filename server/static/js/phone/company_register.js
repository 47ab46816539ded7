/** Register a company: all that is typed must agree with the registry. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { bindCodeButton, CODE, complainer, PHONE } from "./code_button.js";
import { bindForm, COMPANY, tidy } from "./entry_form.js";

const form = find("#company-form");
const { company, name, number, consent, phone, code, password, again, agreed } = form.elements;
const companyName = form.elements.company_name;
const every = [companyName, company, name, number, consent, phone, code, password, again, agreed];
const complain = complainer(find("#company-error"), every);

function askedForCode() {
  if (PHONE.test(phone.value.trim())) return { phone: phone.value.trim() };
  complain(say("bad_phone"), phone);
  return null;
}

function lackOfFacts() {
  if (!companyName.value.trim()) return ["no_company_name", companyName];
  if (!COMPANY.test(tidy(company))) return ["bad_company", company];
  if (!name.value.trim()) return ["bad_name", name];
  if (!number.value.trim()) return ["bad_number", number];
  return consent.checked ? null : ["not_consented", consent];
}

function lack() {
  const facts = lackOfFacts();
  if (facts) return facts;
  if (!PHONE.test(phone.value.trim())) return ["bad_phone", phone];
  if (!CODE.test(code.value.trim())) return ["bad_code", code];
  if (password.value.length < 8) return ["weak", password];
  if (password.value !== again.value) return ["not_same", again];
  return agreed.checked ? null : ["not_agreed", agreed];
}

function body() {
  const representative = {
    document_type: form.elements.document_type.value,
    name: name.value.trim(),
    number: number.value.trim(),
    consent_to_id_number: consent.checked,
  };
  return {
    legal_form: form.elements.legal_form.value,
    name: companyName.value.trim(),
    company: tidy(company),
    representative,
    phone: phone.value.trim(),
    code: code.value.trim(),
    password: password.value,
    agreed: true,
  };
}

bindCodeButton({ url: "/m/register/company/sms", body: askedForCode, complain, then: code });
bindForm({
  form,
  url: () => `/m/register/company${location.search}`,
  lack,
  body,
  complain,
  fields: {
    bad_company_code: company,
    registry_mismatch: companyName,
    company_registered: company,
    company_struck_off: company,
    registry_locked: companyName,
    bad_name: name,
    bad_id_number: number,
    consent_needed: consent,
    bad_phone: phone,
    weak_password: password,
    agreements_not_ticked: agreed,
  },
  otherwise: () => code,
  during: "registering",
  done: ({ next }) => location.assign(next),
});
