/** The fields by which somebody proves afresh who he is: a code to his phone, or his password. */

import { find, findAll } from "../shared/dom.js";
import { bindCodeButton, CODE } from "./code_button.js";

/** `complain` is the form's; returns {fields, lack, body, field}. */
export function bindProof(form, complain) {
  const root = find("#proof", form);
  const { proof_code: code, proof_password: password, way } = form.elements;
  const chosen = () => way?.value ?? "";
  const field = () => (chosen() === "password" ? password : code);

  function show() {
    for (const part of findAll("[data-way]", root)) part.hidden = part.dataset.way !== chosen();
  }

  /** [word, field] of what is missing, or null. */
  function lack() {
    if (chosen() === "password") return password.value ? null : ["no_password", password];
    return code && CODE.test(code.value.trim()) ? null : ["bad_code", code];
  }

  function body() {
    if (chosen() === "password") return { way: "password", password: password.value };
    return { way: "sms", code: code.value.trim() };
  }

  if (code) {
    const ask = { url: "/m/me/proof/sms", body: () => ({ act: root.dataset.act }) };
    bindCodeButton({ ...ask, complain, then: code, button: find("#send-proof") });
  }
  root.addEventListener("change", show);
  show();
  const fields = [code, password].filter(Boolean);
  return { fields, lack, body, field };
}
