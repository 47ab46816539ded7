/** What a person does with seals: put down in three modes, repeat, remove, clear, undo. */

import { say } from "../shared/page_data.js";
import { obstacle } from "../shared/straddle.js";
import { freePlace, placeAt, toFraction } from "./geometry.js";
import { pagesWithout, roomLeft, sealCount, sealOf, selectedPlacement } from "./state.js";

const ALONG = [0.5, 0.25, 0.75, 0.1, 0.9]; // where the next seal of an edge goes by itself
const NEAR = 0.12;

/** `tell(sentence, {undo})` shows and announces; `focus(key)` moves the keyboard to a mark. */
export function makePlacing({ store, view, tell, focus }) {
  const dispatch = store.dispatch;

  function full(wanted = 1) {
    if (roomLeft(store.state) >= wanted) return false;
    tell(say("too_many", { n: store.state.page.task.most_seals }));
    return true;
  }

  function placeOne(seal, to) {
    if (full()) return;
    dispatch({ type: "place", placement: { seal_id: seal.id, ...to } });
    focus(store.state.selected);
    tell(say("placed", { seal: seal.name, page: to.page }));
  }

  /** 多页: the spot of every chosen page that the seal was put on here. */
  function placeOnMany(seal, to) {
    const { pages } = store.state.spread;
    if (full(pages.length)) return;
    const first = store.state.nextKey;
    dispatch({ type: "repeat", placements: sameSpot(seal, to, pages) });
    focus(first + Math.max(0, pages.indexOf(to.page)));
    tell(say("placed_pages", { seal: seal.name, n: pages.length }), { undo: true });
  }

  function sameSpot(seal, to, pages) {
    const fraction = toFraction(to, view.page(to.page).viewport);
    return pages.map((page) => ({
      seal_id: seal.id,
      page,
      ...placeAt(fraction, seal, view.page(page).viewport),
    }));
  }

  /** 骑缝: across the chosen pages' edge, `along` it. */
  function placeAcross(seal, along) {
    const straddle = { seal_id: seal.id, ...store.state.spread, along };
    const refused = obstacle(straddle, seal);
    if (refused) return tell(say(refused));
    if (full(straddle.pages.length)) return undefined;
    dispatch({ type: "straddle", straddle });
    focus(store.state.selected);
    return tell(say("straddled", { seal: seal.name, n: straddle.pages.length }));
  }

  function freeAlong() {
    const { straddles, spread } = store.state;
    const taken = straddles.filter(({ edge }) => edge === spread.edge).map(({ along }) => along);
    const free = (along) => taken.every((other) => Math.abs(other - along) > NEAR);
    return ALONG.find(free) ?? ALONG[0];
  }

  function noPages() {
    if (store.state.mode === "single" || store.state.spread.pages.length > 0) return false;
    tell(say("pages_unread", { n: store.state.page.document.pages.length }));
    return true;
  }

  function place(seal, to) {
    if (noPages()) return undefined;
    const { mode, spread } = store.state;
    if (mode === "single") return placeOne(seal, to);
    if (mode === "multi") return placeOnMany(seal, to);
    const { x, y } = toFraction(to, view.page(to.page).viewport);
    return placeAcross(seal, spread.edge === "left" || spread.edge === "right" ? y : x);
  }

  function placeHere(seal) {
    if (noPages()) return undefined;
    if (store.state.mode === "straddle") return placeAcross(seal, freeAlong());
    const number = store.state.current;
    const here = store.state.placements.filter(({ page }) => page === number);
    const taken = here.map((at) => ({ place: at, seal: sealOf(store.state, at.seal_id) }));
    const { viewport } = view.page(number);
    return place(seal, { page: number, ...freePlace(taken, seal, viewport) });
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
      dispatch({ type: "repeat", placements: sameSpot(seal, placement, pages) });
      return tell(say("repeated", { n: pages.length }), { undo: true });
    },

    moved(placement) {
      const seal = sealOf(store.state, placement.seal_id);
      tell(say("moved", { seal: seal.name, page: placement.page }));
    },

    slid(straddle) {
      tell(say("slid", { seal: sealOf(store.state, straddle.seal_id).name }));
    },

    removed: () => tell(say("removed"), { undo: true }),

    clear() {
      const count = sealCount(store.state);
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
