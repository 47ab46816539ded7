/** 实名认证: name and document, with the consent of its own, by a code to the bound phone. */

import { find } from "../shared/dom.js";
import { complainer } from "./code_button.js";
import { bindForm } from "./entry_form.js";
import { bindProof } from "./proof.js";

const form = find("#real-name-form");
const { number, consent, document_type: documentType } = form.elements;
const name = form.elements.namedItem("name");
const fields = [name, number, consent];
const complain = complainer(find("#me-error"), fields);
const proof = bindProof(form, complain);
fields.push(...proof.fields);

function lack() {
  if (!name.value.trim()) return ["bad_name", name];
  if (!number.value.trim()) return ["bad_number", number];
  return consent.checked ? proof.lack() : ["not_consented", consent];
}

function declared() {
  return {
    document_type: documentType.value,
    name: name.value.trim(),
    number: number.value.trim(),
    consent_to_id_number: consent.checked,
  };
}

const faceForm = document.querySelector("#face-form");
if (faceForm) {
  const ticked = faceForm.elements.consent;
  bindForm({
    form: faceForm,
    url: () => "/m/me/real-name/face",
    lack: () => (ticked.checked ? null : ["face_not_consented", ticked]),
    body: () => ({ consent: true }),
    complain: complainer(find("#face-error"), [ticked]),
    otherwise: () => ticked,
    during: "beginning",
    done: ({ next }) => location.assign(next),
  });
}

bindForm({
  form,
  url: () => "/m/me/real-name",
  lack,
  body: () => ({ declared: declared(), proof: proof.body() }),
  complain,
  fields: { bad_name: name, bad_id_number: number, consent_needed: consent },
  otherwise: proof.field,
  during: "saving",
  done: ({ next }) => location.assign(next),
});
