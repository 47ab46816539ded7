/** The pages of one file as pictures, one beneath the other: which is in view, and how large. */

import { find, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { viewportOf } from "./signing_viewport.js";

const ZOOMS = [1, 1.5, 2, 3];
const PICTURE_PX = 800;
const SHARP_PX = 1600;

export class Pages {
  /** `on`: {current(number)}. */
  constructor({ api, on }) {
    Object.assign(this, { api, on, pages: [], zoom: 0, pinned: null });
    this.scroller = find("#sign-view");
    this.list = find("[data-pages]");
    this.scroller.addEventListener("scroll", () => this.#lookSoon(), { passive: true });
    for (const type of ["wheel", "touchmove", "pointerdown"]) {
      this.scroller.addEventListener(type, () => (this.pinned = null), { passive: true });
    }
    this.larger = find("[data-larger]");
    this.smaller = find("[data-smaller]");
    this.larger.addEventListener("click", () => this.#step(1));
    this.smaller.addEventListener("click", () => this.#step(-1));
  }

  /** Lays out another file. */
  show(file) {
    this.file = file;
    this.zoom = 0;
    this.pages = file.pages.map((box, index) => this.#page(box, index + 1));
    this.list.replaceChildren(...this.pages.map(({ element }) => element));
    this.#resize();
    this.scroller.scrollTo({ top: 0, left: 0 });
    this.pinned = null;
    this.#look();
  }

  page(number) {
    return this.pages[number - 1];
  }

  /** The page under a point of the window, or null. */
  pageAt({ x, y }) {
    const element = document.elementsFromPoint(x, y).find((it) => it.matches(".sign-page"));
    return element ? this.page(Number(element.dataset.page)) : null;
  }

  /** Brings a page into view; it stays the current one until somebody scrolls. */
  goTo(number) {
    const { top } = this.page(number).element.getBoundingClientRect();
    this.scroller.scrollBy({ top: top - this.scroller.getBoundingClientRect().top - 12 });
    this.pinned = number;
    this.on.current(number);
  }

  #page(box, number) {
    const viewport = viewportOf(box);
    const named = { n: number, m: this.file.pages.length };
    const layer = make("div", { class: "sign-layer" });
    const element = make(
      "section",
      { class: "sign-page", "data-page": number, "aria-label": say("page_n", named) },
      this.#picture(number),
      layer,
    );
    element.style.aspectRatio = `${viewport.width} / ${viewport.height}`;
    return { number, viewport, element, layer };
  }

  #picture(number) {
    const src = this.api.picture(this.file.id, number, PICTURE_PX);
    const picture = make("img", { alt: "", loading: "lazy", draggable: "false", src });
    picture.addEventListener("error", () => {
      const again = make("button", { type: "button", class: "field-button" }, say("page_again"));
      const missing = make("p", { class: "sign-missing" }, say("page_missing"), again);
      again.addEventListener("click", () => missing.replaceWith(this.#picture(number)));
      picture.replaceWith(missing);
    });
    return picture;
  }

  /** A wider picture only where the page has become larger than the one that is there. */
  #resize() {
    const zoom = ZOOMS[this.zoom];
    this.list.style.width = `${100 * zoom}%`;
    this.larger.disabled = this.zoom === ZOOMS.length - 1;
    this.smaller.disabled = this.zoom === 0;
    if (zoom === 1) return;
    for (const { number, element } of this.pages) {
      const picture = find("img", element);
      const sharp = this.api.picture(this.file.id, number, SHARP_PX);
      if (picture && picture.getAttribute("src") !== sharp) picture.src = sharp;
    }
  }

  /** What is in the middle stays there. */
  #step(direction) {
    const { scroller } = this;
    const middle = ["Left", "Top"].map((side) => {
      const [extent, at] = side === "Left" ? ["Width", "Left"] : ["Height", "Top"];
      const shown = scroller[`client${extent}`];
      return (scroller[`scroll${at}`] + shown / 2) / scroller[`scroll${extent}`];
    });
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + direction));
    this.#resize();
    scroller.scrollLeft = middle[0] * scroller.scrollWidth - scroller.clientWidth / 2;
    scroller.scrollTop = middle[1] * scroller.scrollHeight - scroller.clientHeight / 2;
  }

  #lookSoon() {
    this.looking ??= requestAnimationFrame(() => {
      this.looking = null;
      this.#look();
    });
  }

  /** The line that decides wanders down with the list, so that every page can be the current. */
  #look() {
    if (this.pages.length === 0 || this.pinned) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const progress = scrollTop / Math.max(1, scrollHeight - clientHeight);
    const line = this.scroller.getBoundingClientRect().top + progress * clientHeight;
    const gap = ({ element }) => {
      const { top, bottom } = element.getBoundingClientRect();
      return Math.max(top - line, line - bottom, 0);
    };
    const nearest = this.pages.reduce((best, page) => (gap(page) < gap(best) ? page : best));
    this.on.current(nearest.number);
  }
}
