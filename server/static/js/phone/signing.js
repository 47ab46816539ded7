/** 签署: the files are looked through, seals are put on their pages, and all is submitted. */

import { fill, find, findAll } from "../shared/dom.js";
import { config, say } from "../shared/page_data.js";
import { sentence } from "./ask.js";
import { resumed } from "./intent.js";
import { announce, closeSheet, openSheet } from "./page.js";
import { makeApi } from "./signing_api.js";
import { makeChoosing } from "./signing_choose.js";
import { makeDrafts } from "./signing_drafts.js";
import { Marks } from "./signing_marks.js";
import { Pages } from "./signing_pages.js";
import { putDown } from "./signing_placing.js";
import {
  bareDocument, countOf, documentOf, filesOf, isAsShown, isFree, makeStore, markOf, marksOf, sealOf,
} from "./signing_state.js";
import { makeSubmission } from "./signing_submit.js";

const CHECK_MS = 800;

const root = find("#signing");
const api = makeApi(config.api);
const store = makeStore();
const { dispatch } = store;
let unsaved = false; // the last save has failed
const pages = new Pages({ api, on: { current: (number) => dispatch({ type: "current", number }) } });
const drafts = makeDrafts({ store, api, told: saving });
const marks = new Marks({ store, pages, on: { moved, remove } });
const choosing = makeChoosing({ chosen: put });
const submission = makeSubmission({
  api,
  drafts,
  read: opened,
  agrees,
  told: (signing) => dispatch({ type: "signing", signing }),
  over: () => location.replace(`${config.api}/done`),
  failed,
});

function complain(text) {
  find("[data-error]", root).textContent = text;
}

/** What is wrong with one of several files is said with that file in view. */
function failed(problem) {
  const { document: id } = problem.details;
  if (id && documentOf(store.state, id)) goTo(id);
  complain(sentence(problem));
}

/** A complaint of saving is over with the next save; no other is. */
function saving(how, problem) {
  fill(root, { saving: say(`draft_${how}`) });
  if (problem) complain(sentence(problem));
  else if (how === "saved" && unsaved) complain("");
  if (how !== "saving") unsaved = Boolean(problem);
}

/** The file in view has changed under the person's hand. */
function changed() {
  drafts.changed(store.state.documentId);
}

function viewport(number) {
  return pages.page(number).viewport;
}

function taken(number) {
  return marksOf(store.state)
    .placements.filter(({ page }) => page === number)
    .map((place) => ({ place, seal: sealOf(store.state, place.seal_id) }));
}

function put(choice) {
  const { current: page } = store.state;
  dispatch({ type: "put", ...putDown(choice, { page, viewport, taken }) });
  changed();
  marks.focus(store.state.selected);
  const count = choice.mode === "single" ? 1 : choice.pages.length;
  announce(say(`put_${choice.mode}`, { seal: choice.seal.name, n: count, page }));
}

function moved() {
  changed();
  announce(say("moved"));
}

function remove(key) {
  dispatch({ type: "remove", key });
  changed();
  announce(say("removed"));
  find("[data-choose]", root).focus();
}

function show(state, before) {
  const file = documentOf(state);
  if (!file) return;
  const free = isFree(file);
  if (file.id !== before.documentId) pages.show(file);
  marks.render(state, free);
  showFoot(state, free);
  fill(root, { page: say("page_n", { n: state.current, m: file.pages.length }) });
}

function showFoot(state, free) {
  const [files, file, count] = [filesOf(state), documentOf(state), countOf(state)];
  const at = files.indexOf(file);
  const last = at === files.length - 1;
  const selected = free && markOf(state, state.selected);
  fill(root, {
    name: file.name,
    of: files.length > 1 ? say("file_n", { n: at + 1, m: files.length }) : "",
    count: count ? say("count", { n: count }) : say("count_none"),
    selected: selected ? sealOf(state, selected.seal_id).name : "",
  });
  find("[data-selection]", root).hidden = !selected;
  find("[data-standing]", root).hidden = Boolean(selected);
  find("[data-clear]", root).hidden = count === 0 || !free;
  find("[data-earlier]", root).disabled = at === 0;
  find("[data-later]", root).disabled = last;
  find("[data-turn]", root).hidden = files.length === 1;
  const bare = free && count === 0;
  find("[data-next]", root).hidden = last || bare;
  find("[data-submit]", root).hidden = !last || bare;
  find("[data-choose]", root).hidden = !free;
  find("[data-choose]", root).classList.toggle("weui-btn_primary", count === 0);
  find("[data-choose]", root).classList.toggle("weui-btn_default", count > 0);
}

/** Shows the file `by` further on; the address remembers it over a reload. */
function turn(by) {
  const files = filesOf(store.state);
  const to = files[files.indexOf(documentOf(store.state)) + by];
  if (to) goTo(to.id);
}

function goTo(id) {
  dispatch({ type: "document", id });
  history.replaceState(null, "", `${location.pathname}#${id}`);
  announce(documentOf(store.state).name);
}

function submit() {
  complain("");
  const bare = bareDocument(store.state);
  if (bare) {
    goTo(bare.id);
    complain(say("bare", { name: bare.name }));
    return;
  }
  const [first, ...more] = filesOf(store.state).filter(isFree);
  if (!first) return submission.watch();
  const { name } = first;
  submission.start(more.length ? say("and_more", { name, n: more.length + 1 }) : name);
}

function bind() {
  find("[data-choose]", root).addEventListener("click", () => {
    const { state } = store;
    const count = countOf(state);
    const { seals } = state.signing;
    choosing.open({ document: documentOf(state), seals, page: state.current, count });
  });
  for (const button of findAll("[data-clear], [data-clear-chosen]")) {
    button.addEventListener("click", () => openSheet(find("#clear")));
  }
  find("#clear-now").addEventListener("click", () => {
    dispatch({ type: "clear" });
    changed();
    for (const sheet of findAll("dialog[open]")) closeSheet(sheet);
    announce(say("cleared"));
    find("[data-choose]", root).focus();
  });
  find("[data-remove]", root).addEventListener("click", () => remove(store.state.selected));
  find("[data-unselect]", root).addEventListener("click", () => dispatch({ type: "select", key: null }));
  find("[data-earlier]", root).addEventListener("click", () => turn(-1));
  find("[data-later]", root).addEventListener("click", () => turn(1));
  find("[data-next]", root).addEventListener("click", () => turn(1));
  find("[data-submit]", root).addEventListener("click", submit);
  addEventListener("pagehide", drafts.leaving);
  document.addEventListener("visibilitychange", () => document.hidden && drafts.leaving());
}

/** The files are looked through for a moment after they came. */
async function opened() {
  for (;;) {
    const signing = await api.state();
    if (!signing.documents.some(({ status }) => status === "checking")) return signing;
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
  }
}

/** Has the server let go, too, what a seal that may no longer be used had left on a page; how
 *  many there were. */
function letGo({ documents }) {
  let all = 0;
  for (const { id, placements, straddles } of documents.filter(isFree)) {
    const lost = placements.length + straddles.length - countOf(store.state, id);
    if (lost > 0) drafts.changed(id);
    all += lost;
  }
  if (all > 0) complain(say("let_go", { n: all }));
  return all;
}

/** Whether the server has kept what is shown here; otherwise that is shown, and it is said. */
function agrees(signing) {
  const same = isAsShown(store.state, signing);
  dispatch({ type: "signing", signing, afresh: !same });
  const lost = letGo(signing);
  if (!same) complain(say("elsewhere"));
  return same && lost === 0;
}

async function start() {
  try {
    const signing = await opened();
    if (["done", "cancelled"].includes(signing.status)) {
      location.replace(`${config.api}/done`);
      return;
    }
    store.subscribe(show);
    dispatch({ type: "signing", signing });
    letGo(signing);
    const wanted = location.hash.slice(1);
    if (wanted && documentOf(store.state, wanted)) goTo(wanted);
    root.dataset.ready = "1";
    bind();
    const proved = resumed();
    if (proved) submission.resume(proved.intent);
    else if (signing.status === "sealing") submission.watch();
  } catch (problem) {
    complain(sentence(problem));
  } finally {
    find("[data-loading]", root).hidden = true;
  }
}

start();
