/** The right rail around the seals, and the bar's small words: what is missing, what is saved. */

import { fill, find, findAll, make, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { pageChip } from "./page_chip.js";
import { barePages, complete, phaseOf, sealCount, selectedPlacement } from "./state.js";

const LOCKED = new Set(["opening", "waiting", "scanned", "loading", "refused", "lapsed"]);
const WORDED = new Set(["sealing", "sealed"]);
const MOST_CHIPS = 60;

/** `act`: {authenticate, confirm, repeat, clear, goTo(number), result}. */
export class SidePanel {
  constructor({ root, act }) {
    Object.assign(this, { root, act, told: "" });
    this.chips = find("#bare-pages", root);
    this.repeatButton = find("#repeat", root);
    this.clearButton = find("#clear", root);
    this.confirmButton = find("#confirm-button", root);
    find("#authenticate", root).addEventListener("click", () => act.authenticate());
    find("#show-result", root).addEventListener("click", () => act.result());
    this.confirmButton.addEventListener("click", () => act.confirm());
    this.repeatButton.addEventListener("click", () => act.repeat());
    this.clearButton.addEventListener("click", () => act.clear());
  }

  render(state) {
    const phase = phaseOf(state.page);
    const panel = LOCKED.has(phase) ? "locked" : phase === "placing" ? "placing" : "closed";
    showWhen(find(".tray", this.root), panel);
    find("#show-result", this.root).hidden = phase !== "sealed";
    this.confirmButton.hidden = phase === "sealed";
    this.confirmButton.disabled = phase !== "placing";
    find("#offline", this.root).hidden = state.online;
    const count = sealCount(state);
    this.repeatButton.disabled = !selectedPlacement(state);
    this.clearButton.disabled = count === 0;
    const words = this.#words(state, phase, count);
    for (const part of findAll(".bar, .rail, .zoom, .tray", this.root)) fill(part, words);
    if (panel === "placing") this.#progress(state, count);
  }

  #words(state, phase, count) {
    const { page, current, saving } = state;
    const all = page?.document.pages.length ?? 0;
    const saves = phase === "placing" && count > 0 && saving !== "idle";
    return {
      title: page?.document.name ?? "",
      page_count: page ? say("page_count", { n: all }) : "",
      where: page ? say("where", { n: current, all }) : "",
      closed_heading: say(`closed_${WORDED.has(phase) ? phase : "other"}`),
      closed_words: say(`closed_words_${phase === "sealed" ? phase : "other"}`),
      saving: saves ? say(`saving_${saving}`) : "",
      acting: page?.grant?.acting ?? "",
      signer: page?.grant?.signer ?? "",
    };
  }

  #progress(state, count) {
    const bare = barePages(state);
    const every = state.page.task.every_page;
    const box = find("#progress", this.root);
    box.classList.toggle("done", complete(state));
    const words = complete(state)
      ? say(every ? "all_pages_done" : "some_done", { n: count })
      : say(every ? "pages_left" : "none_placed", { n: bare.length });
    fill(box, { progress: words });
    const told = every ? bare.join(" ") : "";
    if (told === this.told) return;
    this.told = told;
    const buttons = (every ? bare : [])
      .slice(0, MOST_CHIPS)
      .map((number) => pageChip(number, this.act.goTo));
    if (told && bare.length > MOST_CHIPS) buttons.push(make("li", {}, "…"));
    this.chips.replaceChildren(...buttons);
  }
}
