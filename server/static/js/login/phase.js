/** What the login page is doing, from what the server says of its QR session; pure. */

const PHASES = {
  pending: "waiting",
  scanned: "scanned",
  confirmed: "asking",
  consumed: "done",
  expired: "outdated",
};

/** waiting | scanned | asking | done | outdated | not_me | refused */
export function phaseOf(qr) {
  if (qr.hint.code === "cancelled_by_page") return "not_me";
  return PHASES[qr.state] ?? "refused";
}
