/** The link in a text message: the server says which step it is; each step leads to the next. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { complainer } from "./code_button.js";
import { HandwritingPad } from "./handwriting_pad.js";
import { openPreview } from "./preview.js";

const TRIES = 4;
const PAUSE_MS = 1500; // the first one; each is longer than the one before
const base = location.pathname;
const place = find("#certify");
const { stage } = place.dataset;

/** The next step is another page, and going back must not come here again. */
const goOn = () => location.replace(base);

/** What a button does comes with this script; until then nobody presses it in vain. */
const ready = (button) => { button.disabled = false; };

function bindStep(button) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await ask(`${base}/${button.dataset.step}`);
      goOn();
    } catch (problem) {
      find("[data-error]").textContent = sentence(problem);
      button.disabled = false;
    }
  });
}

function bindFace() {
  const form = find("#face-form");
  const { consent } = form.elements;
  const button = find("[type=submit]", form);
  const again = find("[data-face-again]");
  const complain = complainer(find("#face-error"), [consent]);

  async function settle(tries = TRIES) {
    const status = find("[data-face]");
    status.textContent = say("asking");
    again.hidden = true;
    try {
      const { outcome } = await ask(`${base}/face/settle`);
      if (outcome === "passed") return goOn();
      if (tries > 1) return setTimeout(() => settle(tries - 1), PAUSE_MS * (TRIES - tries + 1));
      status.textContent = say("pending");
      again.hidden = false;
    } catch (problem) {
      status.textContent = "";
      complain(sentence(problem), null);
      again.hidden = problem.code !== "network" && problem.status !== 503;
    }
    return null;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!consent.checked) return complain(say("not_consented"), consent);
    complain("");
    button.disabled = true;
    button.textContent = say("beginning");
    try {
      const { next } = await ask(`${base}/face`, { consent: true });
      location.assign(next);
    } catch (problem) {
      complain(sentence(problem), null);
      button.disabled = false;
      button.textContent = say("begin");
    }
    return null;
  });
  consent.addEventListener("change", () => complain(""));
  again.addEventListener("click", () => settle());
  if (new URLSearchParams(location.search).get("face") === "back") settle();
}

function bindSignature() {
  const form = find("#sign-form");
  const canvas = find("#pad");
  const { typed } = form.elements;
  const typing = find("[data-typing]");
  const button = find("[type=submit]", form);
  const alertLine = find("#sign-error");
  const pad = new HandwritingPad(canvas);

  /** [sentence, field] of what is missing, or null. */
  function lack() {
    if (typing.open && !typed.value.trim()) return ["no_typed", typed];
    if (typing.open) return null;
    if (pad.isEmpty) return ["no_name", canvas];
    return pad.isEnough ? null : ["little", canvas];
  }

  function complain(text, field) {
    alertLine.textContent = text;
    if (field) field.focus();
  }

  canvas.addEventListener("pointerdown", () => canvas.parentElement.classList.add("pad-used"));
  canvas.addEventListener("written", () => {
    complain("");
    canvas.parentElement.classList.toggle("pad-used", !pad.isEmpty);
  });
  find("[data-undo]").addEventListener("click", () => pad.undo());
  find("[data-clear]").addEventListener("click", () => pad.clear());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = lack();
    if (missing) return complain(say(missing[0]), missing[1]);
    complain("");
    button.disabled = true;
    button.textContent = say("signing");
    try {
      await ask(`${base}/sign`, typing.open ? { typed: typed.value.trim() } : pad.strokes());
      goOn();
    } catch (problem) {
      complain(sentence(problem), typing.open ? typed : null);
      button.disabled = false;
      button.textContent = say("confirm");
    }
    return null;
  });
}

function bindPreview(button) {
  const file = {
    name: document.title,
    page_count: Number(place.dataset.pages),
    preview: `${base}/form/1.png`,
  };
  button.addEventListener("click", () => openPreview(file));
}

findAll("[data-step]").forEach(bindStep);
findAll("[data-preview]").forEach(bindPreview);
if (stage === "face") bindFace();
if (stage === "sign") bindSignature();
findAll("[data-step], [type=submit]").forEach(ready);
