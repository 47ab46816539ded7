/** 提交: the account's own verification, then the sealing, followed until its end (F-48). */

import { find } from "../shared/dom.js";
import { Problem } from "../shared/http.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { DONE, verified } from "./intent.js";
import { closeSheet, openSheet } from "./page.js";

const FIRST_LOOK_MS = 600;
const LONGEST_PAUSE_MS = 3_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** By what the owner's seals may be used here, as the dialog shows it. */
async function offered({ methods, submission }) {
  const needed = { action: say("action"), methods, phone: "" };
  if (!methods.includes("sms")) return needed;
  const subject = { action: "sign_documents", parameters: submission };
  return { ...needed, phone: (await ask("/m/intents/methods", subject)).phone };
}

/**
 * `read()` gives the state once every file was looked through; `agrees(signing)` tells whether it
 * is what the page shows, and puts that right; `told(signing)` hears each state afterwards;
 * `over()` is called at the end; `failed(problem)` what stands in the way.
 */
export function makeSubmission({ api, drafts, read, agrees, told, over, failed }) {
  const progress = find("#progress");

  async function follow() {
    openSheet(progress);
    let wait = FIRST_LOOK_MS;
    for (;;) {
      try {
        const signing = await api.state();
        told(signing);
        if (signing.status !== "sealing") return signing;
        show(signing);
      } catch (problem) {
        if (problem.code !== "network") throw problem;
        find("[data-progress-note]", progress).textContent = sentence(problem);
      }
      await pause(wait);
      wait = Math.min(LONGEST_PAUSE_MS, wait * 1.3);
    }
  }

  function show({ documents }) {
    const done = documents.filter(({ status }) => status === "sealed").length;
    const counted = { n: done, m: documents.length };
    find("[data-progress-note]", progress).textContent = say("progress", counted);
  }

  async function run(step) {
    try {
      await step();
    } catch (problem) {
      closeSheet(progress);
      if (!(problem instanceof Problem)) throw problem;
      failed(problem);
    }
  }

  /** What the server has kept, and how it may be proved; nothing was moved meanwhile. */
  async function kept() {
    for (;;) {
      await drafts.now();
      const signing = await read();
      const ways = await offered(signing);
      if (drafts.clean()) return [signing, ways];
    }
  }

  /** Whether the person has proved it and the server has taken it. */
  async function submitted(signing, ways, about) {
    const { documents, placements } = signing.submission;
    let sent = null;
    const send = (proof) => (sent = api.submit({ documents, placements, ...proof }));
    const proof = await verified("sign_documents", signing.submission, about, {
      offered: ways,
      secrets: { pin: (pin) => send({ pin }), password: (password) => send({ password }) },
    });
    // Whoever closes the sheet has not called back what is under way.
    if (!proof) return sent?.then(() => true, () => false) ?? false;
    if (proof !== DONE) await send({ intent: proof });
    return true;
  }

  return {
    /** Asks for the verification and seals. `about` names the files. */
    start: (about) => run(async () => {
      const [signing, ways] = await kept();
      if (!agrees(signing)) return;
      if (signing.methods.length === 0) {
        location.assign(`/m/me/certificate?next=${encodeURIComponent(location.pathname)}`);
        return;
      }
      if (!(await submitted(signing, ways, about))) return;
      await follow();
      over();
    }),
    /** A face has led back here with its proof. */
    resume: (intent) => run(async () => {
      const { submission } = await api.state();
      const { documents, placements } = submission;
      await api.submit({ documents, placements, intent });
      await follow();
      over();
    }),
    /** The page was opened again while its files are sealed. */
    watch: () => run(async () => {
      await follow();
      over();
    }),
  };
}
