/** 签章方式: one page, several, or across their edges; and what belongs to the mode. */

import { fill, find, findAll, showWhen } from "../shared/dom.js";
import { readPages, writePages } from "../shared/page_range.js";
import { say } from "../shared/page_data.js";
import { spreadRefused } from "./state.js";

export class ModePanel {
  constructor({ root, store }) {
    const spread = (to) => store.dispatch({ type: "spread", to });
    this.box = find("#modes", root);
    this.pages = find("#spread-pages", this.box);
    this.twoSided = find("#two-sided", this.box);
    this.count = 0;
    this.read = null; // the pages as they were last read from the field
    for (const radio of findAll("[name=mode]", this.box)) {
      radio.addEventListener("change", () => store.dispatch({ type: "mode", mode: radio.value }));
    }
    for (const radio of findAll("[name=edge]", this.box)) {
      radio.addEventListener("change", () => spread({ edge: radio.value }));
    }
    this.twoSided.addEventListener("change", () => {
      spread({ two_sided: this.twoSided.checked });
    });
    this.pages.addEventListener("input", () => {
      this.read = readPages(this.pages.value, this.count) ?? [];
      spread({ pages: this.read });
    });
  }

  render(state) {
    const { page, mode, spread } = state;
    this.count = page?.document.pages.length ?? 0;
    const on = (name, value) => {
      const radio = find(`[name=${name}][value=${value}]`, this.box);
      if (!radio.checked) radio.checked = true;
    };
    on("mode", mode);
    on("edge", spread.edge);
    this.twoSided.checked = spread.two_sided;
    showWhen(this.box, mode);
    const refused = spreadRefused(state);
    const unread = spread.pages.length === 0 && this.count > 0;
    this.pages.setAttribute("aria-invalid", String(unread));
    const words = unread ? say("pages_unread", { n: this.count }) : refused ? say(refused) : "";
    fill(this.box, { unread: words });
    if (!unread && spread.pages !== this.read) {
      this.pages.value = writePages(spread.pages, this.count);
    }
    this.read = spread.pages;
  }
}
