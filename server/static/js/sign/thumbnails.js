/** The left rail: every page small, with the number of its seals or a word that one is missing. */

import { find, icon, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { toFraction, sealFraction } from "./geometry.js";
import { drawPage } from "./page_view.js";
import { layOut, partOfPicture, slicesOn } from "./slices.js";
import { phaseOf, sealsByPage } from "./state.js";

const WIDTH_PX = 104;
const AFTER_PAGES = 1e6; // the pages themselves are drawn first
const MARKED = new Set(["placing", "sealing", "sealed"]);

const same = (one, other) => one.length === other.length && one.every((it, at) => it === other[at]);

export class Thumbnails {
  constructor({ root, view, pictures }) {
    Object.assign(this, { view, pictures, items: [], lying: [], slices: new Map() });
    this.list = find("#thumbnails", root);
    this.seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.#draw(Number(target.dataset.page));
        }
      },
      { root: this.list.parentElement, rootMargin: "50%" },
    );
  }

  /** Builds the list anew for the pages that the view holds. */
  build() {
    this.seen.disconnect();
    this.items = this.view.pages.map((page) => this.#item(page));
    this.#lay([]);
    this.list.replaceChildren(...this.items.map((item) => item.row));
    for (const item of this.items) this.seen.observe(item.row);
  }

  render(state, { withPictures = true } = {}) {
    const counts = sealsByPage(state);
    const marked = MARKED.has(phaseOf(state.page));
    if (this.items.length > 0) this.#lay(withPictures && marked ? state.straddles : []);
    this.items.forEach((item, index) => {
      const count = counts[index] ?? 0;
      const current = state.current === index + 1;
      if (current && item.button.getAttribute("aria-current") !== "page") {
        item.row.scrollIntoView?.({ block: "nearest", inline: "nearest" });
      }
      item.button.setAttribute("aria-current", current ? "page" : "false");
      this.#badge(item, marked ? count : null, state.page?.task.every_page);
      const here = state.placements.filter(({ page }) => page === index + 1);
      this.#dots(item, withPictures && marked ? here : []);
    });
  }

  #item(page) {
    const paper = make("span", { class: "thumb-paper" });
    const { width, height } = page.proxy.getViewport({ scale: 1 });
    paper.style.aspectRatio = `${width} / ${height}`;
    const badge = make("span", { class: "thumb-badge" });
    const button = make(
      "button",
      { type: "button", class: "thumb" },
      paper,
      make("span", { class: "thumb-line" }, make("span", {}, page.number), badge),
    );
    button.setAttribute("aria-label", say("page_n", { n: page.number }));
    button.addEventListener("click", () => this.view.goTo(page.number));
    const row = make("li", { "data-page": page.number }, button);
    return { page, row, button, paper, badge, drawn: false, told: null, dots: [] };
  }

  /** Shape, word and colour all say it: a tick with a count, or a ring with 缺章. */
  #badge(item, count, everyPage) {
    const kind = count === null || (count === 0 && !everyPage) ? "" : count ? "done" : "bare";
    const word = { done: say("n_seals", { n: count }), bare: say("bare"), "": "" }[kind];
    if (item.told === kind + word) return;
    item.told = kind + word;
    item.badge.className = `thumb-badge ${kind}`;
    item.badge.replaceChildren(...(kind ? [icon(kind === "done" ? "tick" : "ring"), word] : []));
    const page = say("page_n", { n: item.page.number });
    item.button.setAttribute("aria-label", word ? `${page}, ${word}` : page);
  }

  #dots(item, placements) {
    const shown = placements.filter(({ seal_id: id }) => this.pictures.get(id));
    if (same(shown, item.dots)) return;
    item.dots = shown;
    for (const old of item.paper.querySelectorAll(":scope > img")) old.remove();
    for (const placement of shown) {
      const known = this.pictures.get(placement.seal_id);
      const { viewport } = item.page;
      const centre = toFraction(placement, viewport);
      const dot = make("img", { src: known.url, alt: "" });
      dot.style.left = `${centre.x * 100}%`;
      dot.style.top = `${centre.y * 100}%`;
      dot.style.width = `${sealFraction(known.seal, viewport).width * 100}%`;
      item.paper.append(dot);
    }
  }

  /** Slices are many: those that only move keep their elements. */
  #lay(straddles) {
    const known = straddles.filter(({ seal_id: id }) => this.pictures.get(id));
    if (same(known, this.lying)) return;
    this.lying = known;
    const before = this.slices;
    this.slices = new Map();
    for (const straddle of known) {
      const { seal, url } = this.pictures.get(straddle.seal_id);
      for (const slice of slicesOn(this.view, straddle, seal)) {
        const name = `${straddle.key} ${slice.page} ${slice.clip}`;
        const element = before.get(name) ?? this.#slice(slice, url);
        before.delete(name);
        layOut(element, slice);
        this.slices.set(name, element);
      }
    }
    for (const old of before.values()) old.remove();
  }

  #slice({ page, clip }, url) {
    const element = make("span", { class: "slice" }, partOfPicture(url, clip));
    this.items[page - 1].paper.append(element);
    return element;
  }

  #draw(number) {
    const item = this.items[number - 1];
    if (item.drawn) return;
    item.drawn = true;
    const { proxy } = item.page;
    const viewport = proxy.getViewport({ scale: WIDTH_PX / proxy.getViewport({ scale: 1 }).width });
    this.view.queue.add({
      rank: () => AFTER_PAGES + number,
      cancel: () => {},
      draw: async () => {
        const { canvas, task } = drawPage(proxy, viewport);
        await task.promise;
        item.paper.prepend(canvas);
      },
    });
  }
}
