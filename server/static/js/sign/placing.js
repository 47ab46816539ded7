/** What a person does with seals: put down, repeat on every page, remove, clear, undo. */

import { say } from "../shared/page_data.js";
import { freePlace, placeAt, toFraction } from "./geometry.js";
import { pagesWithout, roomLeft, sealOf, selectedPlacement } from "./state.js";

/** `tell(sentence, {undo})` shows and announces; `focus(key)` moves the keyboard to a mark. */
export function makePlacing({ store, view, tell, focus }) {
  const dispatch = store.dispatch;

  function full() {
    if (roomLeft(store.state) > 0) return false;
    tell(say("too_many", { n: store.state.page.task.most_seals }));
    return true;
  }

  function place(seal, to) {
    if (full()) return;
    dispatch({ type: "place", placement: { seal_id: seal.id, ...to } });
    focus(store.state.selected);
    tell(say("placed", { seal: seal.name, page: to.page }));
  }

  function placeHere(seal) {
    const number = store.state.current;
    const here = store.state.placements.filter(({ page }) => page === number);
    const taken = here.map((at) => ({ place: at, seal: sealOf(store.state, at.seal_id) }));
    const { viewport } = view.page(number);
    place(seal, { page: number, ...freePlace(taken, seal, viewport) });
  }

  /** The first touch of a seal chooses it; the second puts it on the page in view. */
  function choose(seal) {
    if (store.state.armed === seal.id) return placeHere(seal);
    dispatch({ type: "arm", seal });
    return tell(say("tap_where"));
  }

  /** A page was touched at `fraction`: the chosen seal goes there. */
  function placeChosen(page, fraction) {
    const seal = sealOf(store.state, store.state.armed);
    if (seal) place(seal, { page: page.number, ...placeAt(fraction, seal, page.viewport) });
  }

  return {
    place,
    placeHere,
    choose,
    placeChosen,

    /** P-16: the same spot of every page that does not carry this seal yet. */
    repeat(placement = selectedPlacement(store.state)) {
      const { state } = store;
      const seal = sealOf(state, placement.seal_id);
      const pages = pagesWithout(state, placement.seal_id);
      if (pages.length === 0) return tell(say("repeat_none", { seal: seal.name }));
      if (pages.length > roomLeft(state)) {
        return tell(say("too_many", { n: state.page.task.most_seals }));
      }
      const fraction = toFraction(placement, view.page(placement.page).viewport);
      const placements = pages.map((page) => ({
        seal_id: placement.seal_id,
        page,
        ...placeAt(fraction, seal, view.page(page).viewport),
      }));
      dispatch({ type: "repeat", placements });
      return tell(say("repeated", { n: pages.length }), { undo: true });
    },

    moved(placement) {
      const seal = sealOf(store.state, placement.seal_id);
      tell(say("moved", { seal: seal.name, page: placement.page }));
    },

    removed: () => tell(say("removed"), { undo: true }),

    clear() {
      const count = store.state.placements.length;
      if (count === 0) return;
      dispatch({ type: "clear" });
      tell(say("cleared", { n: count }), { undo: true });
    },

    undo() {
      dispatch({ type: "undo" });
      tell(say("undone"));
    },
  };
}
