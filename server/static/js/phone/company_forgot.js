/** A new login password of a company by the code of its phone. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";
import { bindForm, COMPANY, tidy } from "./entry_form.js";

const form = find("#forgot-form");
const { company, code, password, again } = form.elements;
const complain = complainer(find("#forgot-error"), [company, code, password, again]);

function askedForCode() {
  if (COMPANY.test(tidy(company))) return { company: tidy(company) };
  complain(say("bad_company"), company);
  return null;
}

function lack() {
  if (!COMPANY.test(tidy(company))) return ["bad_company", company];
  if (!CODE.test(code.value.trim())) return ["bad_code", code];
  if (password.value.length < 8) return ["weak", password];
  return password.value === again.value ? null : ["not_same", again];
}

bindCodeButton({ url: "/m/forgot/company/sms", body: askedForCode, complain, then: code });
bindForm({
  form,
  url: () => "/m/forgot/company",
  lack,
  body: () => ({ company: tidy(company), code: code.value.trim(), password: password.value }),
  complain,
  fields: { bad_company_code: company, weak_password: password },
  otherwise: () => code,
  during: "saving",
  done: ({ next }) => location.assign(`${next}${location.search}`),
});
