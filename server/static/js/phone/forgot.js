/** A new login password by the code of the bound phone. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";

const form = find("#forgot-form");
const { code, password, again } = form.elements;
const account = form.elements.namedItem("name");
const submitButton = find("[type=submit]", form);
const complain = complainer(find("#forgot-error"), [account, code, password, again]);
const FIELDS = { bad_phone: account, bad_id_number: account, weak_password: password };

function askedForCode() {
  if (account.value.trim()) return { name: account.value.trim() };
  complain(say("bad_name"), account);
  return null;
}

async function save(event) {
  event.preventDefault();
  if (!askedForCode()) return;
  if (!CODE.test(code.value.trim())) return complain(say("bad_code"), code);
  if (password.value.length < 8) return complain(say("weak"), password);
  if (password.value !== again.value) return complain(say("not_same"), again);
  complain("");
  submitButton.disabled = true;
  submitButton.textContent = say("saving");
  const body = { ...askedForCode(), code: code.value.trim(), password: password.value };
  try {
    const { next } = await ask("/m/forgot", body);
    location.assign(`${next}${location.search}`);
  } catch (problem) {
    complain(sentence(problem), FIELDS[problem.code] || code);
    submitButton.disabled = false;
    submitButton.textContent = say("save");
  }
}

bindCodeButton({ url: "/m/forgot/sms", body: askedForCode, complain, then: code });
form.addEventListener("submit", save);
