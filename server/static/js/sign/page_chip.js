/** A page that lacks a seal, as a list item to press. */

import { make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";

export function pageChip(number, goTo) {
  const button = make("button", { type: "button", class: "chip" }, say("page_n", { n: number }));
  button.addEventListener("click", () => goTo(number));
  return make("li", {}, button);
}
