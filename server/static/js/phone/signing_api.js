/** Every request of the pages on which somebody seals files of his own (F-46 to F-48). */

import { Problem, send, unreachable } from "../shared/http.js";
import { refuse } from "./ask.js";

/** As `send`, yet whoever must do something else first is led there. */
async function json(method, url, options = {}) {
  try {
    return await (await send(method, url, options)).json();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw unreachable(); // the answer was cut off
    const { code, detail, nextStep, status, details } = problem;
    return refuse({ ...details, code, detail, next_step: nextStep, status });
  }
}

/** `base`: "/m/signings/<id>". */
export function makeApi(base) {
  const documentAt = (id) => `${base}/documents/${id}`;
  return {
    state: () => json("GET", `${base}.json`),
    removeDocument: (id) => json("DELETE", documentAt(id)),
    picture: (id, page, width) => `${documentAt(id)}/pages/${page}.png?width=${width}`,
    /** `marks`: {placements, straddles}; `leaving`: the page goes away meanwhile. */
    save: (id, marks, { leaving = false } = {}) =>
      json("PUT", `${documentAt(id)}/placements`, { body: marks, keepalive: leaving }),
    /** What was shown, {documents, placements}, and the proof {intent} or {pin}; once more it
     *  changes nothing. */
    submit: (proved) => json("POST", `${base}/submit`, { body: proved }),
  };
}
