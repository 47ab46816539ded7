/** Log in by password; where the login fails, the password is typed anew. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { complainer } from "./code_button.js";

const form = find("#password-form");
const { password, agreed } = form.elements;
const account = form.elements.namedItem("name");
const submitButton = find("[type=submit]", form);
const complain = complainer(find("#password-error"), [account, password, agreed]);

async function logIn(event) {
  event.preventDefault();
  if (!account.value.trim()) return complain(say("bad_name"), account);
  if (!password.value) return complain(say("no_password"), password);
  if (!agreed.checked) return complain(say("not_agreed"), agreed);
  complain("");
  submitButton.disabled = true;
  submitButton.textContent = say("logging_in");
  const body = { name: account.value.trim(), password: password.value, agreed: true };
  try {
    const { next } = await ask(`/m/login/password${location.search}`, body);
    location.assign(next);
  } catch (problem) {
    const ofName = ["bad_phone", "bad_id_number"].includes(problem.code);
    if (!ofName) password.value = "";
    complain(sentence(problem), ofName ? account : password);
    submitButton.disabled = false;
    submitButton.textContent = say("log_in");
  }
}

form.addEventListener("submit", logIn);
