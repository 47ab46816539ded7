/** The new login password, after a face was shown. */

import { find } from "../shared/dom.js";
import { complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";

const form = find("#new-form");
const { password, again } = form.elements;

function lack() {
  if (password.value.length < 8) return ["weak", password];
  return password.value === again.value ? null : ["not_same", again];
}

bindForm({
  form,
  url: () => "/m/forgot/new",
  lack,
  body: () => ({ password: password.value }),
  complain: complainer(find("#new-error"), [password, again]),
  otherwise: () => password,
  during: "saving",
  done: ({ next }) => location.assign(next),
});
