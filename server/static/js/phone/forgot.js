/** A new login password of a person by the code of the bound phone. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";
import { bindForm, tidy } from "./entry_form.js";

const form = find("#forgot-form");
const { account, code, password, again } = form.elements;
const picker = form.elements.document_type;
const complain = complainer(find("#forgot-error"), [account, code, password, again]);

const named = () => ({ name: tidy(account), document_type: picker.value });

function askedForCode() {
  if (tidy(account)) return named();
  complain(say("bad_name"), account);
  return null;
}

function lack() {
  if (!tidy(account)) return ["bad_name", account];
  if (!CODE.test(code.value.trim())) return ["bad_code", code];
  if (password.value.length < 8) return ["weak", password];
  return password.value === again.value ? null : ["not_same", again];
}

bindCodeButton({ url: "/m/forgot/sms", body: askedForCode, complain, then: code });
bindForm({
  form,
  url: () => "/m/forgot",
  lack,
  body: () => ({ ...named(), code: code.value.trim(), password: password.value }),
  complain,
  fields: { bad_phone: account, bad_id_number: account, weak_password: password },
  otherwise: () => code,
  during: "saving",
  done: ({ next }) => location.assign(`${next}${location.search}`),
});
