/** 骑缝: the slices on the pages' edges; they go along their edge together, by pointer or by key. */

import { icon, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { slices } from "../shared/straddle.js";
import { phaseOf } from "./state.js";

const STEP_PX = 2;
const BIG_STEP_PX = 20;
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const percent = (fraction) => `${fraction * 100}%`;
const goesDown = (edge) => edge === "left" || edge === "right";
const within = (along) => Math.min(1, Math.max(0, along));

/** The part `clip` of a picture as an element that is as large as its parent. */
export function partOfPicture(url, [x0, y0, x1, y1]) {
  const picture = make("img", { src: url, alt: "", draggable: "false" });
  Object.assign(picture.style, {
    width: percent(1 / (x1 - x0)),
    height: percent(1 / (y1 - y0)),
    left: percent(-x0 / (x1 - x0)),
    top: percent(-(1 - y1) / (y1 - y0)),
  });
  return make("span", { class: "slice-window" }, picture);
}

/** The slices of a straddle on the pages that `view` shows. */
export function slicesOn(view, straddle, seal) {
  return slices(straddle, seal, (number) => {
    const { viewport } = view.page(number);
    return { width: viewport.width / viewport.scale, height: viewport.height / viewport.scale };
  });
}

export function layOut(element, { centre, size }) {
  Object.assign(element.style, {
    left: percent(centre.x),
    top: percent(centre.y),
    width: percent(size.width),
    height: percent(size.height),
  });
}

export class Slices {
  /** `act`: {slid(straddle), removed()}. */
  constructor({ view, store, pictures, act }) {
    Object.assign(this, { view, store, pictures, act });
    this.shown = new Map(); // straddle key -> {drawn, free, chosen, pages, elements by page}
    this.tools = this.#makeTools();
  }

  /** `hidden`: the sealed file itself is on the screen. */
  render(state, { hidden = false } = {}) {
    if (this.view.pages.length === 0) return;
    const known = ({ seal_id: id }) => !hidden && this.pictures.get(id);
    const straddles = state.straddles.filter(known);
    const keys = new Set(straddles.map(({ key }) => key));
    for (const [key, { elements }] of this.shown) {
      if (keys.has(key)) continue;
      for (const element of elements.values()) element.remove();
      this.shown.delete(key);
    }
    const free = phaseOf(state.page) === "placing";
    for (const straddle of straddles) this.#renderOne(straddle, free, state.selected);
    if (!free || !keys.has(state.selected)) this.tools.remove();
  }

  /** Puts the keyboard on the first slice and brings it into view. */
  focus(key) {
    const first = this.shown.get(key)?.elements.values().next().value;
    first?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #renderOne(straddle, free, selected) {
    const chosen = free && selected === straddle.key;
    const now = { drawn: straddle, free, chosen, pages: this.view.pages };
    const before = this.shown.get(straddle.key);
    if (before && Object.keys(now).every((name) => before[name] === now[name])) return;
    const { seal, url } = this.pictures.get(straddle.seal_id);
    const cut = slicesOn(this.view, straddle, seal);
    const elements = this.#matching(straddle, cut, before, url);
    cut.forEach((slice, index) => {
      const element = elements.get(slice.page);
      layOut(element, slice);
      element.tabIndex = free && index === 0 ? 0 : -1; // one stop for all, not one on each page
      element.classList.toggle("fixed", !free);
      element.classList.toggle("selected", chosen);
      element.setAttribute("aria-label", say("slice", { seal: seal.name, page: slice.page }));
    });
    this.shown.set(straddle.key, { ...now, elements });
    if (chosen) this.#showTools(straddle, elements);
  }

  /** The elements that lie there already where only the place has changed, else new ones. */
  #matching(straddle, cut, before, url) {
    const shape = JSON.stringify(cut.map(({ page, clip }) => [page, clip]));
    const lies = before?.pages === this.view.pages && before.elements.shape === shape;
    if (lies) return before.elements;
    const focused = [...(before?.elements ?? [])].some(([, it]) => it === document.activeElement);
    for (const element of before?.elements.values() ?? []) element.remove();
    const elements = new Map(
      cut.map(({ page, clip }) => [page, this.#make(straddle.key, page, partOfPicture(url, clip))]),
    );
    elements.shape = shape;
    if (focused) elements.values().next().value?.focus({ preventScroll: true });
    return elements;
  }

  #make(key, page, picture) {
    const element = make(
      "div",
      { class: "mark slice", role: "button", "aria-describedby": "slice-keys", "data-key": key },
      picture,
    );
    element.addEventListener("focus", () => this.store.dispatch({ type: "select", key }));
    element.addEventListener("pointerdown", (event) => this.#grab(event, element, key));
    element.addEventListener("keydown", (event) => this.#press(event, key));
    this.view.page(page).layer.append(element);
    return element;
  }

  #straddle(key) {
    return this.store.state.straddles.find((straddle) => straddle.key === key);
  }

  /** Follows the pointer along the edge; the slices of all pages move under its eyes. */
  #grab(event, element, key) {
    if (event.button !== 0 || element.classList.contains("fixed")) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    const { edge } = this.#straddle(key);
    const layer = element.parentElement.getBoundingClientRect();
    const [start, length] = goesDown(edge) ? [layer.top, layer.height] : [layer.left, layer.width];
    const at = (moved) => ((goesDown(edge) ? moved.clientY : moved.clientX) - start) / length;
    const own = parseFloat(goesDown(edge) ? element.style.top : element.style.left) / 100;
    const held = at(event) - own;
    let slid = false;
    const move = (moved) => {
      if (moved.pointerId !== event.pointerId) return;
      slid = true;
      this.store.dispatch({ type: "alter", key, to: { along: within(at(moved) - held) } });
    };
    const finish = (ended) => {
      if (ended.pointerId !== event.pointerId) return;
      element.removeEventListener("pointermove", move);
      for (const type of ["pointerup", "pointercancel"]) element.removeEventListener(type, finish);
      if (slid) this.act.slid(this.#straddle(key));
    };
    element.setPointerCapture(event.pointerId);
    element.addEventListener("pointermove", move);
    for (const type of ["pointerup", "pointercancel"]) element.addEventListener(type, finish);
  }

  #press(event, key) {
    const straddle = this.#straddle(key);
    if (!straddle || phaseOf(this.store.state.page) !== "placing") return;
    if (event.key in STEPS) {
      event.preventDefault();
      const { viewport } = this.view.page(straddle.pages[0]);
      const length = goesDown(straddle.edge) ? viewport.height : viewport.width;
      const step = STEPS[event.key] * (event.shiftKey ? BIG_STEP_PX : STEP_PX);
      const now = this.#drawnAlong(straddle);
      this.store.dispatch({ type: "alter", key, to: { along: within(now + step / length) } });
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.#remove(key);
    }
  }

  /** Where it lies now: at the ends of the edge the seal stops before `along` does. */
  #drawnAlong({ key, edge }) {
    const first = this.shown.get(key).elements.values().next().value;
    return parseFloat(goesDown(edge) ? first.style.top : first.style.left) / 100;
  }

  #remove(key) {
    this.store.dispatch({ type: "remove", key });
    this.act.removed();
  }

  #makeTools() {
    const remove = make("button", { type: "button", class: "tool" }, icon("bin"), say("remove"));
    remove.addEventListener("click", () => this.#remove(this.store.state.selected));
    const named = { class: "mark-tools", role: "group", "aria-label": say("tools") };
    return make("div", named, remove);
  }

  #showTools(straddle, elements) {
    const held = [...elements.values()].find((element) => element === document.activeElement);
    const element = held ?? elements.values().next().value;
    if (!element) return;
    const { left, top, height } = element.style;
    const below = parseFloat(top) < 80;
    const half = parseFloat(height) / 2;
    this.tools.classList.toggle("above", !below);
    this.tools.style.top = percent((parseFloat(top) + (below ? half : -half)) / 100);
    const layer = element.parentElement;
    if (this.tools.parentElement !== layer) layer.append(this.tools);
    const room = Math.min(50, (100 * this.tools.offsetWidth) / 2 / layer.offsetWidth);
    const middle = Math.min(100 - room, Math.max(room, parseFloat(left)));
    this.tools.style.left = percent(middle / 100);
  }
}
