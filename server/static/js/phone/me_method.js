/** 用章核验方式: another method, or a new 核验密码, each behind 意愿认证. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { complainer } from "./code_button.js";
import { resumed, verified } from "./intent.js";
import { announce } from "./page.js";

const SHORTEST = 6;

const form = find("#method-form");
const isReset = form.dataset.reset !== undefined;
const owner = JSON.parse(form.dataset.parameters);
const { password, password_again: again } = form.elements;
const complain = complainer(find("#method-error"), [password, again]);
const save = find("[type=submit]", form);
const method = () => (isReset ? "password" : form.elements.method.value);
const needsPassword = () => method() === "password";
const action = isReset ? "reset_use_password" : "change_method";
let proved = resumed();

/** What the proof is bound to: the server spends it on exactly this. */
function parameters() {
  return isReset ? owner : { ...owner, method: method() };
}

function show() {
  const part = find("[data-use-password]", form);
  if (part) part.hidden = !needsPassword();
}

/** [word, field] of what is missing, or null. */
function lack() {
  if (!needsPassword()) return method() === form.dataset.now ? ["same_method", null] : null;
  if (password.value !== again.value) return ["passwords_differ", again];
  return password.value.length < SHORTEST ? ["password_short", password] : null;
}

/** A face leaves the page: which method was chosen comes back with its address. */
function keepChoice() {
  if (!isReset) history.replaceState(null, "", `${location.pathname}?method=${method()}`);
}

async function send(event) {
  if (event) event.preventDefault();
  const missing = lack();
  if (missing) return complain(say(missing[0]), missing[1]);
  complain("");
  keepChoice();
  const intent = proved?.intent ?? (await verified(action, parameters()));
  proved = null;
  if (!intent) return;
  save.disabled = true;
  save.textContent = say("saving");
  try {
    const body = { password: password.value, password_again: again.value, intent };
    const { next } = await ask(location.pathname, isReset ? body : { ...body, method: method() });
    location.assign(next);
  } catch (problem) {
    // The proof is spent only together with the change: what was refused may be mended.
    if (!problem.code?.startsWith("intent_")) proved = { intent };
    save.disabled = false;
    save.textContent = say("save");
    complain(sentence(problem), problem.code.startsWith("use_password") ? password : null);
  }
}

form.addEventListener("submit", send);
form.addEventListener("change", ({ target }) => {
  if (target.name === "method") proved = null;
  show();
});
show();
if (proved && needsPassword()) {
  announce(say("face_passed"));
  complain(say("face_passed"), password);
} else if (proved) {
  send();
}
