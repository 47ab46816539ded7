/** The few DOM gestures that the pages repeat. */

const SVG = "http://www.w3.org/2000/svg";

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** make("button", {class: "chip", type: "button"}, "text", child) */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A picture of the sprite that the page carries. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Shows of all [data-when] below `root` those whose words contain `now`. */
export function showWhen(root, now) {
  for (const element of findAll("[data-when]", root)) {
    element.hidden = !element.dataset.when.split(" ").includes(now);
  }
}

/** Puts text into every [data-fill=name] below `root`; screen readers hear only real changes. */
export function fill(root, values) {
  for (const element of findAll("[data-fill]", root)) {
    const text = String(values[element.dataset.fill] ?? "");
    if (element.dataset.fill in values && element.textContent !== text) element.textContent = text;
  }
}

/** Opens or closes a <dialog> so that it is `open`. */
export function setOpen(dialog, open) {
  if (open && !dialog.open) dialog.showModal();
  if (!open && dialog.open) dialog.close();
}
