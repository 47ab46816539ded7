/** JSON over fetch: one way to ask our server, one kind of error (RFC 9457 problem+json). */

import { say } from "./page_data.js";

const PATIENCE_MS = 20_000;

/** What the server, or the way to it, answered instead of a result. */
export class Problem extends Error {
  constructor({ code, status = 0, detail, next_step: nextStep = "", ...details }) {
    super(detail);
    Object.assign(this, { name: "Problem", code, status, detail, nextStep, details });
  }
}

/** Nothing came back, or not all of it. */
export function unreachable() {
  return new Problem({ code: "network", detail: say("network"), next_step: say("network_next") });
}

/**
 * Sends one request and returns the Response. Throws Problem: code "network" when nothing came
 * back in time, otherwise the code of the server's answer.
 */
export async function send(method, url, request = {}) {
  const { body, headers = {}, patience = PATIENCE_MS, ...rest } = request;
  const aborter = new AbortController(); // old web views have no AbortSignal.timeout
  setTimeout(() => aborter.abort(), patience); // the body's time is counted too
  const options = {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json", ...headers },
    signal: aborter.signal,
    ...rest,
  };
  if (method !== "GET") {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response) {
  const told = await response.json().catch(() => ({}));
  return new Problem({
    ...told,
    code: told.code ?? `http_${response.status}`,
    detail: told.detail ?? say("unexpected"),
    next_step: told.next_step ?? say("network_next"),
    status: response.status,
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}
