/** What every phone page has: sheets, the "soon" sheet, large text, no stale page on going back. */

import { bindCareMode } from "../shared/care_mode.js";
import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";

/** Opens a native dialog; a web view without it gets the same element, only not modal. */
export function openSheet(sheet) {
  if (sheet.showModal) sheet.showModal();
  else sheet.setAttribute("open", "");
  find("[tabindex='-1']", sheet).focus();
}

export function closeSheet(sheet) {
  if (sheet.close) sheet.close();
  else sheet.removeAttribute("open");
}

export function announce(text) {
  find("[data-announce]").textContent = text;
}

function bindSheets() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open], [data-soon]");
    if (opener && opener.dataset.soon !== undefined) {
      find("[data-soon-text]").textContent = opener.dataset.soon;
      openSheet(find("#soon"));
    } else if (opener) {
      openSheet(find(`#${opener.dataset.open}`));
    }
    const sheet = event.target.closest("dialog");
    const onVeil = event.target === sheet;
    if (sheet && (onVeil || event.target.closest("[data-close]"))) closeSheet(sheet);
  });
}

function careModeChanged() {
  const on = document.documentElement.dataset.care === "1";
  if (on) document.body.dataset.weuiMode = "care";
  else delete document.body.dataset.weuiMode;
  announce(say(on ? "care_on" : "care_off"));
}

/** What a password field holds is shown by its owner's own wish, until he takes it back. */
function bindReveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}

bindSheets();
for (const button of findAll("[data-reveal]")) bindReveal(button);
for (const button of findAll("button[data-care]")) bindCareMode(button, careModeChanged);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
