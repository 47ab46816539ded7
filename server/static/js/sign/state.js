/** All that the signing page knows, and every way in which it changes; pure. */

import { obstacle } from "../shared/straddle.js";

export const START = Object.freeze({
  page: null, // the server's PageState
  placements: [], // {key, seal_id, page, x, y}; key names a mark on this page only
  straddles: [], // {key, seal_id, edge, pages, along, two_sided}
  mode: "single", // how the next seal is put down: single | multi | straddle
  spread: { pages: [], edge: "right", two_sided: false }, // of the modes that take many pages
  nextKey: 1,
  selected: null,
  armed: null, // the id of the seal that the next touch of a page puts down
  current: 1,
  undo: null, // {placements, straddles} before the last sweeping change
  saving: "idle", // idle | waiting | saving | saved | failed
  online: true,
});

const PHASE_OF_TASK = {
  sealing: "sealing",
  sealed: "sealed",
  failed: "failed",
  cancelled: "cancelled",
  expired: "expired",
};
const PHASE_OF_QR = { pending: "waiting", scanned: "scanned", confirmed: "loading" };

/**
 * What the page is doing: opening | waiting | scanned | loading | refused (also: there is no QR any
 * more, and nobody has used one) | lapsed (the QR was used and the right to seal has ended) |
 * placing | sealing | sealed | failed | cancelled | expired
 */
export function phaseOf(page) {
  if (!page) return "opening";
  const ofTask = PHASE_OF_TASK[page.task.status];
  if (ofTask) return ofTask;
  if (page.grant) return "placing";
  if (!page.qr) return page.task.status === "awaiting_signer" ? "refused" : "lapsed";
  if (page.qr.state === "consumed") return "lapsed";
  return PHASE_OF_QR[page.qr.state] ?? "refused";
}

const changes = {
  page(state, { page }) {
    if (state.page && Date.parse(page.now) < Date.parse(state.page.now)) return state;
    const known = state.page === null ? { ...state, ...firstSeen(page) } : state;
    const { placements, straddles } = known;
    return {
      ...known,
      page,
      placements: allowed(page, placements, ({ page: number }) => [number]),
      straddles: allowed(page, straddles, ({ pages }) => pages),
    };
  },
  mode: (state, { mode }) => ({ ...state, mode, selected: null }),
  /** Of the straddled seal that is chosen, or of the next one. */
  spread(state, { to }) {
    const spread = { ...state.spread, ...to };
    const alter = (one) => (one.key === state.selected ? { ...one, ...spread } : one);
    const refused = spreadRefused({ ...state, spread });
    const straddles = refused ? state.straddles : state.straddles.map(alter);
    return { ...state, spread, straddles, undo: null };
  },
  straddle(state, { straddle }) {
    const key = state.nextKey;
    const straddles = [...state.straddles, { ...straddle, key }];
    return { ...state, straddles, selected: key, armed: null, nextKey: key + 1, undo: null };
  },
  alter(state, { key, to }) {
    const alter = (one) => (one.key === key ? { ...one, ...to } : one);
    return { ...state, straddles: state.straddles.map(alter), selected: key, undo: null };
  },
  place(state, { placement }) {
    if (roomLeft(state) < 1) return state;
    const key = state.nextKey;
    const placements = [...state.placements, { ...placement, key }];
    return { ...state, placements, selected: key, armed: null, nextKey: key + 1, undo: null };
  },
  move(state, { key, to }) {
    const moved = (placement) => (placement.key === key ? { ...placement, ...to } : placement);
    return { ...state, placements: state.placements.map(moved), selected: key, undo: null };
  },
  remove(state, { key }) {
    const kept = (one) => one.key !== key;
    const [placements, straddles] = [state.placements.filter(kept), state.straddles.filter(kept)];
    return { ...state, placements, straddles, selected: null, undo: layoutOf(state) };
  },
  repeat(state, { placements }) {
    const added = placements.map((placement, index) => ({
      ...placement,
      key: state.nextKey + index,
    }));
    return {
      ...state,
      placements: [...state.placements, ...added],
      nextKey: state.nextKey + added.length,
      armed: null,
      undo: layoutOf(state),
    };
  },
  clear: (state) => ({
    ...state,
    placements: [],
    straddles: [],
    selected: null,
    undo: layoutOf(state),
  }),
  undo: (state) => (state.undo ? { ...state, ...state.undo, selected: null, undo: null } : state),
  select(state, { key }) {
    if (state.selected === key) return state;
    const chosen = selectedStraddle({ ...state, selected: key });
    if (!chosen) return { ...state, selected: key };
    const { pages, edge, two_sided } = chosen;
    return { ...state, selected: key, mode: "straddle", spread: { pages, edge, two_sided } };
  },
  arm: (state, { seal }) => ({ ...state, armed: seal ? seal.id : null, selected: null }),
  current: (state, { number }) =>
    state.current === number ? state : { ...state, current: number },
  saving: (state, { saving }) => ({ ...state, saving }),
  online: (state, { online }) => (state.online === online ? state : { ...state, online }),
};

export function reduce(state, action) {
  return changes[action.type](state, action);
}

/** What the server has kept of an earlier visit; a key names one thing, of either kind. */
function firstSeen(page) {
  const keyed = (one, index) => ({ ...one, key: index + 1 });
  const placements = page.placements.map(keyed);
  const straddles = page.straddles.map((one, index) => keyed(one, placements.length + index));
  const pages = page.document.pages.map(({ number }) => number);
  const nextKey = placements.length + straddles.length + 1;
  return { placements, straddles, nextKey, spread: { ...START.spread, pages } };
}

/** Drafts of seals that this signer may not use, or of pages that are gone, are let go. */
function allowed(page, drafts, pagesOf) {
  if (!page.grant) return drafts;
  const seals = new Set(page.seals.map((seal) => String(seal.id)));
  const last = page.document.pages.length;
  const kept = drafts.filter(
    (one) => seals.has(String(one.seal_id)) && pagesOf(one).every((number) => number <= last),
  );
  return kept.length === drafts.length ? drafts : kept;
}

function layoutOf({ placements, straddles }) {
  return { placements, straddles };
}

export function sealOf(state, sealId) {
  return state.page?.seals.find((seal) => String(seal.id) === String(sealId)) ?? null;
}

export function selectedPlacement(state) {
  return state.placements.find((placement) => placement.key === state.selected) ?? null;
}

export function selectedStraddle(state) {
  return state.straddles.find((straddle) => straddle.key === state.selected) ?? null;
}

/** The code with which the chosen straddled seal would be refused under `spread`, or null. */
export function spreadRefused(state) {
  const straddle = selectedStraddle(state);
  const seal = straddle && sealOf(state, straddle.seal_id);
  return seal ? obstacle({ ...straddle, ...state.spread }, seal) : null;
}

/** How many seals were put down; one across many pages is one. */
export function sealCount(state) {
  return state.placements.length + state.straddles.length;
}

/** How many seals and slices lie on each page, the first page first. */
export function sealsByPage(state) {
  const counts = new Array(state.page?.document.pages.length ?? 0).fill(0);
  for (const { page } of state.placements) counts[page - 1] += 1;
  for (const { pages } of state.straddles) for (const page of pages) counts[page - 1] += 1;
  return counts;
}

/** The pages, from 1, that lack a seal. */
export function barePages(state) {
  return sealsByPage(state).flatMap((count, index) => (count === 0 ? [index + 1] : []));
}

/** The pages on which this seal does not lie yet. */
export function pagesWithout(state, sealId) {
  const has = new Set(
    state.placements
      .filter((placement) => String(placement.seal_id) === String(sealId))
      .map((placement) => placement.page),
  );
  return (state.page?.document.pages ?? []).map(({ number }) => number).filter((n) => !has.has(n));
}

export function roomLeft(state) {
  const lying = sealsByPage(state).reduce((sum, count) => sum + count, 0);
  return (state.page?.task.most_seals ?? 0) - lying;
}

/** May the placements be sent, as far as this page can tell? (F-41, Settled 10) */
export function complete(state) {
  if (sealCount(state) === 0) return false;
  return !state.page.task.every_page || barePages(state).length === 0;
}

/** What lies on the file, as the server takes it. */
export function forServer({ placements, straddles }) {
  const withoutKey = ({ key: _key, ...one }) => one;
  return { placements: placements.map(withoutKey), straddles: straddles.map(withoutKey) };
}
