/** 忘记签名口令: the face, after the separate consent. */

import { find } from "../shared/dom.js";
import { complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";

const form = find("#face-form");
const { consent } = form.elements;

bindForm({
  form,
  url: () => "/m/me/certificate/forgot/face",
  lack: () => (consent.checked ? null : ["not_consented", consent]),
  body: () => ({ consent: true }),
  complain: complainer(find("#face-error"), [consent]),
  otherwise: () => consent,
  during: "beginning",
  done: ({ next }) => location.assign(next),
});
