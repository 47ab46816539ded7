/** Short news at the bottom (announced politely) and problems at the top (announced at once). */

import { fill, find, make } from "../shared/dom.js";

const SHOWN_MS = 6_000;
const SHOWN_UNDO_MS = 12_000;

/** `undo`: what the button of a piece of news does. */
export function makeMessages({ root, undo }) {
  const toast = find("#toast", root);
  const undoButton = find("button", toast);
  const notice = find("#notice", root);
  let timer = 0;

  undoButton.addEventListener("click", undo);
  const warnings = find("#warnings", root);
  for (const box of [notice, warnings]) {
    find("button", box).addEventListener("click", () => (box.hidden = true));
  }

  function clear() {
    clearTimeout(timer);
    toast.classList.remove("shown");
    fill(toast, { words: "" });
    undoButton.hidden = true;
  }

  return {
    tell(sentence, { undo: undoable = false } = {}) {
      clearTimeout(timer);
      fill(toast, { words: sentence });
      undoButton.hidden = !undoable;
      toast.classList.add("shown");
      timer = setTimeout(clear, undoable ? SHOWN_UNDO_MS : SHOWN_MS);
    },

    report(problem) {
      fill(notice, { detail: problem.detail, next_step: problem.nextStep });
      notice.hidden = false;
    },

    /** What the check of the file found and did not refuse. */
    warn(list) {
      find("ul", warnings).replaceChildren(...list.map(({ message }) => make("li", {}, message)));
      warnings.hidden = list.length === 0;
    },

    quiet() {
      clear();
      notice.hidden = true;
    },
  };
}
