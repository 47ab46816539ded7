/** Reads the JSON blocks that a page carries: its settings and its words in one language. */

function block(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : {};
}

export const config = block("config");

/** Of the page, and of each part that brings its own along. */
const parts = [...document.querySelectorAll("script[data-words]")];
const words = Object.assign({}, ...parts.map((one) => JSON.parse(one.textContent)), block("words"));

/** The sentence for `key`, with every {name} replaced from `values`. */
export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
