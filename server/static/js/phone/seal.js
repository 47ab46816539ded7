/** 印章详情: each act is confirmed, then proved (意愿认证), then asked for. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { resumed, verified } from "./intent.js";
import { announce, closeSheet } from "./page.js";

const ACTIONS = {
  suspend: "suspend_seal",
  enable: "enable_seal",
  renew: "renew_seal",
};
const LOOK_AGAIN_MS = 3000;

const page = find("#seal");
const subject = JSON.parse(page.dataset.subject);
const complain = (text) => {
  find("[data-error]").textContent = text;
};

async function carryOut(act, intent) {
  announce(say("acting"));
  try {
    const { next } = await ask(`/m/seals/${page.dataset.seal}/${act}`, { intent });
    location.replace(next);
  } catch (problem) {
    complain(sentence(problem));
  }
}

async function begin({ currentTarget: button }) {
  const { act } = button.dataset;
  closeSheet(button.closest("dialog"));
  complain("");
  const intent = await verified(ACTIONS[act], subject);
  if (intent) await carryOut(act, intent);
}

for (const button of findAll("[data-act]")) button.addEventListener("click", begin);

// A face is shown on a page of its own, which leads back here.
const proved = resumed();
const [act] = Object.entries(ACTIONS).find(([, action]) => action === proved?.action) ?? [];
if (act) carryOut(act, proved.intent);

if (page.dataset.pending !== undefined) setTimeout(() => location.reload(), LOOK_AGAIN_MS);
