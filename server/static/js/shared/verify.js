/** 上传文件 and 立即验证: one file goes up with its progress shown, then its report is opened. */

import { find } from "./dom.js";
import { Problem } from "./http.js";
import { say } from "./page_data.js";

const MIB = 1024 * 1024;
const LARGEST_DATA = MIB;
const PATIENCE_MS = 180_000;

const form = find("#verify");
const { file, seal, signature } = form.elements;
const largest = Number(form.dataset.largest);
const button = find("[type=submit]", form);
const progress = find("[data-verify-progress]", form);

const chosen = (input) => input.files[0] ?? null;
const sentence = (problem) => [problem.detail, problem.nextStep].filter(Boolean).join(" ");

function complain(text) {
  find("[data-verify-error]", form).textContent = text;
}

function size(bytes) {
  return bytes < MIB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MIB).toFixed(1)} MB`;
}

/** What is wrong with the choice before it travels, as a sentence, or nothing. */
function lack() {
  const pdf = chosen(file);
  const parts = [seal, signature].map(chosen).filter(Boolean);
  if (!pdf && !parts.length) return say("verify_no_file");
  if (pdf && !/\.pdf$/i.test(pdf.name) && pdf.type !== "application/pdf") return say("verify_not_pdf");
  if (pdf && pdf.size > largest * MIB) return say("verify_too_large", { n: largest });
  return parts.some((one) => one.size > LARGEST_DATA) ? say("verify_data_too_large") : "";
}

function showChosen() {
  const pdf = chosen(file);
  find("[data-chosen]", form).hidden = !pdf;
  if (!pdf) return;
  find("[data-chosen-name]", form).textContent = pdf.name;
  find("[data-chosen-size]", form).textContent = size(pdf.size);
}

/** A PDF and the data of a seal are two questions: the one asked last is the one that is sent. */
function forget(inputs) {
  for (const input of inputs) input.value = "";
  showChosen();
  complain(chosen(file) || chosen(seal) || chosen(signature) ? lack() : "");
}

function show(percent) {
  progress.hidden = percent === null;
  find("progress", progress).value = percent ?? 0;
  const key = percent < 100 ? "verify_sending" : "verify_checking";
  find("[data-verify-state]", progress).textContent =
    percent === null ? "" : say(key, { n: `${percent}%` });
}

function answerOf(request) {
  let told = {};
  try {
    told = JSON.parse(request.responseText);
  } catch {
    // a gateway's own page: its status says enough
  }
  if (request.status < 300) return told;
  throw new Problem({
    ...told,
    code: told.code ?? `http_${request.status}`,
    detail: told.detail ?? say("unexpected"),
    next_step: told.next_step ?? say("network_next"),
    status: request.status,
  });
}

function send(body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const away = () => reject(new Problem({
      code: "network", detail: say("network"), next_step: say("network_next"),
    }));
    request.open("POST", form.dataset.url);
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) show(Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("error", away);
    request.addEventListener("timeout", away);
    request.addEventListener("load", () => {
      try {
        resolve(answerOf(request));
      } catch (problem) {
        reject(problem);
      }
    });
    request.send(body);
  });
}

async function verify(event) {
  event.preventDefault();
  const wrong = lack();
  complain(wrong);
  if (wrong || button.disabled) return;
  button.disabled = true;
  show(0);
  const body = new FormData();
  for (const input of [file, seal, signature]) {
    if (chosen(input)) body.append(input.name, chosen(input), chosen(input).name);
  }
  try {
    const { id } = await send(body);
    location.assign(`${form.dataset.next}/${encodeURIComponent(id)}`);
  } catch (problem) {
    show(null);
    button.disabled = false;
    complain(sentence(problem));
  }
}

form.addEventListener("submit", verify);
file.addEventListener("change", () => forget([seal, signature]));
for (const input of [seal, signature]) input.addEventListener("change", () => forget([file]));
// A choice made before this script was there, or kept by the browser, counts too.
showChosen();
window.addEventListener("pageshow", () => {
  show(null);
  button.disabled = false;
});
