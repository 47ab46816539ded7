/** A reviewer logs in. */

import { find } from "../shared/dom.js";
import { bindDoor } from "./form.js";

const form = find("#desk-login");
const { login, password } = form.elements;

bindDoor({
  form,
  url: `/admin/login${location.search}`,
  lack() {
    if (!login.value.trim()) return ["no_login", login];
    return password.value ? null : ["no_password", password];
  },
  body: () => ({ login: login.value.trim(), password: password.value }),
  secret: password,
});
