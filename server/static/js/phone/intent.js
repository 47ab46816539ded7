/**
 * 意愿认证: asks the person whether he wants this very act, and proves it by PIN, code or face.
 *
 *   const intent = await verified("suspend_seal", { seal: id }, "企业法定名称章 · 4501…");
 *   if (intent) await ask(url, { intent });
 *
 * A face leaves the page. When it comes back, `resumed()` gives {intent, action}, once.
 *
 * Where the act itself takes a secret, `secrets` {pin, password} carry it out with what was typed:
 * what they throw is told beside the field, and once one is fulfilled `verified` gives DONE.
 * `offered` {action, methods, phone} is what the server would be asked for otherwise.
 */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";
import { closeSheet, openSheet } from "./page.js";

const PIN = /^\d{6,12}$/;
export const DONE = Symbol("the act itself took the secret");

const PROVE_WITHIN_MS = 10 * 60_000;

const sheet = find("#intent");
const form = find("#intent-form");
const { pin, use_password: password, code, consent } = form.elements;
const SECRET_FIELDS = { pin, password };
const submit = find("[type=submit]", form);
const complain = complainer(find("#intent-error"), [pin, password, code, consent]);
let asked = null; // {subject, begun, settle, clock, …}: what the person is asked now

/** The intent's id once the person has proved it, or null when he closes the sheet. */
export function verified(action, parameters = {}, about = aboutOnPage(), more = {}) {
  if (asked) asked.settle(null);
  form.reset();
  complain("");
  find("[data-intent-about-row]").hidden = !about;
  find("[data-intent-about-text]").textContent = about;
  find("[data-intent-action]").textContent = "";
  show({ ready: false });
  openSheet(sheet);
  return new Promise((resolve) => {
    const { secrets = {}, offered } = more;
    const subject = { action, parameters };
    asked = { subject, begun: null, settle: resolve, clock: 0, secrets, offered };
    offer(asked);
  });
}

/** What a face has proved on the way back to this page: {intent, action}, or null. */
export function resumed() {
  const query = new URLSearchParams(location.search);
  const [intent, action] = ["intent", "action"].map((name) => query.get(name));
  if (!intent || !action) return null;
  query.delete("intent");
  query.delete("action");
  const rest = query.toString();
  history.replaceState(history.state, "", location.pathname + (rest && `?${rest}`));
  return { intent, action };
}

/** A page may name what its acts concern in [data-intent-about]. */
function aboutOnPage() {
  return find("[data-intent-about]")?.textContent.trim() ?? "";
}

async function offer(mine) {
  try {
    const known = mine.offered ?? ask("/m/intents/methods", mine.subject);
    const { action, methods, phone } = await known;
    if (asked !== mine) return;
    find("[data-intent-action]").textContent = action;
    find("[data-intent-phone]").textContent = say("intent_code_to", { phone });
    for (const label of findAll("[data-intent-method]", form)) {
      label.hidden = !methods.includes(label.dataset.intentMethod);
    }
    find("[data-intent-choice]").hidden = methods.length < 2;
    find(`input[value=${methods[0]}]`, form).checked = true;
    show({ ready: true });
  } catch (problem) {
    if (asked !== mine) return;
    find("[data-intent-waiting]").hidden = true;
    complain(sentence(problem));
  }
}

function method() {
  return form.elements.method.value;
}

function show({ ready }) {
  find("[data-intent-waiting]").hidden = ready;
  find("[data-intent-ready]").hidden = !ready;
  for (const part of findAll("[data-intent-way]", form)) {
    part.hidden = part.dataset.intentWay !== method();
  }
  find("[data-intent-clock]").hidden = true;
  setBusy(false);
  submit.disabled = !ready;
}

function setBusy(on) {
  submit.disabled = on;
  const idle = method() === "face" ? "intent_to_face" : "intent_confirm";
  submit.textContent = say(on ? "intent_proving" : idle);
}

/** How long the proof that was begun may still be given; read out only when it is over. */
function startClock(mine) {
  const ends = Date.now() + PROVE_WITHIN_MS;
  const line = find("[data-intent-clock]");
  line.hidden = false;
  clearInterval(mine.clock);
  const tick = () => {
    // The sheet is closed, asks about something else, or has no code to wait for.
    if (asked !== mine || method() !== "sms") return clearInterval(mine.clock);
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    line.textContent = say("intent_left", { minutes: Math.floor(left / 60), seconds: left % 60 });
    if (left > 0) return;
    clearInterval(mine.clock);
    line.hidden = true;
    submit.disabled = true;
    complain(say("intent_over"));
  };
  tick();
  mine.clock = setInterval(tick, 1000);
}

async function begin(mine, more = {}) {
  const begun = await ask("/m/intents", { ...mine.subject, method: method(), ...more });
  mine.begun = begun;
  return begun;
}

/** [word, field] of what is missing, or null. */
function lack(mine) {
  if (method() === "pin") return PIN.test(pin.value) ? null : ["intent_no_pin", pin];
  if (method() === "password") return password.value ? null : ["intent_no_password", password];
  if (method() === "face") return consent.checked ? null : ["not_consented", consent];
  if (mine.begun?.method !== "sms") return ["intent_no_code_asked", code];
  return CODE.test(code.value.trim()) ? null : ["bad_code", code];
}

async function prove(mine) {
  const carryOut = mine.secrets[method()];
  if (carryOut) {
    await carryOut(SECRET_FIELDS[method()].value);
    settle(mine, DONE);
    return;
  }
  if (method() === "face") {
    const back = location.pathname + location.search;
    const { next } = await begin(mine, { consent: true, back });
    location.assign(next);
    return;
  }
  const byPin = method() === "pin";
  if (byPin && mine.begun?.method !== "pin") await begin(mine);
  const secret = byPin ? { pin: pin.value } : { code: code.value.trim() };
  await ask(`/m/intents/${mine.begun.intent}/prove`, secret);
  settle(mine, mine.begun.intent);
}

/** Whoever has closed the sheet meanwhile may be asked something else by now. */
function settle(mine, proof) {
  mine.settle(proof);
  if (asked !== mine) return;
  asked = null;
  closeSheet(sheet);
}

function triesLeft({ details }) {
  return details.tries_left ? say("intent_tries", { n: details.tries_left }) : "";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const mine = asked;
  const missing = lack(mine);
  if (missing) return complain(say(missing[0]), missing[1]);
  complain("");
  setBusy(true);
  try {
    await prove(mine);
  } catch (problem) {
    // What was too old, or opened elsewhere, is begun anew with the next press.
    if (problem.code.startsWith("intent_")) mine.begun = null;
    if (asked !== mine) return;
    const field = { ...SECRET_FIELDS, sms: code, face: consent }[method()];
    if (method() in SECRET_FIELDS) field.value = "";
    complain(sentence(problem) + triesLeft(problem), field);
    setBusy(false);
  }
});

form.addEventListener("change", (event) => {
  if (event.target.name !== "method") return;
  complain("");
  show({ ready: true });
});

sheet.addEventListener("close", () => {
  for (const field of Object.values(SECRET_FIELDS)) field.value = "";
  if (!asked) return;
  clearInterval(asked.clock);
  asked.settle(null);
  asked = null;
});

let sender = null; // what the code that is on its way was asked for
bindCodeButton({
  url: "/m/intents",
  body: () => {
    sender = asked;
    return { ...sender.subject, method: "sms" };
  },
  complain,
  then: code,
  button: find("#intent-send"),
  taken: (begun) => {
    if (asked !== sender) return;
    sender.begun = begun;
    startClock(sender);
  },
});
