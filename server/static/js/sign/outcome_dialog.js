/** Sealing under way, done, or ended otherwise; also what stops the page altogether. */

import { fill, find, findAll, make, setOpen, showWhen } from "../shared/dom.js";
import { config, say } from "../shared/page_data.js";
import { phaseOf } from "./state.js";

const PHASES = new Set(["sealing", "sealed", "failed", "cancelled", "expired"]);

/** 1234567 -> "1.18 MB" (MB = 1024 x 1024 bytes, Settled 7) */
export function fileSize(bytes) {
  return bytes < 1024 * 1024
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}

/** In the country's own time, whatever this machine is set to. */
export function localTime(iso) {
  const form = { dateStyle: "long", timeStyle: "short", timeZone: "Asia/Shanghai", hour12: false };
  return new Intl.DateTimeFormat(config.lang, form).format(new Date(iso));
}

/** "3fa91c02…" -> "3fa9 1c02 …": the first groups, as on the phone */
export function digestHead(hex) {
  return `${hex.slice(0, 16).match(/.{4}/g).join(" ")} …`;
}

export class OutcomeDialog {
  /** `act`: {download(), view()} -> promises. */
  constructor({ dialog, act }) {
    this.dialog = dialog;
    this.stopped = false;
    this.closed = false;
    dialog.addEventListener("cancel", (event) => {
      if (dialog.dataset.phase !== "sealed") event.preventDefault();
    });
    dialog.addEventListener("close", () => (this.closed = true));
    const acts = { ...act, close: () => dialog.close(), reload: () => location.reload() };
    for (const button of findAll("[data-act]", dialog)) {
      button.addEventListener("click", () => acts[button.dataset.act]());
    }
  }

  open() {
    this.closed = false;
    setOpen(this.dialog, true);
  }

  render(state) {
    const phase = phaseOf(state.page);
    if (this.stopped || !PHASES.has(phase)) return;
    const { task, result } = state.page;
    this.#show(phase, {
      heading: say(`outcome_${phase}`),
      status: this.#sentence(phase, task),
      next_step: phase === "failed" ? (task.failure?.next_step ?? "") : "",
      problem: "",
      ...(result && {
        file: result.name,
        facts: say("result_facts", { seals: result.seals, size: fileSize(result.size) }),
        sealed_at: localTime(result.sealed_at),
        digest: digestHead(result.sha256),
      }),
    });
    this.#link(task.return_url);
  }

  /** Something after which this page cannot go on. */
  stop(problem, { heading = say("outcome_stopped"), returnUrl = null } = {}) {
    this.stopped = true;
    const { detail: status, nextStep } = problem;
    this.#show("stopped", { heading, status, next_step: nextStep, problem: "" });
    this.#link(returnUrl);
  }

  tell(problem) {
    fill(this.dialog, { problem: `${problem.detail} ${problem.nextStep}`.trim() });
  }

  #sentence(phase, task) {
    return phase === "failed" ? (task.failure?.detail ?? "") : say(`${phase}_status`);
  }

  #show(phase, values) {
    if (this.dialog.dataset.phase !== phase) this.closed = false;
    this.dialog.dataset.phase = phase;
    showWhen(this.dialog, phase);
    fill(this.dialog, values);
    if (!this.closed) setOpen(this.dialog, true);
  }

  #link(returnUrl) {
    const links = find("#outcome-return", this.dialog);
    if (links.dataset.url === String(returnUrl)) return;
    links.dataset.url = String(returnUrl);
    const words = say("return_to", { partner: config.partner.name });
    links.replaceChildren(
      ...(returnUrl ? [make("a", { class: "button", href: returnUrl }, words)] : []),
    );
  }
}
