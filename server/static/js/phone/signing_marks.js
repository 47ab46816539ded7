/** The seals on the pages, whole ones and slices: dragged by a finger, moved by keys, removed. */

import { make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { slices } from "../shared/straddle.js";
import { followPointer } from "../sign/drag.js";
import { nudged, sealFraction, sealPixels, toFraction } from "../sign/geometry.js";
import { markOf, marksOf, sealOf } from "./signing_state.js";

const STEP_PT = 3;
const BIG_STEP_PT = 24;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const percent = (fraction) => `${fraction * 100}%`;
const runsDown = (edge) => edge === "left" || edge === "right";

export class Marks {
  /** `on`: {moved(key), remove(key)}; both hear of what a person has done. */
  constructor({ store, pages, on }) {
    Object.assign(this, { store, pages, on });
    this.elements = new Map(); // "key" or "key/page" -> element
    pages.list.addEventListener("click", (event) => {
      if (!event.target.closest(".sign-mark")) store.dispatch({ type: "select", key: null });
    });
  }

  /** Draws what lies on the file in view; `free`: it may be moved. */
  render(state, free) {
    const shown = new Map([...this.#whole(state), ...this.#cut(state)]);
    for (const [name, element] of this.elements) {
      if (shown.has(name) && shown.get(name).page.layer.isConnected) continue;
      element.remove();
      this.elements.delete(name);
    }
    for (const [name, mark] of shown) this.#draw(name, mark, state, free);
  }

  /** Puts the keyboard on a mark and brings it into view. */
  focus(key) {
    const [, element] = [...this.elements].find(([name]) => name.split("/")[0] === String(key)) ?? [];
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #whole(state) {
    return marksOf(state).placements.map((placement) => {
      const seal = sealOf(state, placement.seal_id);
      const page = this.pages.page(placement.page);
      const centre = toFraction(placement, page.viewport);
      const size = sealFraction(seal, page.viewport);
      return [String(placement.key), { key: placement.key, seal, page, centre, size }];
    });
  }

  #cut(state) {
    return marksOf(state).straddles.flatMap((straddle) => {
      const seal = sealOf(state, straddle.seal_id);
      return slices(straddle, seal, (number) => this.pages.page(number).viewport).map((slice) => {
        const page = this.pages.page(slice.page);
        return [`${straddle.key}/${slice.page}`, { ...slice, key: straddle.key, seal, page }];
      });
    });
  }

  #draw(name, { key, seal, page, centre, size, clip }, { selected }, free) {
    const element = this.elements.get(name) ?? this.#make(name, key, seal, clip);
    if (element.parentElement !== page.layer) page.layer.append(element);
    const said = { seal: seal.name, page: page.number };
    element.setAttribute("aria-label", say(clip ? "mark_slice" : "mark", said));
    element.tabIndex = free ? 0 : -1;
    element.classList.toggle("fixed", !free);
    element.classList.toggle("selected", free && key === selected);
    Object.assign(element.style, {
      left: percent(centre.x),
      top: percent(centre.y),
      width: percent(size.width),
      height: percent(size.height),
    });
  }

  #make(name, key, seal, clip) {
    const picture = make("img", { src: seal.picture, alt: "", draggable: "false" });
    const element = make(
      "div",
      { class: `sign-mark${clip ? " sign-slice" : ""}`, role: "button", "aria-describedby": "mark-keys" },
      make("span", { class: "sign-ink" }, picture),
    );
    if (clip) showPart(picture, clip);
    element.addEventListener("focus", () => this.store.dispatch({ type: "select", key }));
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || element.classList.contains("fixed")) return;
      event.preventDefault();
      element.focus({ preventScroll: true });
      if (clip) this.#slide(event, element, key);
      else this.#drag(event, element, key);
    });
    element.addEventListener("keydown", (event) => this.#press(event, key));
    this.elements.set(name, element);
    return element;
  }

  #drag(event, element, key) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const seal = sealOf(this.store.state, markOf(this.store.state, key).seal_id);
    const { scroller } = this.pages;
    followPointer({
      event,
      // A page is as wide as the screen whatever its size, so that each has a scale of its own.
      view: {
        scroller,
        scale: width / sealPixels(seal, 1).width,
        pageAt: (point) => this.pages.pageAt(point),
      },
      seal,
      picture: seal.picture,
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

  /** All slices of a seal go along their edge together, under the finger. */
  #slide(event, element, key) {
    const { pointerId } = event;
    const layer = element.parentElement;
    const { edge } = markOf(this.store.state, key);
    const from = drawnAlong(element, edge);
    const place = (at) => (runsDown(edge) ? at.clientY : at.clientX);
    const start = place(event);
    const follow = (moved) => {
      if (moved.pointerId !== pointerId) return;
      const { width, height } = layer.getBoundingClientRect();
      const by = (place(moved) - start) / (runsDown(edge) ? height : width);
      this.store.dispatch({ type: "move", key, to: { along: within(from + by) } });
    };
    const finish = (ended) => {
      if (ended.pointerId !== pointerId) return;
      element.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"]) element.removeEventListener(type, finish);
      if (drawnAlong(element, edge) !== from) this.on.moved(key);
    };
    element.setPointerCapture(pointerId);
    element.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) element.addEventListener(type, finish);
  }

  #press(event, key) {
    const arrow = ARROWS[event.key];
    const mark = markOf(this.store.state, key);
    if (!mark || event.currentTarget.classList.contains("fixed")) return;
    if (arrow) {
      event.preventDefault();
      const step = event.shiftKey ? BIG_STEP_PT : STEP_PT;
      this.#step(mark, { x: arrow[0] * step, y: arrow[1] * step }, event.currentTarget);
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.on.remove(key);
    }
  }

  /** `by`: points to the right and down. */
  #step(mark, by, element) {
    const { state } = this.store;
    if (mark.edge) {
      const { viewport } = this.pages.page(mark.pages[0]);
      const [points, room] = runsDown(mark.edge) ? [by.y, viewport.height] : [by.x, viewport.width];
      const along = within(drawnAlong(element, mark.edge) + points / room);
      if (points) this.#move(mark.key, { along });
    } else {
      const { viewport } = this.pages.page(mark.page);
      this.#move(mark.key, nudged(mark, by, sealOf(state, mark.seal_id), viewport));
    }
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #move(key, to) {
    this.store.dispatch({ type: "move", key, to });
    this.on.moved(key);
  }
}

const within = (along) => Math.min(1, Math.max(0, along));

/** Where it lies, which is not beyond the page's corner wherever it was asked to. */
const drawnAlong = (slice, edge) => parseFloat(slice.style[runsDown(edge) ? "top" : "left"]) / 100;

/** Shows of a seal's picture the part `clip`, which has its origin at the lower left. */
function showPart(picture, [x0, y0, x1, y1]) {
  const [width, height] = [x1 - x0, y1 - y0];
  Object.assign(picture.style, {
    width: percent(1 / width),
    height: percent(1 / height),
    left: percent(-x0 / width),
    top: percent(-(1 - y1) / height),
  });
}
