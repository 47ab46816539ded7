/**
 * The seals: drag one to a page, or press it to put it on the page in view. A finger chooses first:
 * the page is small under it, and the seal goes where the page is touched next.
 */

import { fill, find, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { followPointer } from "./drag.js";
import { isHandheld } from "./this_device.js";

const WIDEST_MM = 40;
const trimmed = (mm) => Number(mm.toFixed(1));

export class SealTray {
  /** `act`: {place(seal, {page, x, y}), placeHere(seal), choose(seal)}. */
  constructor({ root, view, pictures, act }) {
    Object.assign(this, { view, pictures, act });
    this.list = find("#seals", root);
    this.shown = "";
  }

  render(state) {
    const seals = (state.page?.seals ?? []).filter(({ id }) => this.pictures.get(id));
    const shown = seals.map(({ id }) => id).join(" ");
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.replaceChildren(...seals.map((seal) => make("li", {}, this.#card(seal))));
    }
    for (const card of this.list.querySelectorAll(".seal-card")) this.#renderCard(card, state);
  }

  #renderCard(card, state) {
    const chosen = card.dataset.sealId === String(state.armed);
    const touched = say(chosen ? "tap_page" : "tap_seal");
    fill(card, { here: isHandheld ? touched : this.#whatPressDoes(state) });
    if (isHandheld) card.setAttribute("aria-pressed", String(chosen));
  }

  #whatPressDoes({ mode, spread, current }) {
    if (mode === "single") return say("place_here", { n: current });
    return say(`place_${mode}`, { n: spread.pages.length });
  }

  #card(seal) {
    const { url } = this.pictures.get(seal.id);
    const picture = make("img", { src: url, alt: "", draggable: "false" });
    // Smaller seals look smaller, yet not so small that they could not be read.
    picture.style.width = `${100 * Math.sqrt(Math.min(1, seal.width_mm / WIDEST_MM))}%`;
    const size = say("size_mm", { width: trimmed(seal.width_mm), height: trimmed(seal.height_mm) });
    const card = make(
      "button",
      {
        type: "button",
        class: "seal-card",
        "data-seal-id": seal.id,
        "aria-describedby": "seal-keys",
      },
      make("span", { class: "seal-plate" }, picture),
      make(
        "span",
        { class: "seal-words" },
        make("span", { class: "seal-name" }, seal.name),
        make("span", { class: "seal-size" }, size),
        make("span", { class: "seal-here", "data-fill": "here" }),
      ),
    );
    card.addEventListener("pointerdown", (event) => this.#grab(event, seal, url));
    // Pointers are followed above; what reaches here is a press of Enter, Space or a screen reader.
    card.addEventListener("click", (event) => {
      if (event.detail === 0) this.act.placeHere(seal);
    });
    return card;
  }

  #grab(event, seal, picture) {
    if (event.button !== 0) return;
    const card = event.currentTarget;
    followPointer({
      event,
      view: this.view,
      seal,
      picture,
      on: {
        start: () => card.classList.add("lifted"),
        drop: (place) => {
          card.classList.remove("lifted");
          if (place) this.act.place(seal, place);
        },
        click: () => (isHandheld ? this.act.choose(seal) : this.act.placeHere(seal)),
      },
    });
  }
}
