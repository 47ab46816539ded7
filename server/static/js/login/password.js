/** Log in on a computer by password; where the login fails, the password is typed anew. */

import { bindCareMode } from "../shared/care_mode.js";
import { find, findAll } from "../shared/dom.js";
import { send } from "../shared/http.js";
import { say } from "../shared/page_data.js";

const OF_ACCOUNT = new Set(["bad_phone", "bad_id_number", "bad_company_code"]);

const form = find("#password-login");
const { account, password, agreed, document_type: documentType } = form.elements;
const isCompany = form.dataset.kind === "company";
const button = find("[type=submit]", form);

function complain(text, field) {
  find("#login-problem").textContent = text;
  for (const each of findAll("input", form)) each.setAttribute("aria-invalid", String(each === field));
  if (field) field.focus();
}

const tidy = () => account.value.replace(/\s/g, "").toUpperCase();

function body() {
  const rest = { password: password.value, agreed: true };
  if (isCompany) return { company: tidy(), ...rest };
  return { name: tidy(), document_type: documentType.value, ...rest };
}

async function logIn(event) {
  event.preventDefault();
  const long = isCompany ? tidy().length === 18 : tidy() !== "";
  if (!long) return complain(say(isCompany ? "bad_company" : "bad_name"), account);
  if (!password.value) return complain(say("no_password"), password);
  if (!agreed.checked) return complain(say("not_agreed"), agreed);
  complain("");
  button.disabled = true;
  const url = `/login/${isCompany ? "company" : "password"}${location.search}`;
  try {
    const { next } = await (await send("POST", url, { body: body() })).json();
    location.assign(next);
  } catch (problem) {
    button.disabled = false;
    const ofAccount = OF_ACCOUNT.has(problem.code);
    if (!ofAccount) password.value = "";
    complain(`${problem.detail} ${problem.nextStep}`.trim(), ofAccount ? account : password);
  }
}

bindCareMode(find("#care"));
form.addEventListener("submit", logIn);
addEventListener("pageshow", (event) => event.persisted && location.reload());
