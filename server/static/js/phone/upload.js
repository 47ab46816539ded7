/** A picture goes up with its progress shown; it fails by itself and can be sent again by itself. */

import { Problem } from "../shared/http.js";
import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { complete, refuse, sentence } from "./ask.js";
import { OF_PAPERS, shrink } from "./photo.js";

const MOST_BYTES = 5 * 1024 * 1024;
const PATIENCE_MS = 120_000;
const KINDS = ["image/jpeg", "image/png"];

const PICTURE = { field: "picture", name: "picture" };

/**
 * Sends one file as the `part` {field, name} of a form; `progress(percent)` hears how far it is.
 * With a `key` of its own the same file may be sent again after a lost answer. Throws Problem.
 */
export function upload(url, file, progress, part = PICTURE) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append(part.field, file, part.name);
    request.open("POST", url);
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Accept", "application/json");
    if (part.key) request.setRequestHeader("Idempotency-Key", part.key);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(Math.round((100 * event.loaded) / event.total));
    });
    const away = () => reject(new Problem({
      code: "network", detail: say("upload_failed"), next_step: say("network_next"),
    }));
    request.addEventListener("error", away);
    request.addEventListener("timeout", away);
    request.addEventListener("load", () => {
      try {
        resolve(answerOf(request));
      } catch (problem) {
        reject(problem);
      }
    });
    request.send(form);
  });
}

function answerOf(request) {
  let told = {};
  try {
    told = JSON.parse(request.responseText);
  } catch {
    // a gateway's own page: its status says enough
  }
  return request.status < 300 ? told : refuse(complete(told, request.status));
}

/** What is wrong with a file before it travels, as a sentence, or nothing. */
export function lackOf(file) {
  if (file.type && !KINDS.includes(file.type)) return say("not_a_picture");
  return file.size > MOST_BYTES ? say("too_large") : "";
}

/** The picture as it is sent: smaller where that helps; what the server is to judge stays. */
export async function ready(file) {
  return KINDS.includes(file.type) ? shrink(file, OF_PAPERS) : file;
}

/** Binds one slot of the papers; `changed()` after each picture that was taken. */
export function bindSlot(root, changed = () => {}) {
  const state = find("[data-slot-state]", root);
  const error = find("[data-slot-error]", root);
  const progress = find("[data-slot-progress]", root);
  const again = find("[data-slot-retry]", root);
  let held = null;

  function show(text, percent = null) {
    state.textContent = text;
    progress.hidden = percent === null;
    progress.value = percent ?? 0;
  }

  function fail(text, file = null) {
    held = file;
    show("");
    error.textContent = text;
    again.hidden = file === null;
  }

  function taken() {
    const picture = find("[data-slot-picture]", root);
    picture.src = `${root.dataset.url}/picture?at=${Date.now()}`;
    picture.hidden = false;
    find("[data-slot-empty]", root).hidden = true;
    find(".slot-reason", root)?.remove();
    root.classList.remove("slot-fault");
    root.dataset.kept = "1";
    show(say("uploaded"));
    changed();
  }

  async function send(file) {
    error.textContent = "";
    again.hidden = true;
    show(say("uploading", { n: "0%" }), 0);
    const small = await ready(file);
    const lack = lackOf(small);
    if (lack) return fail(lack);
    const said = (percent) =>
      show(say(percent < 100 ? "uploading" : "checking_picture", { n: `${percent}%` }), percent);
    try {
      await upload(root.dataset.url, small, said);
      taken();
    } catch (problem) {
      // A picture that was judged needs another one; one that never arrived can be sent again.
      fail(sentence(problem), problem.status && problem.status < 500 ? null : file);
    }
  }

  for (const input of findAll("[data-slot-file]", root)) {
    input.addEventListener("change", () => {
      if (input.files.length) send(input.files[0]);
      input.value = "";
    });
  }
  again.addEventListener("click", () => { if (held) send(held); });
  return { complain: fail };
}
