/** One page of the PDF: an element of exact size, a canvas drawn when seen, a layer for seals. */

import { make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";

const MOST_PIXELS = 16_000_000; // beyond this some browsers give a blank canvas

/** Draws `proxy` (a pdf.js page) at `viewport` on a new canvas; sharp at every device ratio. */
export function drawPage(proxy, viewport) {
  const area = viewport.width * viewport.height;
  const ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / area));
  const canvas = make("canvas", { "aria-hidden": "true" });
  canvas.width = Math.round(viewport.width * ratio);
  canvas.height = Math.round(viewport.height * ratio);
  const stretch = [canvas.width / viewport.width, 0, 0, canvas.height / viewport.height, 0, 0];
  const task = proxy.render({ canvas, viewport, transform: stretch });
  return { canvas, task };
}

export class PageView {
  constructor(proxy, queue, rank) {
    this.proxy = proxy;
    this.number = proxy.pageNumber;
    this.queue = queue;
    this.layer = make("div", { class: "page-layer" });
    this.element = make(
      "section",
      {
        class: "page",
        tabindex: "-1",
        "aria-label": say("page_n", { n: this.number }),
        "data-page": this.number,
      },
      this.layer,
    );
    this.canvas = null;
    this.seen = false;
    this.job = {
      rank: () => rank(this),
      draw: () => this.#draw(),
      cancel: () => this.task?.cancel(),
    };
  }

  /** Scale is CSS px per point; the size is left unrounded, or drops would miss. */
  resize(scale) {
    this.viewport = this.proxy.getViewport({ scale });
    this.element.style.width = `${this.viewport.width}px`;
    this.element.style.height = `${this.viewport.height}px`;
    this.queue.drop(this.job);
    if (this.seen) this.queue.add(this.job);
    else this.#forget();
  }

  /** Called when the page comes near the window or leaves it. */
  setSeen(seen) {
    this.seen = seen;
    if (seen && !this.canvas) this.queue.add(this.job);
    if (!seen) {
      this.queue.drop(this.job);
      this.#forget();
    }
  }

  async #draw() {
    const { canvas, task } = drawPage(this.proxy, this.viewport);
    this.task = task;
    await task.promise;
    this.#forget();
    this.canvas = canvas;
    this.element.prepend(canvas);
  }

  #forget() {
    if (!this.canvas) return;
    this.canvas.remove();
    this.canvas.width = 0; // gives the memory back at once
    this.canvas = null;
  }
}
