/** A computer asks to be let in: read the request, pick the number, confirm or refuse. */

import { fill, find, findAll, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { keepAlive } from "./keep_alive.js";
import { announce } from "./page.js";
import { browserWords, isPassing, referenceChoice } from "./request_view.js";

const root = find("#login-request");
const login = root.dataset.session.replace(/\/$/, "");
const session = login.replace(/\/login$/, "");

let request = null;
let stopTouching = () => {};

/** Shows one of loading, request, confirmed, declined, ended, and leads the reader to its top. */
function go(view) {
  showWhen(root, view);
  window.scrollTo(0, 0);
  const heading = find(`[data-when="${view}"] [data-heading]`, root);
  if (heading) heading.focus({ preventScroll: true });
  if (view !== "request") stopTouching();
}

function end(problem) {
  fill(root, {
    ended_detail: problem.detail, ended_next: problem.nextStep, ended_code: problem.code,
  });
  const passing = isPassing(problem);
  find("[data-retry]", root).hidden = !passing;
  find("[data-rescan]", root).hidden = passing;
  go("ended");
}

async function start() {
  go("loading");
  try {
    request = await ask(`${login}/scan`);
  } catch (problem) {
    return end(problem);
  }
  fill(root, {
    domain: request.domain,
    account: request.account,
    browser: browserWords(request.browser),
    partner_name: request.partner?.name ?? "",
    support_phone: request.partner?.support_phone ?? "",
  });
  for (const part of findAll("[data-asker]", root)) {
    part.hidden = part.dataset.asker !== (request.partner ? "partner" : "own");
  }
  find("[data-told-companies]", root).hidden = !request.partner?.told_companies;
  find("[data-choices]", root).replaceChildren(...request.reference_choices.map(referenceChoice));
  stopTouching = keepAlive(touch, () => request.expires_at);
  return go("request");
}

async function touch() {
  try {
    request.expires_at = (await ask(`${session}/touch`)).expires_at;
  } catch (problem) {
    if (!isPassing(problem)) end(problem);
  }
}

/** Sends one of the two answers; trouble on the way leaves both to be tried again. */
async function answer(path, body, view) {
  const buttons = findAll("[data-decline], [data-agree]", root);
  for (const button of buttons) button.disabled = true;
  announce(say("confirming"));
  try {
    const said = await ask(`${login}/${path}`, body);
    fill(root, { message: said.message, next_step: said.next_step || "" });
    go(view);
  } catch (problem) {
    if (isPassing(problem)) find("[data-request-error]", root).textContent = sentence(problem);
    else end(problem);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function agree() {
  const picked = find("input[name=reference]:checked", root);
  if (picked) return answer("confirm", { reference_code: picked.value }, "confirmed");
  find("[data-reference-error]", root).textContent = say("choose_code");
  const box = find("#reference", root);
  box.scrollIntoView({ block: "center" });
  return box.focus({ preventScroll: true });
}

function decline({ currentTarget: button }) {
  const notStartedByMe = button.dataset.decline === "true";
  find("[data-alerted]", root).hidden = !notStartedByMe;
  answer("decline", { not_started_by_me: notStartedByMe }, "declined");
}

root.addEventListener("change", () => (find("[data-reference-error]", root).textContent = ""));
find("[data-agree]", root).addEventListener("click", agree);
find("[data-retry]", root).addEventListener("click", start);
for (const button of findAll("[data-decline]", root)) button.addEventListener("click", decline);
start();
