/** The QR dialog: animated frames, countdown, the state in words, and what can be done about it. */

import { fill, find, findAll, setOpen, showWhen } from "../shared/dom.js";
import { config, say } from "../shared/page_data.js";
import { QrPicture } from "../shared/qr_picture.js";
import { openVirtualPhone } from "../shared/virtual_phone.js";
import { phaseOf } from "./state.js";
import { isHandheld, wentOn } from "./this_device.js";

const PHASES = new Set(["waiting", "scanned", "loading", "refused", "lapsed"]);
const PLAIN_HINTS = new Set(["outstanding", "scanned", "enter_pin"]);
const COUNTED = new Set(["waiting", "scanned"]);

/** Its time has passed, or the server knows it no more. */
const isOutdated = (qr) => !qr || qr.state === "expired";

/** Which parts of the dialog show: those of a phase, or of a shade of one. */
function faceOf(phase, qr) {
  if (phase === "refused" && isOutdated(qr)) return "outdated";
  return phase === "scanned" && wentOn() ? "here" : phase;
}

export class QrDialog {
  /** `act`: {here, refresh, anotherPhone, cancel, publicComputer() -> promise of success, reread}. */
  constructor({ dialog, store, api, clock, act }) {
    Object.assign(this, { dialog, store, act });
    this.closedIn = null; // the phase in which the person put the dialog away
    this.picture = new QrPicture({
      root: dialog,
      api,
      clock,
      qr: () => this.#counted(),
      reread: () => this.act.reread(),
    });
    this.#bind();
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
    if (phase === "waiting") this.picture.renew(qr);
    this.dialog.dataset.phase = phase;
    const face = faceOf(phase, qr);
    const choice = face === "waiting" && isHandheld && !state.page.public_computer;
    showWhen(this.dialog, face);
    find(".qr-here", this.dialog).hidden = !choice;
    fill(this.dialog, {
      heading: this.#heading(choice ? "choice" : face),
      status: this.#status(choice ? "choice" : face, qr),
      next_step: phase === "refused" ? (qr?.hint?.next_step ?? "") : "",
      notice: unplain ? (qr.hint?.message ?? "") : "",
      reference_code: qr?.reference_code ?? "",
      user_code: qr?.user_code ?? "",
      problem: "",
    });
    find("[data-user-code]", this.dialog).hidden = !qr?.user_code;
    const spent = phase === "waiting" && qr.refreshes_left < 1;
    for (const button of findAll('[data-act="refresh"]', this.dialog)) button.disabled = spent;
    const tick = find("#public-computer", this.dialog);
    if (state.page.public_computer) tick.checked = true;
    tick.disabled = phase !== "waiting" || tick.checked;
    this.picture.tick();
  }

  /** Says what went wrong with something pressed in this dialog. */
  tell(problem) {
    fill(this.dialog, { problem: `${problem.detail} ${problem.nextStep}`.trim() });
  }

  #heading(face) {
    if (face === "refused") return say("qr_failed");
    return face === "outdated" ? say("qr_expired") : say(`qr_heading_${face}`);
  }

  #status(face, qr) {
    const over = face === "refused" || face === "outdated";
    if (over) return qr ? (qr.hint?.message ?? "") : say("qr_status_gone");
    return say(`qr_status_${face}`, { name: qr?.phone_name ?? "" });
  }

  /** The QR session while its time runs where the person can see it. */
  #counted() {
    const { page } = this.store.state;
    return this.dialog.open && COUNTED.has(phaseOf(page)) ? page.qr : null;
  }

  #bind() {
    const acts = {
      here: () => this.act.here(),
      refresh: () => this.act.refresh(),
      another: () => this.act.anotherPhone(),
      cancel: () => this.act.cancel(),
      close: () => this.dialog.close(),
      phone: () => openVirtualPhone(this.picture.frame, config.phone_demo_url),
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
}
