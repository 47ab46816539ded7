/** The seals that lie on the pages: to be dragged, moved by keys, repeated and removed. */

import { icon, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { followPointer } from "./drag.js";
import { fractionAt, nudged, sealFraction, toFraction } from "./geometry.js";
import { phaseOf } from "./state.js";

const STEP_PX = 2;
const BIG_STEP_PX = 20;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const percent = (fraction) => `${fraction * 100}%`;

export class Marks {
  /** `act`: {repeat(placement), moved(placement), removed(placement), placeChosen(page, at)}. */
  constructor({ view, store, pictures, act }) {
    Object.assign(this, { view, store, pictures, act });
    this.elements = new Map(); // placement key -> element
    this.tools = this.#makeTools();
    view.list.addEventListener("pointerdown", (event) => {
      const kept = event.target.closest(".mark, .mark-tools");
      if (!kept) store.dispatch({ type: "select", key: null });
    });
    view.list.addEventListener("click", (event) => this.#touch(event));
  }

  /** `hidden`: the sealed file itself is on the screen. */
  render(state, { hidden = false } = {}) {
    if (this.view.pages.length === 0) return;
    const known = ({ seal_id: id }) => !hidden && this.pictures.get(id);
    const shown = state.placements.filter(known);
    const keys = new Set(shown.map(({ key }) => key));
    for (const [key, element] of this.elements) {
      if (keys.has(key)) continue;
      element.remove();
      this.elements.delete(key);
    }
    const free = phaseOf(state.page) === "placing";
    this.view.list.classList.toggle("awaits-touch", free && state.armed !== null);
    const isSelected = ({ key }) => key === state.selected;
    for (const placement of shown) this.#renderOne(placement, free, isSelected(placement));
    this.#renderTools(free && shown.find(isSelected));
  }

  /** Puts the keyboard on a mark and brings it into view. */
  focus(key) {
    const element = this.elements.get(key);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #renderOne(placement, free, selected) {
    const { seal, url } = this.pictures.get(placement.seal_id);
    const page = this.view.page(placement.page);
    const element = this.elements.get(placement.key) ?? this.#makeMark(placement.key, url);
    if (element.parentElement !== page.layer) {
      const focused = document.activeElement === element;
      page.layer.append(element);
      if (focused) element.focus({ preventScroll: true });
    }
    const centre = toFraction(placement, page.viewport);
    const size = sealFraction(seal, page.viewport);
    Object.assign(element.style, {
      left: percent(centre.x),
      top: percent(centre.y),
      width: percent(size.width),
      height: percent(size.height),
    });
    element.tabIndex = free ? 0 : -1;
    element.classList.toggle("fixed", !free);
    element.classList.toggle("selected", free && selected);
    element.setAttribute("aria-label", say("mark", { seal: seal.name, page: placement.page }));
  }

  #makeMark(key, url) {
    const picture = make("img", { src: url, alt: "", draggable: "false" });
    const element = make(
      "div",
      { class: "mark", role: "button", "aria-describedby": "mark-keys", "data-key": key },
      picture,
    );
    element.addEventListener("focus", () => this.store.dispatch({ type: "select", key }));
    element.addEventListener("pointerdown", (event) => this.#grab(event, element, key));
    element.addEventListener("keydown", (event) => this.#press(event, key));
    this.elements.set(key, element);
    return element;
  }

  /** A press that neither scrolled nor dragged; where a seal lies already, that one is meant. */
  #touch(event) {
    const point = { x: event.clientX, y: event.clientY };
    const page = this.view.pageAt(point);
    if (!page || event.target.closest(".mark, .mark-tools")) return;
    this.act.placeChosen(page, fractionAt(page.element.getBoundingClientRect(), point));
  }

  #placement(key) {
    return this.store.state.placements.find((placement) => placement.key === key);
  }

  #grab(event, element, key) {
    if (event.button !== 0 || element.classList.contains("fixed")) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    const { left, top, width, height } = element.getBoundingClientRect();
    const { seal, url } = this.pictures.get(this.#placement(key).seal_id);
    followPointer({
      event,
      view: this.view,
      seal,
      picture: url,
      grab: { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 },
      on: {
        start: () => element.classList.add("lifted"),
        drop: (to) => {
          element.classList.remove("lifted");
          if (to) this.#move(key, to);
        },
      },
    });
  }

  #move(key, to) {
    this.store.dispatch({ type: "move", key, to });
    const placement = this.#placement(key);
    this.act.moved(placement);
  }

  #press(event, key) {
    const arrow = ARROWS[event.key];
    const placement = this.#placement(key);
    if (!placement || phaseOf(this.store.state.page) !== "placing") return;
    if (arrow) {
      event.preventDefault();
      const step = event.shiftKey ? BIG_STEP_PX : STEP_PX;
      const { seal } = this.pictures.get(placement.seal_id);
      const { viewport } = this.view.page(placement.page);
      const to = nudged(placement, { x: arrow[0] * step, y: arrow[1] * step }, seal, viewport);
      this.store.dispatch({ type: "move", key, to });
      this.focus(key);
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.#remove(placement);
    }
  }

  #remove(placement) {
    this.store.dispatch({ type: "remove", key: placement.key });
    this.act.removed(placement);
  }

  #makeTools() {
    const repeat = make("button", { type: "button", class: "tool" }, icon("copy"), say("repeat"));
    const remove = make("button", { type: "button", class: "tool" }, icon("bin"), say("remove"));
    const chosen = () => this.#placement(this.store.state.selected);
    repeat.addEventListener("click", () => this.act.repeat(chosen()));
    remove.addEventListener("click", () => this.#remove(chosen()));
    const named = { class: "mark-tools", role: "group", "aria-label": say("tools") };
    return make("div", named, repeat, remove);
  }

  #renderTools(placement) {
    if (!placement) {
      this.tools.remove();
      return;
    }
    const { seal } = this.pictures.get(placement.seal_id);
    const page = this.view.page(placement.page);
    const centre = toFraction(placement, page.viewport);
    const size = sealFraction(seal, page.viewport);
    const above = centre.y + size.height / 2 > 0.9;
    this.tools.classList.toggle("above", above);
    this.tools.style.top = percent(centre.y + (above ? -0.5 : 0.5) * size.height);
    if (this.tools.parentElement !== page.layer) page.layer.append(this.tools);
    // Wholly on the page: beside it there may be no room.
    const half = Math.min(0.5, this.tools.offsetWidth / 2 / page.layer.offsetWidth);
    this.tools.style.left = percent(Math.min(1 - half, Math.max(half, centre.x)));
  }
}
