/** Holds the state and tells every view when it has changed. */

import { START, reduce } from "./state.js";

export function makeStore() {
  let state = START;
  const listeners = [];
  return {
    get state() {
      return state;
    },
    /** `listener(state, before)` runs after every change. */
    subscribe(listener) {
      listeners.push(listener);
    },
    dispatch(action) {
      const before = state;
      state = reduce(before, action);
      if (state !== before) for (const listener of listeners) listener(state, before);
    },
  };
}
