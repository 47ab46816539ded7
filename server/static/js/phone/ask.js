/** POST from a phone, JSON or a form; old web views have no AbortSignal.timeout. */

import { Problem, unreachable } from "../shared/http.js";
import { say } from "../shared/page_data.js";

const PATIENCE_MS = 20_000;
// What comes before the step that was tried; each leads back.
const FIRST = {
  login_needed: "/m/login",
  agreements_changed: "/m/agreements/changed",
  face_required: "/m/gate",
  no_certificate: "/m/me/certificate",
};

/** Sends `body` (an object, or FormData with a photo), returns the JSON answer; throws Problem. */
export async function ask(url, body = {}) {
  const isForm = body instanceof FormData;
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: isForm ? { Accept: "application/json" }
        : { Accept: "application/json", "Content-Type": "application/json" },
      body: isForm ? body : JSON.stringify(body),
      signal: aborter.signal,
    });
    return response.ok ? await response.json() : refuse(await readProblem(response));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unreachable();
  } finally {
    clearTimeout(timer);
  }
}

async function readProblem(response) {
  const told = await response.json().catch(() => ({}));
  const waiting = Number(response.headers.get("Retry-After")) || 0;
  return complete({ retry_after: waiting, ...told }, response.status);
}

/** What a refusal says, with words of ours where it has none. */
export function complete(told, status) {
  return {
    retry_after: 0,
    ...told,
    code: told.code || `http_${status}`,
    detail: told.detail || say("unexpected"),
    next_step: told.next_step || say("network_next"),
    status,
  };
}

/** Throws Problem. Whoever must do something else first does it and comes back. */
export function refuse(told) {
  const first = FIRST[told.code];
  if (first && !location.pathname.startsWith(first)) {
    location.assign(`${first}?next=${encodeURIComponent(location.pathname)}`);
  }
  throw new Problem(told);
}

/** "What happened. What to do." */
export function sentence(problem) {
  return [problem.detail, problem.nextStep].filter(Boolean).join(" ");
}
