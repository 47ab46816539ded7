/** 注销账号: a fresh proof and the tick that says that it is for good. */

import { find } from "../shared/dom.js";
import { complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";
import { bindProof } from "./proof.js";

const form = find("#close-form");
const { understood } = form.elements;
const fields = [understood];
const complain = complainer(find("#me-error"), fields);
const proof = bindProof(form, complain);
fields.push(...proof.fields);

bindForm({
  form,
  url: () => "/m/me/close",
  lack: () => proof.lack() ?? (understood.checked ? null : ["not_understood", understood]),
  body: () => ({ proof: proof.body(), understood: true }),
  complain,
  otherwise: proof.field,
  during: "closing",
  done: ({ next }) => location.assign(next),
});
