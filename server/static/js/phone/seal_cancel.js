/** 注销: a company hands in its papers first; then the warning, the proof, and it is for good. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { resumed, verified } from "./intent.js";
import { announce, closeSheet, openSheet } from "./page.js";
import { bindSlot } from "./upload.js";

const page = find("#seal");
const form = find("#cancel-form");
const subject = JSON.parse(page.dataset.subject);
const { understood, same } = form.elements;
let bound = subject; // what the proof is bound to: for a company with its papers

const complain = (text) => {
  find("[data-error]").textContent = text;
};

const slots = new Map(findAll("[data-slot]").map((root) => {
  const arrived = () => {
    find("[data-slot-error]", root).textContent = "";
  };
  return [root.dataset.slot, bindSlot(root, arrived)];
}));

function agent() {
  if (same.checked) return {};
  const { agent_name: name, agent_number: number, agent_phone: phone, consent } = form.elements;
  const told = { name: name.value, number: number.value, phone: phone.value };
  return { agent: { ...told, consent_to_id_number: consent.checked } };
}

/** The server says what is missing; the first of it is led to. */
async function handIn() {
  const { missing, content } = await ask(form.dataset.papers, agent());
  if (missing.length === 0) {
    bound = { ...subject, content };
    return true;
  }
  for (const slot of missing) slots.get(slot).complain(say("missing_pictures"));
  find(`[data-slot=${missing[0]}] input`).focus();
  return false;
}

async function next(event) {
  event.preventDefault();
  complain(understood.checked ? "" : say("not_understood"));
  if (!understood.checked) {
    understood.focus();
    return;
  }
  try {
    if (!form.dataset.papers || (await handIn())) openSheet(find("#cancel"));
  } catch (problem) {
    complain(sentence(problem));
  }
}

async function carryOut(intent) {
  announce(say("acting"));
  try {
    const answer = await ask(`/m/seals/${page.dataset.seal}/cancel`, { intent });
    location.replace(answer.next);
  } catch (problem) {
    complain(sentence(problem));
  }
}

function showAgent() {
  find("[data-agent]").hidden = same.checked;
}

form.addEventListener("submit", next);
if (same) {
  same.addEventListener("change", showAgent);
  showAgent();
}
find("[data-act=cancel]").addEventListener("click", async ({ currentTarget: button }) => {
  closeSheet(button.closest("dialog"));
  const intent = await verified("cancel_seal", bound);
  if (intent) await carryOut(intent);
});

// A face is shown on a page of its own, which leads back here.
const proved = resumed();
if (proved?.action === "cancel_seal") carryOut(proved.intent);
