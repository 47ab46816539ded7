/** Every request of the login page; which session it is about is in a cookie unseen here. */

import { send } from "../shared/http.js";

const BASE = "/login";
const LONG_POLL_S = 25;
const LONG_POLL_PATIENCE_MS = (LONG_POLL_S + 10) * 1000;

const json = async (method, path, options) => (await send(method, BASE + path, options)).json();

export const api = {
  open: () => json("POST", "/open"),
  state: () => json("GET", "/state"),
  events: (seq) =>
    json("GET", `/events?after=${seq}&wait=${LONG_POLL_S}`, { patience: LONG_POLL_PATIENCE_MS }),
  ticket: () => json("POST", "/ticket"),
  frames: () => json("GET", "/frames"),
  refresh: () => json("POST", "/refresh"),
  anotherPhone: () => json("POST", "/another-phone"),
  notMe: () => json("POST", "/not-me"),
  /** Where to go, now that somebody is logged in. */
  logIn: () => json("POST", `/confirm${location.search}`),
};
