/**
 * 在本机签署: the page is open on the phone itself. This very tab goes on to the confirm screen and
 * comes back: web views open no second window.
 */

import { config } from "../shared/page_data.js";

/** A phone or a tablet, by its first pointer; some phones say that they can hover. */
export const isHandheld = matchMedia("(pointer: coarse)").matches;

const NOTE = `went-on ${config.api}`;

/** Goes to the confirm screen; the server, which knows this page by its token, says where. */
export async function goOn(api) {
  const { next } = await api.thisDevice();
  sessionStorage.setItem(NOTE, "1");
  location.assign(next);
}

/** Whether the scan that the page sees was most likely this tab's own; only words depend on it. */
export const wentOn = () => sessionStorage.getItem(NOTE) === "1";

/** Nothing is scanned, or nothing any more: the next scan may be anybody's. */
export const forgetGoingOn = () => sessionStorage.removeItem(NOTE);
