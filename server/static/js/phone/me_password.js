/** 登录密码: another one, by a fresh proof. */

import { find } from "../shared/dom.js";
import { complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";
import { bindProof } from "./proof.js";

const form = find("#password-form");
const { password, again } = form.elements;
const fields = [password, again];
const complain = complainer(find("#me-error"), fields);
const proof = bindProof(form, complain);
fields.push(...proof.fields);

function lack() {
  const missing = proof.lack();
  if (missing) return missing;
  if (password.value.length < 8) return ["weak", password];
  return password.value === again.value ? null : ["not_same", again];
}

bindForm({
  form,
  url: () => "/m/me/password",
  lack,
  body: () => ({ proof: proof.body(), password: password.value }),
  complain,
  fields: { weak_password: password },
  otherwise: proof.field,
  during: "saving",
  done: ({ next }) => location.assign(next),
});
