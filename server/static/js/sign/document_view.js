/** The PDF in the middle: a list of pages, zoom, and which page is being looked at. */

import { find } from "../shared/dom.js";
import { config } from "../shared/page_data.js";
import { PageView } from "./page_view.js";
import { makeRenderQueue } from "./render_queue.js";
import { isHandheld } from "./this_device.js";

const CSS_PX_PER_POINT = 96 / 72;
const ZOOMS = [0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3];
const NARROWEST_FIT = 0.2;
const WIDEST_FIT = 1.5;
const MARGIN_PX = 32;
const NARROW_PX = 600; // here the page itself needs the room
const NARROW_MARGIN_PX = 8;

// Web views of phones lag behind: pdf.js has a build for them, a little larger.
const isBehind = isHandheld || !("withResolvers" in Promise);

export class DocumentView {
  /** `on`: {current(number), scaled()}. */
  constructor(root, on) {
    this.scroller = find("#viewer", root);
    this.list = find("#pages", root);
    this.zoomLabel = find("#zoom-level", root);
    this.on = on;
    this.pages = [];
    this.zoom = 1;
    this.fitting = true;
    this.pinned = null;
    this.queue = makeRenderQueue();
    this.#bind(root);
  }

  /** Opens the bytes (they are given away to pdf.js) and lays out every page. */
  async load(bytes) {
    const { vendor } = config;
    const build = isBehind ? vendor.pdf_legacy : vendor.pdf;
    const pdfjs = await import(build.library);
    pdfjs.GlobalWorkerOptions.workerSrc = build.worker;
    const pdf = await pdfjs.getDocument({
      data: new Uint8Array(bytes),
      cMapUrl: vendor.cmaps,
      cMapPacked: true,
      standardFontDataUrl: vendor.standard_fonts,
      wasmUrl: vendor.wasm,
      isEvalSupported: false,
      enableXfa: false,
    }).promise;
    const pages = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const proxy = await pdf.getPage(number);
      pages.push(new PageView(proxy, this.queue, (page) => this.#distance(page)));
    }
    this.#drop();
    this.pages = pages;
    this.pdf = pdf;
    this.#fit();
    this.list.replaceChildren(...this.pages.map((page) => page.element));
    for (const page of this.pages) this.nearby.observe(page.element);
    this.#look();
  }

  #drop() {
    this.nearby.disconnect();
    for (const page of this.pages) page.setSeen(false);
    this.pdf?.destroy();
  }

  get scale() {
    return this.zoom * CSS_PX_PER_POINT;
  }

  page(number) {
    return this.pages[number - 1];
  }

  /** The page under a point of the window, or null. */
  pageAt(point) {
    const element = document.elementsFromPoint(point.x, point.y).find((it) => it.matches(".page"));
    return element ? this.page(Number(element.dataset.page)) : null;
  }

  /** Brings a page to the top; it stays the current one until the person scrolls. */
  goTo(number, { smooth = true } = {}) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || !smooth;
    const top = this.page(number).element.getBoundingClientRect().top;
    const offset = top - this.scroller.getBoundingClientRect().top - MARGIN_PX / 2;
    this.scroller.scrollBy({ top: offset, behavior: calm ? "auto" : "smooth" });
    this.pinned = number;
    this.on.current(number);
  }

  #bind(root) {
    this.nearby = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          this.page(Number(target.dataset.page)).setSeen(isIntersecting);
        }
      },
      { root: this.scroller, rootMargin: "60% 0px" },
    );
    this.scroller.addEventListener("scroll", () => this.#lookSoon(), { passive: true });
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.scroller.addEventListener(type, () => (this.pinned = null), { passive: true });
    }
    new ResizeObserver(() => {
      if (this.fitting && this.pages.length > 0) this.#anchored(() => this.#fit());
    }).observe(this.scroller);
    find("#zoom-in", root).addEventListener("click", () => this.#step(1));
    find("#zoom-out", root).addEventListener("click", () => this.#step(-1));
    find("#zoom-fit", root).addEventListener("click", () => this.#anchored(() => this.#fit()));
    this.scroller.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#step(event.deltaY < 0 ? 1 : -1);
  }

  #step(direction) {
    if (this.pages.length === 0) return;
    const steps = direction > 0 ? ZOOMS : [...ZOOMS].reverse();
    const next = steps.find((zoom) => (zoom - this.zoom) * direction > 0.005);
    if (next === undefined) return;
    this.fitting = false;
    this.#anchored(() => this.#setZoom(next));
  }

  #fit() {
    const widths = this.pages.map((page) => page.proxy.getViewport({ scale: 1 }).width);
    const { clientWidth } = this.scroller;
    const room = clientWidth - 2 * (clientWidth < NARROW_PX ? NARROW_MARGIN_PX : MARGIN_PX);
    this.fitting = true;
    const fitting = room / Math.max(...widths) / CSS_PX_PER_POINT;
    this.#setZoom(Math.min(WIDEST_FIT, Math.max(NARROWEST_FIT, fitting)));
  }

  #setZoom(zoom) {
    this.zoom = zoom;
    for (const page of this.pages) page.resize(this.scale);
    this.zoomLabel.textContent = `${Math.round(zoom * 100)}%`;
    this.on.scaled();
  }

  /** Runs `change` and keeps the same spot of the same page in the middle of the window. */
  #anchored(change) {
    const middle = this.scroller.getBoundingClientRect().top + this.scroller.clientHeight / 2;
    const page = this.#nearest(middle);
    const before = page.element.getBoundingClientRect();
    const fraction = (middle - before.top) / before.height;
    change();
    const after = page.element.getBoundingClientRect();
    this.scroller.scrollTop += after.top + fraction * after.height - middle;
  }

  #nearest(y) {
    const gap = ({ element }) => {
      const { top, bottom } = element.getBoundingClientRect();
      return Math.max(top - y, y - bottom, 0);
    };
    return this.pages.reduce((best, page) => (gap(page) < gap(best) ? page : best));
  }

  #distance(page) {
    const middle = this.scroller.getBoundingClientRect().top + this.scroller.clientHeight / 2;
    const { top, bottom } = page.element.getBoundingClientRect();
    return Math.abs((top + bottom) / 2 - middle);
  }

  #lookSoon() {
    this.looking ??= requestAnimationFrame(() => {
      this.looking = null;
      this.#look();
    });
  }

  /** The line that decides wanders from top to bottom as the list is scrolled, so that the
   *  first and the last page can both be the current one. */
  #look() {
    if (this.pages.length === 0 || this.pinned) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const progress = scrollTop / Math.max(1, scrollHeight - clientHeight);
    const line = this.scroller.getBoundingClientRect().top + progress * clientHeight;
    this.on.current(this.#nearest(line).number);
  }
}
