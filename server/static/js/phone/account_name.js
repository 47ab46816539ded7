/** The name that a person logs in by: a phone, a resident's number, or that of a picked document. */

import { say } from "../shared/page_data.js";
import { PHONE } from "./code_button.js";
import { tidy } from "./entry_form.js";

const RESIDENT = /^\d{17}[\dX]$/;

/** Reads the fields `account` and `document_type` of a form, and says in the field what to type. */
export function accountName(form) {
  const { account } = form.elements;
  const picker = form.elements.document_type;
  const isPhone = () => !picker.value && PHONE.test(tidy(account));
  const isDocument = () => (picker.value ? tidy(account) !== "" : RESIDENT.test(tidy(account)));

  function showPicked() {
    account.placeholder = say(picker.value ? "number" : "name_or_phone");
  }

  picker.addEventListener("change", showPicked);
  showPicked();
  return {
    isPhone,
    isDocument,
    isName: () => isPhone() || isDocument(),
    phone: () => tidy(account),
    document: () => ({ document_type: picker.value || "resident_id", number: tidy(account) }),
    name: () => ({ name: tidy(account), document_type: picker.value }),
  };
}
