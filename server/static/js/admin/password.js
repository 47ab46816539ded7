/** A reviewer sets a password of his own. */

import { find } from "../shared/dom.js";
import { bindDoor } from "./form.js";

const form = find("#desk-password");
const { password, again } = form.elements;

bindDoor({
  form,
  url: "/admin/password",
  lack() {
    if (!password.value) return ["no_password", password];
    return password.value === again.value ? null : ["not_same", again];
  },
  body: () => ({ password: password.value }),
  secret: password,
});
