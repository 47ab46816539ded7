/** A plain page that has nothing but the switch for large text. */

import { bindCareMode } from "./shared/care_mode.js";
import { find } from "./shared/dom.js";

bindCareMode(find("#care"));
