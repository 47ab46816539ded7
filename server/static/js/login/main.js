/** The login page: shows the code, then asks whether the phone's owner is the person here. */

import { bindCareMode } from "../shared/care_mode.js";
import { openChannel } from "../shared/channel.js";
import { fill, find, findAll, showWhen } from "../shared/dom.js";
import { config, say } from "../shared/page_data.js";
import { QrPicture } from "../shared/qr_picture.js";
import { makeServerClock } from "../shared/server_clock.js";
import { openVirtualPhone } from "../shared/virtual_phone.js";
import { api } from "./api.js";
import { phaseOf } from "./phase.js";

const COUNTED = new Set(["waiting", "scanned", "asking"]);
const TOLD_BY_HINT = new Set(["refused", "outdated"]);

const root = find("#login");
const clock = makeServerClock();
let page = null; // {qr, now}, the newest that the server said
let phase = "opening";
let channel = null;

const picture = new QrPicture({
  root,
  api,
  clock,
  qr: () => (COUNTED.has(phase) ? page.qr : null),
  reread: () => channel?.refresh(),
});

function take(answer) {
  if (page && Date.parse(answer.now) < Date.parse(page.now)) return;
  page = answer;
  clock.sync(page.now);
  const before = phase;
  phase = phaseOf(page.qr);
  render();
  if (phase !== before && before !== "opening") find("#login-heading").focus();
}

function render() {
  const { qr } = page;
  const byHint = TOLD_BY_HINT.has(phase);
  const name = qr.phone_name ?? "";
  if (phase === "waiting") picture.renew(qr);
  root.dataset.phase = phase;
  showWhen(root, phase);
  fill(root, {
    heading: say(`heading_${phase}`),
    status: byHint ? qr.hint.message : say(`status_${phase}`, { name }),
    next_step: nextStep(qr),
    reference_code: qr.reference_code ?? "",
    user_code: qr.user_code ?? "",
    phone_name: name,
    problem: "",
  });
  find("[data-typed-code]").hidden = phase !== "waiting" || !qr.user_code;
  find('[data-act="refresh"]').disabled = qr.refreshes_left < 1;
  picture.tick();
}

/** A page that a partner asked for cannot begin again by itself: the way leads back there. */
function nextStep(qr) {
  if (phase === "not_me") return say("next_not_me");
  if (!TOLD_BY_HINT.has(phase)) return "";
  return say("next_ended") || qr.hint.next_step;
}

/** Nothing can be done on this page any more but to begin again. */
function stop(problem) {
  channel?.stop();
  channel = null;
  phase = "stopped";
  root.dataset.phase = phase;
  showWhen(root, phase);
  find("[data-typed-code]").hidden = true;
  fill(root, { heading: say("heading_stopped"), status: problem.detail, next_step: problem.nextStep });
}

/** Asks the server to move on; both answers to a question rest until one of them has come. */
async function move(request) {
  const buttons = findAll("[data-act]", root);
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  try {
    const answer = await request();
    if (answer) take(answer);
  } catch (problem) {
    await channel?.refresh();
    fill(root, { problem: `${problem.detail} ${problem.nextStep}`.trim() });
  } finally {
    for (const button of buttons) button.removeAttribute("aria-busy");
  }
}

/** Only this tab leaves by itself: elsewhere the news may be quicker than the new cookie. */
async function logIn() {
  const { next } = await api.logIn();
  location.replace(next);
}

async function leave() {
  const { next } = await api.leave();
  location.replace(next);
}

/** The link's token is taken out of the address before anybody can copy it. */
function open() {
  const token = location.hash.slice(1);
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return api.open(token);
}

const acts = {
  refresh: () => move(api.refresh),
  restart: () => (channel ? move(() => channel.aside(api.open)) : location.reload()),
  another: () => move(api.anotherPhone),
  not_me: () => move(api.notMe),
  log_in: () => move(logIn),
  leave: () => move(leave),
  phone: () => openVirtualPhone(picture.frame, config.phone_demo_url),
};

async function begin() {
  bindCareMode(find("#care"));
  for (const button of findAll("[data-act]", root)) {
    button.addEventListener("click", () => button.ariaBusy || acts[button.dataset.act]());
  }
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  try {
    take(await open());
    channel = openChannel({
      api,
      seq: () => page.qr.seq,
      loadIo: async () => (await import(config.vendor.socket_io)).io,
      busy: () => false,
      on: { page: take, online: (online) => (find("#offline").hidden = online), lost: stop },
    });
  } catch (problem) {
    stop(problem);
  }
}

begin();
