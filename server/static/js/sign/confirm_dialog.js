/** 确认签署: the summary before the last step, or the pages that still lack a seal. */

import { fill, find, findAll, make, setOpen, showWhen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { pageChip } from "./page_chip.js";
import { barePages, complete, sealCount, sealOf, sealsByPage } from "./state.js";

/** `act`: {send(), goTo(number)}. */
export function makeConfirmDialog({ dialog, store, act }) {
  for (const button of findAll("[data-act]", dialog)) {
    button.addEventListener("click", () => {
      dialog.close();
      if (button.dataset.act === "send") act.send();
    });
  }

  function leaveFor(number) {
    dialog.close();
    act.goTo(number);
  }

  function sealRows(state) {
    const counts = new Map();
    const count = (list, way) => {
      for (const { seal_id: id } of list) {
        const found = counts.get(id) ?? { whole: 0, across: 0 };
        counts.set(id, { ...found, [way]: found[way] + 1 });
      }
    };
    count(state.placements, "whole");
    count(state.straddles, "across");
    return [...counts].map(([id, { whole, across }]) => {
      const words = [
        whole > 0 && say("n_seals", { n: whole }),
        across > 0 && say("n_straddles", { n: across }),
      ].filter(Boolean);
      const name = make("span", {}, sealOf(state, id)?.name ?? "");
      return make("li", {}, name, make("strong", {}, words.join(" · ")));
    });
  }

  return {
    /** `bare`: the pages that the server named, when it knows better. */
    open(bare = barePages(store.state)) {
      const { state } = store;
      const { task, document: file, grant } = state.page;
      const ready = complete(state) && (bare.length === 0 || !task.every_page);
      showWhen(dialog, ready ? "ready" : "missing");
      const pages = sealsByPage(state).filter((count) => count > 0).length;
      fill(dialog, {
        heading: say(ready ? "confirm_heading" : "missing_heading"),
        summary: say("confirm_summary", { seals: sealCount(state), pages }),
        missing: task.every_page
          ? say("missing_pages", { n: bare.length, all: file.pages.length })
          : say("missing_any"),
        file: file.name,
        acting: grant?.acting ?? "",
        signer: grant?.signer ?? "",
      });
      find("#confirm-seals", dialog).replaceChildren(...(ready ? sealRows(state) : []));
      const chips = ready ? [] : bare.map((number) => pageChip(number, leaveFor));
      find("#confirm-missing", dialog).replaceChildren(...chips);
      setOpen(dialog, true);
    },
  };
}
