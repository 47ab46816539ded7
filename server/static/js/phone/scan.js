/** 扫一扫: sends a photo, a link or letters; the server alone decides where the phone goes next. */

import { find } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { shrink } from "./photo.js";

const viewfinder = find("[data-viewfinder]");
const picker = find("input[name=photo]");
const photo = find("[data-photo]");

let reading = false;

async function read(makeBody) {
  if (reading) return;
  reading = true;
  viewfinder.classList.add("viewfinder-busy");
  find("[data-scan-error]").textContent = "";
  find("[data-scan-status]").textContent = say("reading");
  try {
    const { next } = await ask("/m/scan", await makeBody());
    location.assign(next);
  } catch (problem) {
    const line = find("[data-scan-error]");
    line.textContent = sentence(problem);
    line.scrollIntoView({ block: "center" });
    find("[data-scan-status]").textContent = "";
    viewfinder.classList.remove("viewfinder-busy");
    picker.value = "";
  } finally {
    reading = false;
  }
}

function showPhoto(file) {
  if (photo.src) URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(file);
  photo.hidden = false;
  viewfinder.classList.add("viewfinder-full");
}

picker.addEventListener("change", () => {
  const [file] = picker.files;
  if (!file) return;
  showPhoto(file);
  read(async () => {
    const form = new FormData();
    form.append("photo", await shrink(file), "qr.jpg");
    return form;
  });
});

/** A form with one field: what is typed there is sent under the field's own name. */
function sendTyped(form, name, missing) {
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = form.elements[name].value.trim();
    if (typed) read(() => ({ [name]: typed }));
    else find("[data-scan-error]").textContent = say(missing);
  });
}

sendTyped(find("#link-form"), "text", "no_link");
sendTyped(find("#letters-form"), "user_code", "no_letters");
