/** The full preview of a document: its pages as pictures, three more when the end comes near. */

import { fill, find, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { openSheet } from "./page.js";

const AT_A_TIME = 3;

/** The address of page `number`, made from that of page 1. */
export function pageAddress(first, number) {
  return first.replace(/1\.png(\?.*)?$/, (_, query) => `${number}.png${query || ""}`);
}

function pageFigure(file, number) {
  const label = say("page_n", { n: number, m: file.page_count });
  const picture = make("img", { src: pageAddress(file.preview, number), alt: label });
  const figure = make("figure", { class: "preview-page" }, picture, make("figcaption", {}, label));
  picture.addEventListener("error", () => {
    const missing = say("page_missing", { n: number });
    picture.replaceWith(make("p", { class: "preview-missing" }, missing));
  });
  return figure;
}

/** Opens the preview of one entry of `documents` of the sign request. */
export function openPreview(file) {
  const dialog = find("#preview");
  const pages = find("[data-pages]", dialog);
  let shown = 0;

  function more() {
    const upTo = Math.min(file.page_count, shown + AT_A_TIME);
    while (shown < upTo) pages.append(pageFigure(file, (shown += 1)));
  }
  pages.onscroll = () => {
    if (pages.scrollTop + pages.clientHeight * 2 > pages.scrollHeight) more();
  };
  fill(dialog, { preview_name: file.name });
  pages.replaceChildren();
  more();
  openSheet(dialog);
  pages.scrollTop = 0;
}
