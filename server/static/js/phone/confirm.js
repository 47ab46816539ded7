/** The confirm screen: read the request, choose the code, enter the PIN, or refuse as easily. */

import { fill, find, findAll, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { keepAlive } from "./keep_alive.js";
import { makePinPad } from "./pin_pad.js";
import { isPassing, showActing, showDeadline, showRequest } from "./request_view.js";

const BACK_MS = 2_000; // long enough to read two words

const root = find("#confirm");
const session = root.dataset.session.replace(/\/$/, "");
const pinPad = makePinPad(find("#pin"), confirm);

let request = null;
let stopTouching = () => {};

/** Shows one of loading, request, pin, signed, declined, ended, and leads the reader to its top. */
function go(view) {
  showWhen(root, view);
  window.scrollTo(0, 0);
  const heading = find(`[data-when="${view}"] [data-heading]`, root);
  if (heading) heading.focus({ preventScroll: true });
  if (view !== "request" && view !== "pin") stopTouching();
}

function end(problem) {
  fill(root, {
    ended_detail: problem.detail, ended_next: problem.nextStep, ended_code: problem.code,
  });
  const passing = isPassing(problem);
  find("[data-retry]", root).hidden = !passing;
  for (const way of findAll("[data-rescan], .outcome[data-when=ended] [data-return]", root)) {
    way.hidden = passing;
  }
  go("ended");
}

async function start() {
  go("loading");
  try {
    request = await ask(`${session}/scan`);
  } catch (problem) {
    return end(problem);
  }
  showRequest(root, request);
  stopTouching = keepAlive(touch, () => request.expires_at);
  go("request");
}

async function touch() {
  try {
    const answer = await ask(`${session}/touch`);
    if (answer.expires_at) {
      request.expires_at = answer.expires_at;
      showDeadline(root, answer.expires_at);
    }
  } catch (problem) {
    if (!isPassing(problem)) end(problem);
  }
}

function chosenActing() {
  const radio = find("input[name=acting]:checked", root);
  return radio ? request.acting.find((one) => String(one.id) === radio.value) : null;
}

function chosenCode() {
  const radio = find("input[name=reference]:checked", root);
  return radio ? radio.value : null;
}

/** Puts a sentence at the question that is still open and goes there. */
function askFor(box, line, text) {
  find(line, root).textContent = text;
  const element = find(box, root);
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
}

function agree() {
  if (!chosenActing()) return askFor("#acting", "[data-acting-error]", say("choose_acting"));
  if (!request.same_device && !chosenCode()) return askFor("#reference", "[data-reference-error]", say("choose_code"));
  pinPad.clear();
  return go("pin");
}

async function confirm(pin) {
  const { kind, id } = chosenActing();
  pinPad.setBusy(true);
  try {
    const answer = await ask(`${session}/confirm`, {
      reference_code: chosenCode(), acting: { kind, id }, pin,
    });
    fill(root, { message: answer.message });
    go("signed");
    goBack();
  } catch (problem) {
    pinPad.setBusy(false);
    refused(problem);
  }
}

/** The signing page is in this very tab: it takes what was released within a minute, or not. */
function goBack() {
  const back = root.dataset.return;
  if (back) setTimeout(() => location.replace(back), BACK_MS);
}

/** A wrong PIN may be corrected; a wrong reference code, or a request that is over, may not. */
function mayTryAgain(problem) {
  return problem.details.tries_left > 0 || problem.status === 422 || isPassing(problem);
}

function refused(problem) {
  const left = problem.details.tries_left;
  if (problem.code === "locked" || problem.code === "pin_locked") {
    stopTouching();
    return pinPad.lock(problem.details.retry_after || 0);
  }
  if (!mayTryAgain(problem)) return end(problem);
  const tries = left === undefined ? problem.nextStep : say("tries_left", { n: left });
  return pinPad.complain([problem.detail, tries].filter(Boolean).join(" "));
}

async function decline(notStartedByMe) {
  const buttons = findAll("[data-decline]", root);
  for (const button of buttons) button.disabled = true;
  try {
    const { message } = await ask(`${session}/decline`, { not_started_by_me: notStartedByMe });
    fill(root, { message });
    find("[data-alerted]", root).hidden = !notStartedByMe;
    go("declined");
  } catch (problem) {
    if (!isPassing(problem)) return end(problem);
    pinPad.complain(sentence(problem));
    find("[data-request-error]", root).textContent = sentence(problem);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
  return undefined;
}

root.addEventListener("change", (event) => {
  if (event.target.name === "acting") {
    find("[data-acting-error]", root).textContent = "";
    showActing(root, chosenActing());
  }
  if (event.target.name === "reference") find("[data-reference-error]", root).textContent = "";
});
find("[data-agree]", root).addEventListener("click", agree);
find("[data-back]", root).addEventListener("click", () => go("request"));
find("[data-retry]", root).addEventListener("click", start);
for (const button of findAll("[data-decline]", root)) {
  button.addEventListener("click", () => decline(button.dataset.decline === "true"));
}
start();
