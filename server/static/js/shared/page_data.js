/** Reads the JSON blocks that a page carries: its settings and its words in one language. */

function block(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : {};
}

export const config = block("config");

const words = block("words");

/** The sentence for `key`, with every {name} replaced from `values`. */
export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
