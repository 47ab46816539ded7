/** Every request of a login page; which session it is about is in a cookie unseen here. */

import { send } from "../shared/http.js";
import { config } from "../shared/page_data.js";

const BASE = config.base;
const LONG_POLL_S = 25;
const LONG_POLL_PATIENCE_MS = (LONG_POLL_S + 10) * 1000;

const json = async (method, path, options) => (await send(method, BASE + path, options)).json();

export const api = {
  /** `openToken`: of the link that a partner's back end was given; our own page has none. */
  open: (openToken) =>
    json("POST", "/open", openToken ? { body: { open_token: openToken } } : {}),
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
  /** Where to go without a login. */
  leave: () => json("POST", "/leave"),
};
