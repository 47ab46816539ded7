/** 数字证书: a new signing PIN, by a code to the phone or by the old PIN. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { bindCodeButton, CODE, complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";
import { LONGEST, SHORTEST } from "./pin_pad.js";

const form = find("#certificate-form");
const { code, old_pin: oldPin, pin, pin_again: again } = form.elements;
const complain = complainer(find("#certificate-error"), [code, oldPin, pin, again].filter(Boolean));
const isPin = (text) => /^\d+$/.test(text) && text.length >= SHORTEST && text.length <= LONGEST;

function lack() {
  if (code && !CODE.test(code.value.trim())) return ["bad_code", code];
  for (const field of [oldPin, pin]) if (field && !isPin(field.value)) return ["bad_pin", field];
  return pin.value === again.value ? null : ["pins_differ", again];
}

function body() {
  const typed = { pin: pin.value, pin_again: again.value };
  return code ? { ...typed, code: code.value.trim() } : { ...typed, old_pin: oldPin.value };
}

/** A wrong PIN is typed anew, as often as is left. */
function met(problem) {
  if (problem.code !== "wrong_pin" || !oldPin) return false;
  oldPin.value = "";
  complain(`${problem.detail} ${say("tries_left", { n: problem.details.tries_left })}`, oldPin);
  return true;
}

if (code) {
  const { act } = form.dataset;
  bindCodeButton({ url: "/m/me/proof/sms", body: () => ({ act }), complain, then: code });
}
bindForm({
  form,
  url: () => `${form.dataset.url}${location.search}`,
  lack,
  body,
  complain,
  fields: {
    bad_pin: pin, pin_too_plain: pin, pin_unchanged: pin, pins_differ: again, pin_locked: oldPin,
    wrong_pin: oldPin,
  },
  otherwise: () => code || oldPin,
  during: "saving",
  met,
  done: ({ next }) => location.assign(next),
});
