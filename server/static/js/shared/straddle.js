/**
 * 骑缝: one seal across the fanned edges of many pages, cut as the server cuts it; pure numbers.
 * The server's cuts are the ones that count; a test holds these to them.
 */

export const EDGES = ["right", "left", "top", "bottom"];
export const LEAST_SLICE_MM = 5;

const LEAST_ROOM = 3;
const LEAST_STACK = 2;
const POINTS_PER_MM = 72 / 25.4;
const ON_THE_BACK = { right: "left", left: "right" };
const isSide = (edge) => edge === "right" || edge === "left";
// Here the page on top, which shows the inner end, shows the end with the larger fractions.
const isBackward = (edge) => edge === "left" || edge === "bottom";

/**
 * The slices of `straddle` {edge, pages, along, two_sided}, in page order, of a `seal`
 * {width_mm, height_mm}: {page, clip, centre, size}. `clip` is [x0, y0, x1, y1] as fractions of
 * the upright picture with the origin at the lower left; `centre` {x, y} and `size` {width,
 * height} are fractions of the page as shown, from the top left. `sizeOf(page)` gives {width,
 * height} of the page as shown in points of 1/72 inch. Where `obstacle` names one: no slices.
 */
export function slices(straddle, seal, sizeOf) {
  if (obstacle(straddle, seal)) return [];
  const cut = stacks(straddle).flatMap(({ edge, stack }) =>
    groups(stack, mostSlices(straddle.edge, seal)).flatMap((group) =>
      clips(edge, group.length).map((clip, index) => ({ edge, page: group[index], clip })),
    ),
  );
  return cut
    .map(({ edge, page, clip }) => ({
      page,
      clip,
      ...place(edge, clip, straddle.along, seal, sizeOf(page)),
    }))
    .sort((one, other) => one.page - other.page);
}

/** The code with which the server would refuse it: too few pages, too small a seal; or null. */
export function obstacle(straddle, seal) {
  if (mostSlices(straddle.edge, seal) < LEAST_ROOM) return "straddle_seal_too_small";
  const short = stacks(straddle).some(({ stack }) => stack.length < LEAST_STACK);
  return short ? "straddle_needs_pages" : null;
}

function mostSlices(edge, seal) {
  return Math.floor((isSide(edge) ? seal.width_mm : seal.height_mm) / LEAST_SLICE_MM + 1e-9);
}

/** The pages of each fan from its top. A stack turned over has the last back on top. */
function stacks({ edge, pages, two_sided: twoSided }) {
  const chosen = [...new Set(pages)].sort((one, other) => one - other);
  if (!twoSided) return [{ edge, stack: chosen }];
  const fronts = chosen.filter((page) => page % 2 === 1);
  const backs = chosen.filter((page) => page % 2 === 0).reverse();
  return [
    { edge, stack: fronts },
    { edge: ON_THE_BACK[edge] ?? edge, stack: backs },
  ];
}

function groups(stack, most) {
  const parts = Math.ceil(stack.length / most);
  const end = (part) => Math.floor((stack.length * part) / parts);
  return Array.from({ length: parts }, (_, part) => stack.slice(end(part), end(part + 1)));
}

function clips(edge, count) {
  const cuts = Array.from({ length: count }, (_, number) => [number / count, (number + 1) / count]);
  if (isBackward(edge)) cuts.reverse();
  return cuts.map(([from, to]) => (isSide(edge) ? [from, 0, to, 1] : [0, from, 1, to]));
}

/** Flush with the edge, and along it as near to `along` as the page lets the seal lie. */
function place(edge, [x0, y0, x1, y1], along, seal, page) {
  const width = ((x1 - x0) * seal.width_mm * POINTS_PER_MM) / page.width;
  const height = ((y1 - y0) * seal.height_mm * POINTS_PER_MM) / page.height;
  const centre = {
    right: { x: 1 - width / 2, y: within(along, height / 2) },
    left: { x: width / 2, y: within(along, height / 2) },
    top: { x: within(along, width / 2), y: height / 2 },
    bottom: { x: within(along, width / 2), y: 1 - height / 2 },
  }[edge];
  return { centre, size: { width, height } };
}

function within(along, half) {
  return half > 0.5 ? 0.5 : Math.max(half, Math.min(along, 1 - half));
}
