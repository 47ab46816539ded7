/** 签署, the first step: files go up one after the other, each with its own answer (F-46). */

import { randomKey } from "../shared/digest.js";
import { find } from "../shared/dom.js";
import { Problem } from "../shared/http.js";
import { config, say } from "../shared/page_data.js";
import { sentence } from "./ask.js";
import { announce } from "./page.js";
import { makeApi } from "./signing_api.js";
import { makeRow } from "./signing_file_row.js";
import { upload } from "./upload.js";

const CHECK_MS = 700;
const HOME = "/m/signings";
const PDF = "application/pdf";

const form = find("#new-form");
const list = find("[data-files]", form);
const input = find("#files");
const onward = find("#onward");
const rows = []; // {file, id, status, show, fail, …}; in the order in which they were chosen
const at = (signingId) => makeApi(`${HOME}/${signingId}`);
let signingId = config.signing;
let sending = Promise.resolve(); // one file at a time: the first makes the signing
let looking = false;

const counted = () => rows.filter(({ status }) => status !== "bad");

function complain(text) {
  find("[data-page-error]", form).textContent = text;
}

function show() {
  const good = counted();
  input.disabled = good.length >= config.most;
  onward.disabled = good.length === 0 || good.some(({ status }) => status !== "ready");
}

/** What is wrong with a file before it travels, as a sentence, or nothing. */
function lackOf(file) {
  const isPdf = file.type ? file.type === PDF : /\.pdf$/i.test(file.name);
  if (!isPdf) return say("not_a_pdf");
  return file.size > config.largest ? say("file_too_large") : "";
}

function add(row) {
  rows.push(row);
  list.append(row.element);
}

function choose(files) {
  complain("");
  for (const file of files) {
    if (counted().length >= config.most) {
      complain(say("too_many_files", { n: config.most }));
      break;
    }
    const row = makeRow({ name: file.name, size: file.size, away, again: send });
    Object.assign(row, { file, key: randomKey() });
    add(row);
    const lack = lackOf(file);
    if (lack) row.fail(lack);
    else send(row);
  }
  show();
}

function send(row) {
  row.wait();
  show();
  sending = sending.then(() => put(row)).finally(show);
}

/** Only what never arrived can be sent again as it is. */
async function put(row) {
  if (row.status === "gone") return;
  try {
    const url = signingId ? `${HOME}/${signingId}/documents` : HOME;
    const part = { field: "file", name: row.file.name, key: row.key };
    const signing = await upload(url, row.file, row.progress, part);
    take(row, signing);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const stays = problem.status > 0 && problem.status < 500;
    row.fail(sentence(problem), { again: !stays });
  }
}

/** The signing as it is now; `added` is this row's document, but for the first, which is alone. */
function take(row, signing) {
  signingId = signing.id;
  history.replaceState(null, "", `${HOME}/new?signing=${signingId}`);
  find("[data-open=roles]")?.remove(); // who signs was settled with the first file
  row.id = signing.added ?? signing.documents[0].id;
  row.check();
  tell(signing);
  look();
}

function tell({ documents }) {
  for (const row of rows) {
    const found = documents.find(({ id }) => id === row.id);
    if (found && row.status === "checking") row.told(found);
  }
  show();
}

/** The worker looks through each file; asked again until it has. */
async function look() {
  if (looking) return;
  looking = true;
  while (rows.some(({ status }) => status === "checking")) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    try {
      tell(await at(signingId).state());
    } catch (problem) {
      if (problem.code !== "network") {
        complain(sentence(problem));
        break;
      }
    }
  }
  looking = false;
}

async function away(row) {
  try {
    if (row.id) await at(signingId).removeDocument(row.id);
    rows.splice(rows.indexOf(row), 1);
    row.status = "gone";
    row.element.remove();
    announce(say("file_removed"));
    input.focus();
  } catch (problem) {
    complain(sentence(problem));
  }
  show();
}

/** What was refused stays behind. */
async function start(event) {
  event.preventDefault();
  complain("");
  onward.disabled = true;
  onward.textContent = say("starting");
  try {
    const refused = rows.filter(({ id, status }) => id && status === "bad");
    for (const { id } of refused) await at(signingId).removeDocument(id);
    location.assign(`${HOME}/${signingId}`);
  } catch (problem) {
    complain(sentence(problem));
    onward.textContent = say("start");
    show();
  }
}

/** After a reload, or on the way back from the pages: what was uploaded is still here. */
async function resume() {
  try {
    const signing = await at(signingId).state();
    for (const { id, name, size } of signing.documents) {
      const row = makeRow({ name, size, away, again: send });
      row.id = id;
      row.check();
      add(row);
    }
    tell(signing);
    look();
  } catch (problem) {
    complain(sentence(problem));
  }
}

input.addEventListener("change", () => {
  choose([...input.files]);
  input.value = "";
});
form.addEventListener("submit", start);
show();
if (signingId) resume();
