/** The QR dialog: animated frames, countdown, the state in words, and what can be done about it. */

import { fill, find, findAll, setOpen, showWhen } from "../shared/dom.js";
import { config, say } from "../shared/page_data.js";
import { pictureSize, qrPath } from "../shared/qr_path.js";
import { minutesAndSeconds, secondsLeft } from "../shared/server_clock.js";
import { frameAt, joined, runningOut } from "./frames.js";
import { phaseOf } from "./state.js";

const TICK_MS = 200;
const RETRY_MS = 2_000;
const PHASES = new Set(["waiting", "scanned", "loading", "refused", "lapsed"]);
const PLAIN_HINTS = new Set(["outstanding", "scanned", "enter_pin"]);
const HURRY_S = 20;

export class QrDialog {
  /** `act`: {refresh, anotherPhone, cancel, publicComputer() -> promise of success, reread}. */
  constructor({ dialog, store, api, clock, act }) {
    Object.assign(this, { dialog, store, api, clock, act });
    this.frames = [];
    this.generation = "";
    this.askAfter = 0;
    this.closedIn = null; // the phase in which the person put the dialog away
    this.path = find("#qr-path", dialog);
    this.svg = find("#qr-svg", dialog);
    this.drawn = null;
    this.#bind();
    setInterval(() => this.#tick(), TICK_MS);
  }

  open() {
    this.closedIn = null;
    this.render(this.store.state);
  }

  render(state) {
    const phase = phaseOf(state.page);
    setOpen(this.dialog, PHASES.has(phase) && this.closedIn !== phase);
    if (!PHASES.has(phase)) return;
    const { qr } = state.page;
    const unplain = phase === "waiting" && !PLAIN_HINTS.has(qr.hint?.code);
    if (phase === "waiting") this.#renew(qr);
    this.dialog.dataset.phase = phase;
    showWhen(this.dialog, phase === "refused" && qr.state === "expired" ? "outdated" : phase);
    fill(this.dialog, {
      heading: this.#heading(phase, qr),
      status: this.#status(phase, qr),
      next_step: phase === "refused" ? (qr.hint?.next_step ?? "") : "",
      notice: unplain ? (qr.hint?.message ?? "") : "",
      reference_code: qr?.reference_code ?? "",
      problem: "",
    });
    const spent = phase === "waiting" && qr.refreshes_left < 1;
    for (const button of findAll('[data-act="refresh"]', this.dialog)) button.disabled = spent;
    const tick = find("#public-computer", this.dialog);
    if (state.page.public_computer) tick.checked = true;
    tick.disabled = phase !== "waiting" || tick.checked;
    this.#tick();
  }

  /** Says what went wrong with something pressed in this dialog. */
  tell(problem) {
    fill(this.dialog, { problem: `${problem.detail} ${problem.nextStep}`.trim() });
  }

  #heading(phase, qr) {
    if (phase === "refused") return say(qr.state === "expired" ? "qr_expired" : "qr_failed");
    return say(`qr_heading_${phase}`);
  }

  #status(phase, qr) {
    if (phase === "refused") return qr.hint?.message ?? "";
    return say(`qr_status_${phase}`, { name: qr?.phone_name ?? "" });
  }

  #renew(qr) {
    const generation = `${qr.seq} ${qr.expires_at}`;
    if (generation === this.generation) return;
    this.generation = generation;
    this.frames = [];
    this.askAfter = 0;
  }

  #tick() {
    const { page } = this.store.state;
    const phase = phaseOf(page);
    if (!this.dialog.open || !(phase === "waiting" || phase === "scanned")) return;
    const now = this.clock.now();
    const left = secondsLeft(page.qr.expires_at, now);
    for (const element of findAll(".qr-countdown", this.dialog)) {
      element.textContent = minutesAndSeconds(left);
      element.classList.toggle("hurry", left <= HURRY_S);
    }
    if (left === 0 && now >= this.askAfter) {
      this.askAfter = now + RETRY_MS;
      this.act.reread();
    }
    if (phase !== "waiting" || left === 0) return this.#draw(null);
    this.#draw(frameAt(this.frames, now));
    if (runningOut(this.frames, now) && now >= this.askAfter) this.#ask(now);
  }

  async #ask(now) {
    this.askAfter = now + RETRY_MS;
    const { generation } = this;
    try {
      const { frames, now: told } = await this.api.frames();
      if (generation !== this.generation) return;
      this.clock.sync(told);
      this.frames = joined(this.frames, frames, this.clock.now());
      this.#tick();
    } catch (problem) {
      if (problem.status !== 0) this.act.reread(); // no longer pending, most likely
    }
  }

  #draw(frame) {
    if (frame?.text === this.drawn?.text) return;
    this.drawn = frame;
    this.svg.classList.toggle("empty", !frame);
    if (!frame) return;
    const size = pictureSize(frame.modules);
    this.svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
    this.path.setAttribute("d", qrPath(frame.modules));
  }

  #bind() {
    const acts = {
      refresh: () => this.act.refresh(),
      another: () => this.act.anotherPhone(),
      cancel: () => this.act.cancel(),
      close: () => this.dialog.close(),
      phone: () => this.#openVirtualPhone(),
    };
    for (const button of findAll("[data-act]", this.dialog)) {
      button.addEventListener("click", () => acts[button.dataset.act]());
    }
    this.dialog.addEventListener("close", () => {
      const phase = phaseOf(this.store.state.page);
      if (PHASES.has(phase)) this.closedIn = phase;
    });
    find("#public-computer", this.dialog).addEventListener("change", async ({ target }) => {
      target.disabled = true;
      target.checked = await this.act.publicComputer();
      target.disabled = target.checked;
    });
  }

  /** Development only: the link of the frame in view, as a phone's camera would open it. */
  #openVirtualPhone() {
    const frame = frameAt(this.frames, this.clock.now());
    if (!frame) return;
    const base = new URL(config.phone_demo_url, location.href);
    const link = new URL(new URL(frame.text).pathname, base);
    window.open(link, "guiyin-virtual-phone", "popup,width=390,height=844");
  }
}
