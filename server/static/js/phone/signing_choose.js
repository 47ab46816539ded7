/** 选章: one seal, how it is to be put (单页, 多页, 骑缝), and on which pages (F-47). */

import { find, findAll, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { obstacle } from "../shared/straddle.js";
import { closeSheet, openSheet } from "./page.js";

const sheet = find("#choose");
const form = find("#choose-form");
const chips = find("[data-page-chips]", form);
const trimmed = (mm) => Number(mm.toFixed(1));

/** `chosen(choice)`: {seal, mode, pages, edge, two_sided}, after 下一步. */
export function makeChoosing({ chosen }) {
  let file = null;
  let seals = [];
  let sealId = null; // the last choice stands, for seals are mostly put in a row

  const error = find("[data-choose-error]", form);
  const mode = () => form.elements.mode.value;
  const pages = () => {
    if (form.elements.which.value === "all") return file.pages.map((_, index) => index + 1);
    return findAll("input:checked", chips).map(({ value }) => Number(value));
  };

  function show() {
    const [now, which] = [mode(), form.elements.which.value];
    for (const part of findAll("[data-mode]", form)) {
      part.hidden = !part.dataset.mode.split(" ").includes(now);
    }
    chips.hidden = now === "single" || which === "all";
    const count = pages().length;
    find("[data-page-count]", form).textContent = chips.hidden ? "" : say("pages_chosen", { n: count });
    error.textContent = "";
  }

  function choice() {
    const { edge, two_sided: twoSided } = form.elements;
    const seal = seals.find(({ id }) => id === form.elements.seal?.value);
    const straddle = { edge: edge.value, pages: pages(), along: 0.5, two_sided: twoSided.checked };
    return { seal, mode: mode(), pages: pages(), straddle };
  }

  /** What is missing or cannot be, as a sentence, or nothing. */
  function lack({ seal, mode: how, pages: on, straddle }) {
    if (!seal) return say("choose_a_seal");
    if (how !== "single" && on.length === 0) return say("choose_pages");
    return how === "straddle" ? say(obstacle(straddle, seal) ?? "") : "";
  }

  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = choice();
    const missing = lack(wanted);
    error.textContent = missing;
    if (missing) return;
    sealId = wanted.seal.id;
    closeSheet(sheet);
    chosen(wanted);
  });

  return {
    /** Opens the sheet for `file`; `page` is in view and is where a single seal goes. */
    open({ document: next, seals: usable, page, count }) {
      if (file?.id !== next.id) layChips(next.pages.length);
      [file, seals] = [next, usable];
      const few = next.pages.length < 2;
      for (const way of findAll("[name=mode]", form)) way.disabled = few && way.value !== "single";
      if (few) find("[name=mode][value=single]", form).checked = true;
      find("[data-few-pages]", form).hidden = !few;
      find("[data-single-page]", form).textContent = say("single_on", { n: page });
      find("[data-clear-chosen]", form).hidden = count === 0;
      find("[data-no-seals]", form).hidden = usable.length > 0;
      find("[data-seal-choices]", form).replaceChildren(...usable.map((one) => card(one, sealId)));
      show();
      openSheet(sheet);
    },
  };
}

function layChips(count) {
  chips.replaceChildren(...Array.from({ length: count }, (_, index) => {
    const label = say("page_chip", { n: index + 1 });
    const box = make("input", { type: "checkbox", value: index + 1, "aria-label": label });
    return make("label", { class: "page-chip" }, box, make("span", {}, String(index + 1)));
  }));
}

function card(seal, sealId) {
  const size = say("size_mm", { width: trimmed(seal.width_mm), height: trimmed(seal.height_mm) });
  const radio = make("input", { type: "radio", name: "seal", value: seal.id });
  radio.checked = seal.id === sealId;
  const picture = make("img", { src: seal.picture, alt: "", draggable: "false" });
  return make(
    "label",
    { class: "seal-choice" },
    radio,
    make("span", { class: "plate" }, picture),
    make("span", { class: "seal-choice-words" }, make("b", {}, seal.name), make("small", {}, size)),
  );
}
