/** Where a chosen seal comes to lie before anybody has moved it; pure (F-47). */

import { freePlace, placeAt, toFraction } from "../sign/geometry.js";

/**
 * What is put for a choice of 选章: {placements, straddles}. `page` is in view; `viewport(n)` is a
 * page's; `taken(n)` gives [{place, seal}] of what lies there. Many pages get the same spot.
 */
export function putDown({ seal, mode, pages, straddle }, { page, viewport, taken }) {
  if (mode === "straddle") return { straddles: [{ ...straddle, seal_id: seal.id }] };
  const on = mode === "single" ? [page] : pages;
  const first = viewport(on[0]);
  const spot = toFraction(freePlace(taken(on[0]), seal, first), first);
  const placements = on.map((number) => ({
    seal_id: seal.id,
    page: number,
    ...placeAt(spot, seal, viewport(number)),
  }));
  return { placements };
}
