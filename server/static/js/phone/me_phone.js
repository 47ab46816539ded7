/** 更换手机号: the new phone and its code, by a fresh proof of the owner. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { bindCodeButton, CODE, complainer, PHONE } from "./code_button.js";
import { bindForm } from "./entry_form.js";
import { bindProof } from "./proof.js";

const form = find("#phone-form");
const { phone, code } = form.elements;
const fields = [phone, code];
const complain = complainer(find("#me-error"), fields);
const proof = bindProof(form, complain);
fields.push(...proof.fields);

function newPhone() {
  if (PHONE.test(phone.value.trim())) return { phone: phone.value.trim() };
  complain(say("bad_phone"), phone);
  return null;
}

function lack() {
  const missing = proof.lack();
  if (missing) return missing;
  if (!PHONE.test(phone.value.trim())) return ["bad_phone", phone];
  return CODE.test(code.value.trim()) ? null : ["bad_code", code];
}

bindCodeButton({ url: "/m/me/phone/sms", body: newPhone, complain, then: code });
bindForm({
  form,
  url: () => "/m/me/phone",
  lack,
  body: () => ({ ...newPhone(), code: code.value.trim(), proof: proof.body() }),
  complain,
  fields: { bad_phone: phone, phone_taken: phone },
  otherwise: proof.field,
  during: "saving",
  done: ({ next }) => location.assign(next),
});
