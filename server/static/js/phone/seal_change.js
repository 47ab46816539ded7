/** 变更印模: the new look is drawn by the server, shown, proved to be wanted, and taken on. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { HandwritingPad } from "./handwriting_pad.js";
import { resumed, verified } from "./intent.js";
import { announce } from "./page.js";

// A face leads away from the page and back: what was chosen waits here for it.
const KEPT = "guiyin-look";

const page = find("#seal-change");
const form = find("#change-form");
const submit = find("[type=submit]", form);
const base = `/m/seals/${page.dataset.seal}`;
let shown = null; // {wish, look}

const complain = (text) => {
  find("[data-error]").textContent = text;
};

async function show(wish) {
  complain("");
  announce(say("looking"));
  submit.disabled = true;
  try {
    const { look, picture } = await ask(`${base}/looks`, { look: wish });
    find("#look").src = picture;
    shown = { wish, look };
    submit.disabled = false;
  } catch (problem) {
    complain(sentence(problem));
  }
}

async function carryOut(wish, intent) {
  announce(say("acting"));
  try {
    const { next } = await ask(`${base}/impression`, { look: wish, intent });
    sessionStorage.removeItem(KEPT);
    location.replace(next);
  } catch (problem) {
    complain(sentence(problem));
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!shown) return;
  sessionStorage.setItem(KEPT, JSON.stringify(shown.wish));
  const subject = { ...JSON.parse(page.dataset.subject), look: shown.look };
  const intent = await verified("change_impression", subject);
  if (intent) await carryOut(shown.wish, intent);
});

for (const choice of findAll("[name=font]", form)) {
  choice.addEventListener("change", () => show({ font: choice.value }));
  if (choice.checked) show({ font: choice.value }); // chosen before this script was there
}

const canvas = document.querySelector("#pad");
if (canvas) {
  const pad = new HandwritingPad(canvas);
  // What is confirmed is what was last shown: who writes on looks at it again first.
  canvas.addEventListener("written", () => {
    shown = null;
    submit.disabled = true;
  });
  find("#pad-undo").addEventListener("click", () => pad.undo());
  find("#pad-clear").addEventListener("click", () => pad.clear());
  find("#pad-show").addEventListener("click", () => {
    const strokes = pad.strokes();
    if (strokes.strokes.length > 0) show({ strokes });
    else complain(say("not_written"));
  });
}

const proved = resumed();
const kept = sessionStorage.getItem(KEPT);
if (proved?.action === "change_impression" && kept) carryOut(JSON.parse(kept), proved.intent);
