/** Every request of the signing page to its server. */

import { send } from "../shared/http.js";

const LONG_POLL_S = 25;
const LONG_POLL_PATIENCE_MS = (LONG_POLL_S + 10) * 1000;
const FILE_PATIENCE_MS = 120_000;

/** `base`: "/sign/<task id>". */
export function makeApi(base) {
  let pageToken = null; // kept in memory alone on a public computer, else in a cookie unseen here

  const ask = (method, path, options = {}) =>
    send(method, base + path, {
      ...options,
      headers: { ...options.headers, ...(pageToken && { "Page-Token": pageToken }) },
    });
  const json = async (method, path, options) => (await ask(method, path, options)).json();
  const post = (path) => json("POST", path);

  return {
    open: (openToken) => json("POST", "/open", { body: { open_token: openToken } }),
    state: () => json("GET", "/state"),
    events: (seq) =>
      json("GET", `/events?after=${seq}&wait=${LONG_POLL_S}`, { patience: LONG_POLL_PATIENCE_MS }),
    ticket: () => post("/ticket"),
    frames: () => json("GET", "/frames"),
    refresh: () => post("/refresh"),
    anotherPhone: () => post("/another-phone"),
    thisDevice: () => post("/this-device"),
    cancel: () => post("/cancel"),
    restart: () => post("/restart"),
    load: () => post("/load"),
    download: () => json("GET", "/download"),

    /** From now on the right to seal lives in this open page alone; there is no way back. */
    async publicComputer() {
      const answer = await json("POST", "/public-computer", { body: { on: true } });
      pageToken = answer.page_token;
    },

    /** Ends the right to seal with the page; only a public computer asks for that. */
    leave() {
      if (!pageToken) return;
      const body = new Blob([JSON.stringify({ page_token: pageToken })], {
        type: "application/json",
      });
      navigator.sendBeacon(`${base}/leave`, body);
    },

    async document() {
      const response = await ask("GET", "/document", {
        headers: { Accept: "application/pdf" },
        patience: FILE_PATIENCE_MS,
      });
      return response.arrayBuffer();
    },

    /** An address for <img>; fetched, because an <img> cannot send the page token. */
    async sealPicture(seal) {
      const response = await send("GET", seal.picture ?? `${base}/seals/${seal.id}.svg`, {
        headers: { Accept: "image/svg+xml", ...(pageToken && { "Page-Token": pageToken }) },
      });
      return URL.createObjectURL(await response.blob());
    },

    /** `layout`: {placements, straddles} */
    savePlacements: (layout, { leaving = false } = {}) =>
      json("PUT", "/placements", { body: layout, keepalive: leaving }),

    confirm: (key, documentSha256, layout) =>
      json("POST", "/confirm", {
        headers: { "Idempotency-Key": key },
        body: { document_sha256: documentSha256, ...layout },
      }),
  };
}
