/** 信息与材料: the agent's data and the pictures; the server says what is still missing. */

import { find, findAll } from "../shared/dom.js";
import { say } from "../shared/page_data.js";
import { ask, sentence } from "./ask.js";
import { complainer, PHONE } from "./code_button.js";
import { bindSlot } from "./upload.js";

const form = find("#details-form");
const onward = find("#onward");
const slots = new Map(findAll("[data-slot]").map((root) => [root.dataset.slot, root]));
const bound = new Map([...slots].map(([name, root]) => [name, bindSlot(root)]));
const same = form.elements.same;
const { number, consent, phone, own_phone: ownPhone } = form.elements;
const name = form.elements.namedItem("name");
const complain = same ? complainer(find("#details-error"), [name, number, consent, phone]) : null;
const ownComplain = ownPhone ? complainer(find("#own-error"), [ownPhone]) : null;
const typed = () => [name, number, phone].some((field) => field.value.trim());
/** Who was named before stays, unless another one is begun. */
const isKept = () => Boolean(find("[data-agent-kept]")) && !typed();

/** Another person's papers are asked for only where another person acts. */
function show() {
  find("#agent-fields").hidden = same.checked;
  find("[data-agent-slots]").hidden = same.checked;
}

function lack() {
  if (!same || same.checked || isKept()) return null;
  if (!name.value.trim()) return ["bad_name", name];
  if (!number.value.trim()) return ["bad_number", number];
  if (!PHONE.test(phone.value.trim())) return ["bad_phone", phone];
  return consent.checked ? null : ["not_consented", consent];
}

function body() {
  const own = ownPhone ? { phone: ownPhone.value.trim() } : {};
  if (!same || same.checked) return own;
  if (isKept()) return { same: false, ...own };
  return {
    same: false,
    ...own,
    agent: {
      name: name.value.trim(),
      document_type: form.elements.document_type.value,
      number: number.value.trim(),
      phone: phone.value.trim(),
      consent_to_id_number: consent.checked,
    },
  };
}

const isAsked = (root) => !root.closest("[hidden]");

function missingPictures() {
  const missing = [...slots].filter(([, root]) => isAsked(root) && root.dataset.kept !== "1");
  for (const [slot] of missing) bound.get(slot).complain(say("missing_pictures"));
  return missing.map(([, root]) => root);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wrong = lack();
  if (wrong) return complain(say(wrong[0]), wrong[1]);
  complain?.("");
  if (ownPhone && !PHONE.test(ownPhone.value.trim())) return ownComplain(say("bad_phone"), ownPhone);
  ownComplain?.("");
  const [first] = missingPictures();
  if (first) return first.scrollIntoView({ block: "center" });
  const before = onward.textContent;
  onward.disabled = true;
  onward.textContent = say("saving");
  try {
    const { next } = await ask(form.dataset.url, body());
    location.assign(next);
  } catch (problem) {
    find("[data-page-error]").textContent = sentence(problem);
    onward.disabled = false;
    onward.textContent = before;
  }
});

if (same) {
  same.addEventListener("change", show);
  show();
}
