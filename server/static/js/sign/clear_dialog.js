/** 清除所有签章, asked once more: whole seals and slices of every page go at once. */

import { fill, find, setOpen } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { sealCount } from "./state.js";

export function makeClearDialog({ dialog, store, clear }) {
  find('[data-act="keep"]', dialog).addEventListener("click", () => dialog.close());
  find('[data-act="clear"]', dialog).addEventListener("click", () => {
    dialog.close();
    clear();
  });
  return {
    open() {
      fill(dialog, { clear_words: say("clear_words", { n: sealCount(store.state) }) });
      setOpen(dialog, true);
    },
  };
}
