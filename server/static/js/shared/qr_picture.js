/** The animated QR and its count-down: asks for frames, draws the one whose time it is. */

import { find, findAll } from "./dom.js";
import { frameAt, joined, runningOut } from "./frames.js";
import { pictureSize, qrPath } from "./qr_path.js";
import { minutesAndSeconds, secondsLeft } from "./server_clock.js";

const TICK_MS = 200;
const RETRY_MS = 2_000;
const HURRY_S = 20;

export class QrPicture {
  /**
   * `root` holds #qr-svg, #qr-path and any number of .qr-countdown. `qr()`: what counts down now,
   * {state, seq, expires_at}, or null; only a pending one is drawn. `reread()` asks for the state.
   */
  constructor({ root, api, clock, qr, reread }) {
    Object.assign(this, { root, api, clock, qr, reread });
    this.frames = [];
    this.generation = "";
    this.askAfter = 0;
    this.path = find("#qr-path", root);
    this.svg = find("#qr-svg", root);
    this.drawn = null;
    setInterval(() => this.tick(), TICK_MS);
  }

  /** The frame in view, or null. */
  get frame() {
    return frameAt(this.frames, this.clock.now());
  }

  /** Frames of an earlier generation are dead; `qr` is a pending session's. */
  renew(qr) {
    const generation = `${qr.seq} ${qr.expires_at}`;
    if (generation === this.generation) return;
    this.generation = generation;
    this.frames = [];
    this.askAfter = 0;
  }

  tick() {
    const qr = this.qr();
    if (!qr) return;
    const now = this.clock.now();
    const left = secondsLeft(qr.expires_at, now);
    for (const element of findAll(".qr-countdown", this.root)) {
      element.textContent = minutesAndSeconds(left);
      element.classList.toggle("hurry", left <= HURRY_S);
    }
    if (left === 0 && now >= this.askAfter) {
      this.askAfter = now + RETRY_MS;
      this.reread();
    }
    if (qr.state !== "pending" || left === 0) return this.#draw(null);
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
      this.tick();
    } catch (problem) {
      if (problem.status !== 0) this.reread(); // no longer pending, most likely
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
}
