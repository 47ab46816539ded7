/** All that the signing page knows, and every way in which it changes; pure. */

export const START = Object.freeze({
  page: null, // the server's PageState
  placements: [], // {key, seal_id, page, x, y}; key names a mark on this page only
  nextKey: 1,
  selected: null,
  armed: null, // the id of the seal that the next touch of a page puts down
  current: 1,
  undo: null, // the placements before the last sweeping change
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
    const first = state.page === null;
    const placements = first ? page.placements.map(keyed) : state.placements;
    const nextKey = first ? placements.length + 1 : state.nextKey;
    return { ...state, page, placements: allowed(page, placements), nextKey };
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
    const placements = state.placements.filter((placement) => placement.key !== key);
    return { ...state, placements, selected: null, undo: state.placements };
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
      undo: state.placements,
    };
  },
  clear: (state) => ({ ...state, placements: [], selected: null, undo: state.placements }),
  undo: (state) =>
    state.undo ? { ...state, placements: state.undo, selected: null, undo: null } : state,
  select: (state, { key }) => (state.selected === key ? state : { ...state, selected: key }),
  arm: (state, { seal }) => ({ ...state, armed: seal ? seal.id : null, selected: null }),
  current: (state, { number }) =>
    state.current === number ? state : { ...state, current: number },
  saving: (state, { saving }) => ({ ...state, saving }),
  online: (state, { online }) => (state.online === online ? state : { ...state, online }),
};

export function reduce(state, action) {
  return changes[action.type](state, action);
}

function keyed(placement, index) {
  return { ...placement, key: index + 1 };
}

/** Drafts of seals that this signer may not use, or of pages that are gone, are let go. */
function allowed(page, placements) {
  if (!page.grant) return placements;
  const seals = new Set(page.seals.map((seal) => String(seal.id)));
  const kept = placements.filter(
    (placement) =>
      seals.has(String(placement.seal_id)) && placement.page <= page.document.pages.length,
  );
  return kept.length === placements.length ? placements : kept;
}

export function sealOf(state, sealId) {
  return state.page?.seals.find((seal) => String(seal.id) === String(sealId)) ?? null;
}

export function selectedPlacement(state) {
  return state.placements.find((placement) => placement.key === state.selected) ?? null;
}

/** How many seals lie on each page, the first page first. */
export function sealsByPage(state) {
  const counts = new Array(state.page?.document.pages.length ?? 0).fill(0);
  for (const { page } of state.placements) counts[page - 1] += 1;
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
  return (state.page?.task.most_seals ?? 0) - state.placements.length;
}

/** May the placements be sent, as far as this page can tell? (F-41, Settled 10) */
export function complete(state) {
  if (state.placements.length === 0) return false;
  return !state.page.task.every_page || barePages(state).length === 0;
}

/** The placements as the server takes them. */
export function forServer(placements) {
  return placements.map(({ seal_id, page, x, y }) => ({ seal_id, page, x, y }));
}
