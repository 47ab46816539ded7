/** Which bytes are on the screen: those to be signed, later the sealed file; with their digest. */

import { sha256 } from "../shared/digest.js";
import { Problem } from "../shared/http.js";
import { say } from "../shared/page_data.js";

/** `shown(sealed)` runs when other pages have been laid out. */
export function makeFileOnScreen({ api, view, shown }) {
  let digest = null;

  return {
    /** Hex SHA-256 of the bytes shown to the person, null where the browser cannot tell. */
    get digest() {
      return digest;
    },

    /** Throws Problem when these are not the bytes that will be signed. */
    async showOriginal(file) {
      const bytes = await api.document();
      digest = await sha256(bytes);
      if (digest && digest !== file.sha256) {
        throw new Problem({
          code: "digest_mismatch",
          detail: say("not_same"),
          next_step: say("not_same_next"),
        });
      }
      await view.load(bytes);
      shown(false);
    },

    /** After sealing: the file as it was sealed. False leaves what was on the screen. */
    async showSealed(result) {
      try {
        const { view_url: address } = await api.download();
        const response = await fetch(address);
        const bytes = await response.arrayBuffer();
        const told = await sha256(bytes);
        if (!response.ok || (told && told !== result.sha256)) return false;
        await view.load(bytes);
      } catch {
        return false; // nothing is lost: the result can be opened and downloaded by itself
      }
      shown(true);
      return true;
    },
  };
}
