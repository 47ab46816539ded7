/** The signing page: wires the document, the QR session, the seals and the dialogs together. */

import { bindCareMode } from "../shared/care_mode.js";
import { find, setOpen } from "../shared/dom.js";
import { Problem } from "../shared/http.js";
import { config, say } from "../shared/page_data.js";
import { makeServerClock } from "../shared/server_clock.js";
import { makeApi } from "./api.js";
import { openChannel } from "../shared/channel.js";
import { makeClearDialog } from "./clear_dialog.js";
import { makeConfirmDialog } from "./confirm_dialog.js";
import { DocumentView } from "./document_view.js";
import { makeDrafts } from "./drafts.js";
import { makeFileOnScreen } from "./file_on_screen.js";
import { watchLeaving } from "./leaving.js";
import { Marks } from "./marks.js";
import { makeMessages } from "./messages.js";
import { ModePanel } from "./mode_panel.js";
import { OutcomeDialog } from "./outcome_dialog.js";
import { makePictures } from "./pictures.js";
import { makePlacing } from "./placing.js";
import { QrDialog } from "./qr_dialog.js";
import { watchRightToSeal } from "./right_to_seal.js";
import { SealTray } from "./seal_tray.js";
import { SidePanel } from "./side_panel.js";
import { Slices } from "./slices.js";
import { phaseOf, sealCount } from "./state.js";
import { makeStore } from "./store.js";
import { makeSubmission } from "./submission.js";
import { forgetGoingOn, goOn, isHandheld } from "./this_device.js";
import { Thumbnails } from "./thumbnails.js";

const ENDED = new Set(["sealed", "failed", "cancelled", "expired"]);
const NEEDS_NEW_SCAN = new Set(["grant_ended", "grant_revoked", "page_token_missing"]);

const LOAD_AGAIN_MS = 2_000;

const root = document.body;
const clock = makeServerClock();
const store = makeStore();
const api = makeApi(config.api);
const pictures = makePictures(api);
let channel = null;
let showsSealed = false;

const view = new DocumentView(root, {
  current: (number) => store.dispatch({ type: "current", number }),
  scaled: () => renderMarks(store.state),
});
const messages = makeMessages({ root, undo: () => placing.undo() });
const placing = makePlacing({ store, view, tell: messages.tell, focus: focusMark });
const slices = new Slices({ view, store, pictures, act: placing });
const marks = new Marks({ view, store, pictures, act: placing });
const tray = new SealTray({ root, view, pictures, act: placing });
const thumbnails = new Thumbnails({ root, view, pictures });
const file = makeFileOnScreen({ api, view, shown: documentShown });
const submission = makeSubmission({ api });
const drafts = makeDrafts({ store, api, failed: refused });
const outcome = new OutcomeDialog({
  dialog: find("#outcome"),
  act: { download: () => fetchResult("url"), view: () => fetchResult("view_url") },
});
const confirmation = makeConfirmDialog({
  dialog: find("#confirm"),
  store,
  act: { send: confirm, goTo: (number) => view.goTo(number) },
});
const qr = new QrDialog({
  dialog: find("#qr"),
  store,
  api,
  clock,
  act: {
    refresh: refreshQr,
    here: () => goOn(api).catch(tellInQr),
    anotherPhone: () => move(api.anotherPhone, tellInQr),
    cancel: () => setOpen(find("#cancel"), true),
    reread: () => channel?.refresh(),
    publicComputer: setPublicComputer,
  },
});
const modes = new ModePanel({ root, store });
const clearing = makeClearDialog({ dialog: find("#clear-all"), store, clear: placing.clear });
const panel = new SidePanel({
  root,
  act: {
    authenticate: () => qr.open(),
    confirm: () => confirmation.open(),
    result: () => outcome.open(),
    repeat: () => placing.repeat(),
    clear: () => clearing.open(),
    goTo: (number) => view.goTo(number),
  },
});
const tickGrant = watchRightToSeal({
  root,
  store,
  clock,
  act: { keep: () => drafts.now().then(channel.refresh), ended: () => channel.refresh() },
});

function tellInQr(problem) {
  qr.tell(problem);
}

/** 刷新二维码: a new generation while one is waiting, otherwise a new QR session. */
async function refreshQr() {
  if (phaseOf(store.state.page) === "waiting") return move(api.refresh, tellInQr);
  return move(() => channel.aside(api.restart), tellInQr);
}

function focusMark(key) {
  marks.focus(key);
  slices.focus(key);
}

function renderMarks(state) {
  marks.render(state, { hidden: showsSealed });
  slices.render(state, { hidden: showsSealed });
}

function renderAll(state, before) {
  panel.render(state);
  modes.render(state);
  tray.render(state);
  renderMarks(state);
  thumbnails.render(state, { withPictures: !showsSealed });
  if (state.page === before.page) return;
  qr.render(state);
  outcome.render(state);
  tickGrant();
  find("#language").hidden = state.page.public_computer;
}

function takePage(page) {
  clock.sync(page.now);
  store.dispatch({ type: "page", page });
}

/** Steps that follow from a new state without anybody pressing anything. */
async function follow(state, before) {
  const [now, then] = [phaseOf(state.page), phaseOf(before.page)];
  const moved = state.placements !== before.placements || state.straddles !== before.straddles;
  if (moved && before.page) drafts.changed();
  if (now === then) return;
  messages.quiet();
  if (now === "waiting") forgetGoingOn();
  if (now === "loading") loadSeals();
  if (now === "placing") await showSeals(state, then === "opening");
  if (ENDED.has(now)) channel?.stop();
  if (now === "sealed" && then !== "opening") await file.showSealed(state.page.result);
}

/** Takes the result of the QR session; a lost answer is asked for again while it can be had. */
async function loadSeals() {
  await move(api.load, tellInQr);
  if (phaseOf(store.state.page) === "loading") setTimeout(loadSeals, LOAD_AGAIN_MS);
}

async function showSeals(state, again) {
  const { page } = state;
  try {
    await pictures.load(page.seals);
    renderAll(store.state, store.state);
    const restored = again ? sealCount(state) : 0;
    if (restored) messages.tell(say("restored", { n: restored }));
    else messages.tell(say("seals_loaded", { n: page.seals.length }));
  } catch (problem) {
    refused(problem);
  }
}

/** Asks the server to move on and takes its answer; `tell` says it where the person looks. */
async function move(request, tell) {
  try {
    takePage(await request());
  } catch (problem) {
    await channel?.refresh();
    tell(problem);
  }
}

/** The QR dialog tells by itself that the right to seal has ended; everything else is told here. */
async function refused(problem) {
  if (NEEDS_NEW_SCAN.has(problem.code)) await channel?.refresh();
  if (phaseOf(store.state.page) === "placing") messages.report(problem);
}

async function setPublicComputer() {
  try {
    await channel.aside(api.publicComputer);
    return true;
  } catch (problem) {
    qr.tell(problem);
    return false;
  }
}

async function confirm() {
  const { page } = store.state;
  const button = find("#confirm-button");
  messages.quiet();
  button.setAttribute("aria-busy", "true");
  try {
    takePage(await submission.send(store.state, file.digest ?? page.document.sha256));
  } catch (problem) {
    if (problem.code === "page_without_seal") confirmation.open(problem.details.pages);
    else refused(problem);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function fetchResult(which) {
  // Opened before the answer: a window opened after it would count as a pop-up.
  const tab = which === "view_url" ? window.open("about:blank", "_blank") : null;
  try {
    const links = await api.download();
    (tab ?? window).location.assign(links[which]);
  } catch (problem) {
    tab?.close();
    outcome.tell(problem);
  }
}

function documentShown(sealed) {
  showsSealed = sealed;
  thumbnails.build();
  root.classList.add("document-shown");
  renderAll(store.state, store.state);
}

async function open() {
  const token = location.hash.slice(1) || null;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    return await api.open(token);
  } catch (problem) {
    if (!token || problem.code === "network") throw problem;
    // A used link opened again in the same browser; elsewhere the first answer is the right one.
    return api.open(null).catch(() => Promise.reject(problem));
  }
}

async function showFile({ document: original, result }) {
  const phase = phaseOf(store.state.page);
  if (ENDED.has(phase)) channel.stop();
  const done = phase === "sealed" && (await file.showSealed(result));
  if (!done) await file.showOriginal(original);
}

function stop(problem) {
  channel?.stop();
  setOpen(find("#qr"), false);
  outcome.stop(problem, { returnUrl: store.state.page?.task.return_url });
}

async function begin() {
  document.documentElement.classList.toggle("handheld", isHandheld);
  bindCareMode(find("#care"));
  watchLeaving({ drafts, api, cancel: () => move(api.cancel, tellInQr) });
  store.subscribe(renderAll);
  store.subscribe(follow);
  try {
    takePage(await open());
    channel = openChannel({
      api,
      seq: () => store.state.page.qr?.seq ?? 0,
      loadIo: async () => (await import(config.vendor.socket_io)).io,
      busy: () => phaseOf(store.state.page) === "sealing",
      on: {
        page: takePage,
        online: (online) => store.dispatch({ type: "online", online }),
        lost: stop,
      },
    });
    messages.warn(store.state.page.document.warnings);
    await showFile(store.state.page);
  } catch (problem) {
    const told = problem instanceof Problem ? problem : unreadable(problem);
    stop(told);
  }
}

function unreadable(error) {
  console.error(error);
  return new Problem({
    code: "unreadable",
    detail: say("unreadable"),
    next_step: say("unreadable_next"),
  });
}

begin();
