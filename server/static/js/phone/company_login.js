/** Log in as a company; where the login fails, the password is typed anew. */

import { find } from "../shared/dom.js";
import { complainer } from "./code_button.js";
import { bindForm, COMPANY, tidy } from "./entry_form.js";

const form = find("#company-login");
const { company, password, agreed } = form.elements;

function lack() {
  if (!COMPANY.test(tidy(company))) return ["bad_company", company];
  if (!password.value) return ["no_password", password];
  return agreed.checked ? null : ["not_agreed", agreed];
}

bindForm({
  form,
  url: () => `/m/login/company${location.search}`,
  lack,
  body: () => ({ company: tidy(company), password: password.value, agreed: true }),
  complain: complainer(find("#company-error"), [company, password, agreed]),
  fields: { bad_company_code: company, agreements_not_ticked: agreed },
  otherwise: () => {
    password.value = "";
    return password;
  },
  during: "logging_in",
  done: ({ next }) => location.assign(next),
});
