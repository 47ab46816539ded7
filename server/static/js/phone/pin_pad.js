/** The signing PIN: digits by button or keyboard, shown as dots, forgotten once handed over. */

import { find, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { timeAfter } from "./format.js";

export const SHORTEST = 6;
export const LONGEST = 12;

/** `digits` after one key: a digit, "erase" or "clear"; pure. */
export function afterKey(digits, key) {
  if (key === "clear") return "";
  if (key === "erase") return digits.slice(0, -1);
  return digits.length < LONGEST ? digits + key : digits;
}

/** The key a press on the pad means, or null. */
function keyOfButton(button) {
  if (button.dataset.digit !== undefined) return button.dataset.digit;
  if (button.dataset.erase !== undefined) return "erase";
  return button.dataset.clear !== undefined ? "clear" : null;
}

/** The key a keyboard event means, or null; Enter on a button stays that button's. */
function keyOfKeyboard(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (/^\d$/.test(event.key)) return event.key;
  if (event.key === "Backspace") return "erase";
  const onControl = event.target.closest("button, a, dialog");
  return event.key === "Enter" && !onControl ? "enter" : null;
}

/** Binds the pad below `root`; `submit(pin)` is called with 6 to 12 digits. */
export function makePinPad(root, submit) {
  const keys = find("[data-keys]", root);
  const submitButton = find("[data-submit]", root);
  let digits = "";
  let busy = false;

  const complain = (text) => { find("[data-pin-error]", root).textContent = text; };

  function show(status = say("typed", { n: digits.length })) {
    const places = Math.max(SHORTEST, digits.length);
    find("[data-dots]", root).replaceChildren(...Array.from({ length: places }, (_, index) =>
      make("i", { class: index < digits.length ? "full" : "" })));
    find("[data-pin-status]", root).textContent = status;
  }

  function press(key) {
    if (busy || key === null) return;
    if (key === "enter") return finish();
    complain("");
    digits = afterKey(digits, key);
    show();
  }

  function finish() {
    if (busy) return;
    if (digits.length < SHORTEST) return complain(say("too_short", { n: digits.length }));
    const pin = digits;
    digits = "";
    submit(pin);
  }

  function setBusy(on) {
    busy = on;
    submitButton.disabled = on;
    keys.classList.toggle("keys-busy", on);
    show(on ? say("checking") : undefined);
  }

  function lock(seconds) {
    setBusy(true);
    const parts = [keys, find("[data-back]", root), find(".decision", root)];
    for (const part of parts) part.hidden = true;
    find("[data-dots]", root).hidden = true;
    find("[data-pin-status]", root).textContent = "";
    find("[data-pin-locked]", root).hidden = false;
    find("[data-pin-locked-text]", root).textContent = say("locked_until", timeAfter(seconds));
  }

  keys.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) press(keyOfButton(button));
  });
  submitButton.addEventListener("click", finish);
  document.addEventListener("keydown", (event) => {
    if (!root.hidden && !document.querySelector("dialog[open]")) press(keyOfKeyboard(event));
  });

  return {
    clear() { digits = ""; complain(""); show(); },
    complain, setBusy, lock,
  };
}
