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

export class Thumbnails {
  constructor({ root, view, pictures }) {
    Object.assign(this, { view, pictures, items: [] });
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
    this.list.replaceChildren(...this.items.map((item) => item.row));
    for (const item of this.items) this.seen.observe(item.row);
  }

  render(state, { withPictures = true } = {}) {
    const counts = sealsByPage(state);
    const marked = MARKED.has(phaseOf(state.page));
    const slices = withPictures && marked ? this.#slicesByPage(state) : new Map();
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
      for (const one of slices.get(index + 1) ?? []) item.paper.append(one);
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
    return { page, row, button, paper, badge, drawn: false, told: null };
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
    for (const old of item.paper.querySelectorAll(":scope > img, :scope > .slice")) old.remove();
    for (const placement of placements) {
      const known = this.pictures.get(placement.seal_id);
      if (!known) continue;
      const { viewport } = item.page;
      const centre = toFraction(placement, viewport);
      const dot = make("img", { src: known.url, alt: "" });
      dot.style.left = `${centre.x * 100}%`;
      dot.style.top = `${centre.y * 100}%`;
      dot.style.width = `${sealFraction(known.seal, viewport).width * 100}%`;
      item.paper.append(dot);
    }
  }

  /** page -> [element of one slice] */
  #slicesByPage({ straddles }) {
    const found = new Map();
    for (const straddle of straddles) {
      const known = this.pictures.get(straddle.seal_id);
      if (!known || this.view.pages.length === 0) continue;
      for (const slice of slicesOn(this.view, straddle, known.seal)) {
        const element = make("span", { class: "slice" }, partOfPicture(known.url, slice.clip));
        layOut(element, slice);
        found.set(slice.page, [...(found.get(slice.page) ?? []), element]);
      }
    }
    return found;
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
