/** The face gate on a computer: shows a code for the phone and waits for what came of it. */

import { bindCareMode } from "../shared/care_mode.js";
import { fill, find } from "../shared/dom.js";
import { send } from "../shared/http.js";
import { say } from "../shared/page_data.js";
import { pictureSize, qrPath } from "../shared/qr_path.js";

const ASK_EVERY_MS = 2_000;

const root = find("#gate");
const tell = (problem = "") => fill(root, { problem });
const sentence = (problem) => `${problem.detail} ${problem.nextStep}`.trim();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const post = async (path, body) => (await send("POST", path, { body })).json();

function show(waiting) {
  find("#asking").hidden = waiting;
  find("#waiting").hidden = !waiting;
}

function draw({ modules, url }) {
  const size = pictureSize(modules);
  find("#gate-qr").setAttribute("viewBox", `0 0 ${size} ${size}`);
  find("#gate-qr path").setAttribute("d", qrPath(modules));
  const demo = document.querySelector("#demo-face");
  if (demo) demo.href = url;
}

/** Asks until there is an outcome or the check is too old; a lost connection is waited out. */
async function outcomeOf(check, until) {
  while (Date.now() < until) {
    await pause(ASK_EVERY_MS);
    try {
      const told = await post(`/account/gate/settle${location.search}`, { check });
      if (told.outcome === "passed") return told.next;
    } catch (problem) {
      if (problem.code !== "network") throw problem;
    }
  }
  return null;
}

async function begin() {
  if (!find("#consent").checked) {
    tell(say("not_consented"));
    find("#consent").focus();
    return;
  }
  tell();
  try {
    const begun = await post("/account/gate", { consent: true });
    draw(begun);
    show(true);
    const next = await outcomeOf(begun.check, Date.now() + begun.life_s * 1000);
    if (next) location.assign(next);
    else throw { detail: say("too_late"), nextStep: "" };
  } catch (problem) {
    show(false);
    tell(sentence(problem));
  }
}

async function leave() {
  try {
    location.assign((await post("/account/logout", {})).next);
  } catch (problem) {
    tell(sentence(problem));
  }
}

bindCareMode(find("#care"));
find("#begin").addEventListener("click", begin);
find("#leave").addEventListener("click", leave);
addEventListener("pageshow", (event) => event.persisted && location.reload());
