/** Shows a sign request: fills the words, the files, the acting choices and the reference codes. */

import { fill, find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { clockTime, fileSize, timeAfter } from "./format.js";
import { openPreview } from "./preview.js";

function clone(id) {
  return find(id).content.firstElementChild.cloneNode(true);
}

/** "Windows Chrome · 203.0.113.* · 刚刚打开"; of this very browser, as the server knows, no city. */
export function browserWords({ system, city, minutes }, here = false) {
  const when = minutes < 1 ? say("just_now") : say("minutes_ago", { n: minutes });
  const where = here ? [say("this_device"), system] : [system, city];
  return [...where, when].filter(Boolean).join(" · ");
}

function documentRow(file) {
  const row = clone("#document-row");
  fill(row, {
    name: file.name,
    measure: `${say("pages", { n: file.pages })} · ${fileSize(file.size)}`,
    sha256: file.sha256_head,
    sm3: file.sm3_head,
  });
  const picture = find("[data-picture]", row);
  picture.src = file.preview;
  picture.alt = say("preview_of", { name: file.name });
  for (const button of findAll("[data-preview]", row)) {
    button.addEventListener("click", () => openPreview(file));
  }
  return row;
}

function actingRow(acting, only) {
  const row = clone("#acting-row");
  fill(row, { name: acting.name, right: acting.right });
  const radio = find("input", row);
  radio.value = acting.id;
  radio.checked = only;
  radio.hidden = only;
  return row;
}

export function referenceChoice(code) {
  const choice = clone("#reference-choice");
  find("input", choice).value = code;
  find("span", choice).textContent = code;
  return choice;
}

/** Trouble on the way, not an answer about this request. */
export function isPassing(problem) {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

/** The seals that this acting person would hand over, and for how long. */
export function showActing(root, acting) {
  find("[data-seals-box]", root).hidden = !acting;
  if (!acting) return;
  find("[data-seals]", root).replaceChildren(...acting.seals.map((seal) => {
    const item = document.createElement("li");
    item.textContent = seal.name;
    return item;
  }));
  fill(root, { acting_name: [acting.name, acting.right].filter(Boolean).join(" · ") });
}

export function showDeadline(root, expiresAt) {
  fill(root, { open_until: say("open_until", { time: clockTime(new Date(expiresAt)) }) });
}

function showPartner(root, partner) {
  const support = find("[data-support]", root);
  support.textContent = partner.support_phone;
  support.href = `tel:${partner.support_phone.replace(/[^\d+]/g, "")}`;
  if (partner.logo) {
    const logo = new Image();
    logo.src = partner.logo;
    logo.alt = "";
    find("[data-logo]", root).replaceChildren(logo);
  }
}

function showLocked(root, seconds) {
  find("[data-locked]", root).hidden = seconds <= 0;
  find("[data-agree]", root).disabled = seconds > 0;
  if (seconds > 0) fill(root, { locked: say("locked_until", timeAfter(seconds)) });
}

/** Fills the whole screen from a SignRequest (the answer of POST …/scan). */
export function showRequest(root, request) {
  const [first] = request.documents;
  fill(root, {
    partner_name: request.partner.name,
    partner_domain: request.partner.domain,
    action: request.action,
    warning: request.warning ? request.warning.message : "",
    warning_heading: say(request.same_device ? "this_device" : "take_care"),
    browser: browserWords(request.browser, request.same_device),
    first_document: first.name,
    most_seals: say("at_most", { n: request.most_seals }),
    grant: say("grant_until", { n: request.grant_minutes }),
  });
  showPartner(root, request.partner);
  showDeadline(root, request.expires_at);
  find("[data-warning]", root).hidden = !request.warning;
  for (const part of findAll("[data-across]", root)) part.hidden = request.same_device;
  find("[data-documents]", root).replaceChildren(...request.documents.map(documentRow));
  const only = request.acting.length === 1;
  find("[data-acting]", root).replaceChildren(...request.acting.map((one) => actingRow(one, only)));
  find("[data-choices]", root).replaceChildren(...request.reference_choices.map(referenceChoice));
  showActing(root, only ? request.acting[0] : null);
  showLocked(root, request.pin_locked_seconds || 0);
  if (request.acting.length === 0) {
    find("[data-acting-error]", root).textContent = say("no_seals");
    find("[data-agree]", root).disabled = true;
  }
}
