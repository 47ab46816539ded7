/** All that the page of one signing knows, and every way in which it changes; pure. */

export const START = Object.freeze({
  signing: null, // as the server tells it
  documentId: null, // the file in view
  marks: {}, // document id -> {placements: [{key, …}], straddles: [{key, …}]}
  nextKey: 1,
  selected: null,
  current: 1, // the page in view
});

const NOTHING = Object.freeze({ placements: [], straddles: [] });

const changes = {
  /** What lies on the pages here is newer than what the server has kept of it, unless it is to be
   *  shown `afresh`; what lies there of a seal that may no longer be used is let go. */
  signing(state, { signing, afresh = false }) {
    let { nextKey } = state;
    const usable = new Set(signing.seals.map(({ id }) => id));
    const kept = (marks) => marks
      .filter(({ seal_id: id }) => usable.has(id))
      .map((one) => ({ ...one, key: one.key ?? (nextKey += 1) }));
    const marks = {};
    for (const file of signing.documents) {
      const { placements = [], straddles = [] } = (!afresh && state.marks[file.id]) || file;
      marks[file.id] = { placements: kept(placements), straddles: kept(straddles) };
    }
    const files = filesOf({ signing });
    const stays = files.some(({ id }) => id === state.documentId);
    const documentId = stays ? state.documentId : (files[0]?.id ?? null);
    return { ...state, signing, marks, nextKey, documentId };
  },
  document: (state, { id }) => ({ ...state, documentId: id, selected: null, current: 1 }),
  current: (state, { number }) =>
    state.current === number ? state : { ...state, current: number },
  select: (state, { key }) => (state.selected === key ? state : { ...state, selected: key }),
  /** Seals of any mode are put on the file in view; the first of them is selected. */
  put(state, { placements = [], straddles = [] }) {
    const first = state.nextKey + 1;
    const all = [...placements, ...straddles].map((one, at) => ({ ...one, key: first + at }));
    const next = laid(state, (marks) => ({
      placements: [...marks.placements, ...all.slice(0, placements.length)],
      straddles: [...marks.straddles, ...all.slice(placements.length)],
    }));
    return { ...next, nextKey: first + all.length, selected: first };
  },
  /** `to`: {page, x, y} of a placement, or {along} of a straddle. */
  move(state, { key, to }) {
    const moved = (one) => (one.key === key ? { ...one, ...to } : one);
    const next = laid(state, ({ placements, straddles }) => ({
      placements: placements.map(moved),
      straddles: straddles.map(moved),
    }));
    return { ...next, selected: key };
  },
  remove(state, { key }) {
    const others = (one) => one.key !== key;
    const next = laid(state, ({ placements, straddles }) => ({
      placements: placements.filter(others),
      straddles: straddles.filter(others),
    }));
    return { ...next, selected: null };
  },
  clear: (state) => ({ ...laid(state, () => NOTHING), selected: null }),
};

function laid(state, change) {
  const marks = { ...state.marks, [state.documentId]: change(marksOf(state)) };
  return { ...state, marks };
}

/** The file in view. */
export function documentOf(state, id = state.documentId) {
  return state.signing?.documents.find((one) => one.id === id) ?? null;
}

/** What lies on a file: {placements, straddles}. */
export function marksOf(state, id = state.documentId) {
  return state.marks[id] ?? NOTHING;
}

/** How many seals somebody has put on a file; one across many pages is one. */
export function countOf(state, id = state.documentId) {
  const { placements, straddles } = marksOf(state, id);
  return placements.length + straddles.length;
}

export function markOf(state, key) {
  const { placements, straddles } = marksOf(state);
  return [...placements, ...straddles].find((one) => one.key === key) ?? null;
}

export function sealOf(state, id) {
  return state.signing?.seals.find((seal) => seal.id === id) ?? null;
}

/** The files that are to be sealed, or are sealed: none that was refused. */
export function filesOf(state) {
  return state.signing.documents.filter(({ status }) => status !== "rejected");
}

/** Whether seals may be put on a file: it is not sealed yet, nor being sealed. */
export function isFree({ status }) {
  return status === "ready" || status === "failed";
}

/** The first file to be sealed without any seal, or null. */
export function bareDocument(state) {
  const isBare = (file) => isFree(file) && countOf(state, file.id) === 0;
  return filesOf(state).find(isBare) ?? null;
}

/** Whether the server has kept the very files and seals that are shown here (S-14, S-16). */
export function isAsShown(state, signing) {
  const [here, there] = [filesOf(state), filesOf({ signing })];
  const same = (file) => {
    const [shown, marks] = [documentOf(state, file.id), state.marks[file.id]];
    if (!shown || isFree(shown) !== isFree(file)) return false;
    if (!isFree(file)) return true; // nothing of it is submitted any more
    return JSON.stringify(forServer(marks)) === JSON.stringify(forServer(file));
  };
  return here.length === there.length && there.every(same);
}

/** What lies on a file as the server takes it. */
export function forServer({ placements, straddles }) {
  return {
    placements: placements.map(({ seal_id, page, x, y }) => ({ seal_id, page, x, y })),
    straddles: straddles.map(({ seal_id, edge, pages, along, two_sided }) => (
      { seal_id, edge, pages, along, two_sided }
    )),
  };
}

/** Holds the state and tells every view when it has changed. */
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
      state = changes[action.type](before, action);
      if (state !== before) for (const listener of listeners) listener(state, before);
    },
  };
}
