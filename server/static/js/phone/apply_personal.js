/** 申领印章 for oneself: the lettering is shown at once, the hand is drawn or photographed. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { HandwritingPad } from "./handwriting_pad.js";
import { closeSheet, openSheet } from "./page.js";
import { lackOf, ready, upload } from "./upload.js";

const form = find("#choose-form");
const boxes = findAll("[name=kind]", form);
const onward = find("#onward");
const of = (kind) => find(`[data-kind="${kind}"]`, form);
const isChosen = (kind) => boxes.some((box) => box.value === kind && box.checked);
let drawn = Boolean(find("[data-drawn]", form)?.textContent.trim());

function show() {
  const count = boxes.filter((box) => box.checked).length;
  onward.disabled = count === 0;
  onward.textContent = count ? say("chosen", { n: count }) : say("next");
  for (const box of boxes) find("[data-more]", of(box.value)).hidden = !box.checked;
}

function showLettering() {
  const font = form.elements.font?.value;
  if (font) find("[data-sample]", of("square")).src = `/m/apply/samples/square.png?font=${font}`;
}

/** What is chosen now; `more` are the lines of a drawing that is being kept. */
function body(more = {}) {
  const square = isChosen("square") ? [{ kind: "square", font: form.elements.font.value }] : [];
  const hand = isChosen("handwritten") ? [{ kind: "handwritten", ...more }] : [];
  return { seals: [...square, ...hand] };
}

/** Keeps the choice as a draft, so that nothing is lost; its id names the pictures' addresses. */
async function keep(more) {
  const answer = await ask("/m/apply/personal", body(more));
  form.dataset.application = answer.application;
  return answer;
}

/** `part` is where the application shows it: the drawn seal, or the photo. */
function handKept(part) {
  drawn = true;
  find("[data-drawn]").textContent = say("drawn");
  const picture = find("[data-sample]", of("handwritten"));
  picture.src = `/m/apply/${form.dataset.application}/${part}?at=${Date.now()}`;
  picture.hidden = false;
  find("[data-sample-empty]").hidden = true;
}

function bindPad() {
  const sheet = find("#pad");
  const error = find("[data-pad-error]", sheet);
  let pad = null;
  find("[data-open-pad]").addEventListener("click", () => {
    openSheet(sheet);
    pad ||= new HandwritingPad(find("canvas", sheet));
    pad.clear();
    find("[data-pad-hint]", sheet).hidden = false;
  });
  find("canvas", sheet).addEventListener("pointerdown", () => {
    find("[data-pad-hint]", sheet).hidden = true;
    error.textContent = "";
  });
  find("[data-pad-undo]", sheet).addEventListener("click", () => pad.undo());
  find("[data-pad-clear]", sheet).addEventListener("click", () => pad.clear());
  find("[data-pad-keep]", sheet).addEventListener("click", async (event) => {
    const strokes = pad.strokes();
    if (!strokes.strokes.length) {
      error.textContent = say("empty_pad");
      return;
    }
    event.target.disabled = true;
    try {
      await keep({ strokes });
      handKept("seals/handwritten.png");
      closeSheet(sheet);
    } catch (problem) {
      error.textContent = sentence(problem);
    } finally {
      event.target.disabled = false;
    }
  });
}

function bindPhoto() {
  const input = find("[data-signature-photo]");
  const error = find("[data-drawing-error]");
  const state = find("[data-drawn]");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    error.textContent = "";
    const small = await ready(file);
    const lack = lackOf(small);
    if (lack) {
      error.textContent = lack;
      return;
    }
    try {
      // What was drawn before is given up only when the photo was taken.
      if (!form.dataset.application) await keep({ picture: true });
      const url = `/m/apply/${form.dataset.application}/materials/handwriting`;
      await upload(url, small, (n) => { state.textContent = say("uploading", { n: `${n}%` }); });
      await keep({ picture: true });
      handKept("materials/handwriting/picture");
    } catch (problem) {
      state.textContent = drawn ? say("drawn") : "";
      error.textContent = sentence(problem);
    }
  });
}

function showChoice() {
  show();
  showLettering();
}

form.addEventListener("change", showChoice);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const error = find("[data-page-error]");
  error.textContent = "";
  if (isChosen("handwritten") && !drawn) {
    error.textContent = say("draw_first");
    return;
  }
  onward.disabled = true;
  onward.textContent = say("saving");
  try {
    location.assign((await keep({})).next);
  } catch (problem) {
    error.textContent = sentence(problem);
    show();
  }
});
if (find("[data-open-pad]")) {
  bindPad();
  bindPhoto();
}
showChoice();
