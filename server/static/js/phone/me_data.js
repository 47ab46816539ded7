/** 个人信息: the file is made in the browser of what the server answered, and saved. */

import { find, make } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";
import { bindProof } from "./proof.js";

const FILE = "guiyin-personal-data.json";

const form = find("#data-form");
const button = find("[type=submit]", form);
const before = button.textContent;
const fields = [];
const complain = complainer(find("#me-error"), fields);
const proof = bindProof(form, complain);
fields.push(...proof.fields);

function save(data) {
  const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
  const href = URL.createObjectURL(file);
  make("a", { href, download: FILE }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  find("#taken").textContent = say("taken");
  find("#taken").hidden = false;
  button.disabled = false;
  button.textContent = before;
}

bindForm({
  form,
  url: () => "/m/me/data",
  lack: proof.lack,
  body: () => ({ proof: proof.body() }),
  complain,
  otherwise: proof.field,
  during: "saving",
  done: save,
});
