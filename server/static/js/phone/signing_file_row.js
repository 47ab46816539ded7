/** One file of those to be signed: its name, how far it is, and what is wrong with it. */

import { fill, find, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { sentence } from "./ask.js";

const MEGABYTE = 1024 * 1024;

const sizeText = (size) =>
  size < MEGABYTE ? `${Math.ceil(size / 1024)} KB` : `${(size / MEGABYTE).toFixed(1)} MB`;

/**
 * `away(row)` and `again(row)` are pressed. `status`: waiting, sending, checking, ready, bad, or
 * gone once it was taken away.
 */
export function makeRow({ name, size, away, again }) {
  const element = find("#file-row").content.firstElementChild.cloneNode(true);
  const [state, bar, error, notes, retry, remove] = [
    "state", "bar", "error", "notes", "retry", "away",
  ].map((part) => find(`[data-row-${part}]`, element));
  fill(element, { name, size: sizeText(size) });
  remove.setAttribute("aria-label", say("file_away", { name }));
  bar.setAttribute("aria-label", say("file_progress", { name }));

  function show(status, text, percent = null) {
    row.status = status;
    element.dataset.status = status;
    state.textContent = text;
    bar.hidden = percent === null;
    bar.value = percent ?? 0;
    error.textContent = "";
    retry.hidden = true;
    element.classList.remove("signing-file-bad");
  }

  const row = {
    element,
    status: "waiting",
    id: null,
    wait: () => show("waiting", say("file_waiting")),
    check: () => show("checking", say("checking_file")),
    progress(percent) {
      const sent = percent >= 100;
      show("sending", say(sent ? "checking_file" : "uploading", { n: `${percent}%` }), percent);
    },
    /** `again`: the same bytes may be sent once more. */
    fail(text, { again: may = false } = {}) {
      show("bad", "");
      error.textContent = text;
      retry.hidden = !may;
      element.classList.add("signing-file-bad");
    },
    /** The server's word on it. */
    told({ status, pages, cautions, problem }) {
      if (status === "checking") return;
      if (status === "rejected") {
        row.fail(sentence({ detail: problem.detail, nextStep: problem.next_step }));
        return;
      }
      show("ready", say("file_ready", { n: pages.length }));
      notes.replaceChildren(...cautions.map(({ message }) =>
        make("p", { class: "note note-warning" }, message)));
    },
  };
  remove.addEventListener("click", () => away(row));
  retry.addEventListener("click", () => again(row));
  row.wait();
  return row;
}
