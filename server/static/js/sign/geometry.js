/**
 * Where seals lie on pages; pure numbers. A place is kept as the seal's centre: on screen as a
 * fraction of the page as shown (0..1 from the top left), for the server in PDF user space.
 * `viewport` is a pdf.js PageViewport, whose scale is CSS px per point of 1/72 inch.
 */

const POINTS_PER_MM = 72 / 25.4;

/** The fraction of `rect` (a page's getBoundingClientRect) under a point of the window. */
export function fractionAt(rect, point) {
  return { x: (point.x - rect.left) / rect.width, y: (point.y - rect.top) / rect.height };
}

/** A seal's true size in CSS px at `scale`. */
export function sealPixels(seal, scale) {
  return {
    width: seal.width_mm * POINTS_PER_MM * scale,
    height: seal.height_mm * POINTS_PER_MM * scale,
  };
}

/** A seal's true size as fractions of the page; the same at every zoom. */
export function sealFraction(seal, viewport) {
  const { width, height } = sealPixels(seal, viewport.scale);
  return { width: width / viewport.width, height: height / viewport.height };
}

/** The nearest centre at which a seal of `size` (fractions) does not hang over the edge. */
export function clampCentre(centre, size) {
  return { x: clamp(centre.x, size.width / 2), y: clamp(centre.y, size.height / 2) };
}

function clamp(value, margin) {
  return margin > 0.5 ? 0.5 : Math.min(1 - margin, Math.max(margin, value));
}

/** Fraction of the page as shown -> PDF user space. */
export function toPdf(fraction, viewport) {
  const [x, y] = viewport.convertToPdfPoint(
    fraction.x * viewport.width,
    fraction.y * viewport.height,
  );
  return { x, y };
}

/** PDF user space -> fraction of the page as shown. */
export function toFraction(place, viewport) {
  const [x, y] = viewport.convertToViewportPoint(place.x, place.y);
  return { x: x / viewport.width, y: y / viewport.height };
}

/** Where a seal dropped at `fraction` lies: {x, y} in PDF user space, wholly on the page. */
export function placeAt(fraction, seal, viewport) {
  return toPdf(clampCentre(fraction, sealFraction(seal, viewport)), viewport);
}

/** A place moved by CSS px to the right and down as the page is shown. */
export function nudged(place, by, seal, viewport) {
  const now = toFraction(place, viewport);
  const wanted = { x: now.x + by.x / viewport.width, y: now.y + by.y / viewport.height };
  return placeAt(wanted, seal, viewport);
}

const CUSTOMARY = { x: 0.74, y: 0.82 }; // lower right, where the date and the signature stand
const GAP = 1.06; // seals put down by themselves keep a little distance

/**
 * Where to put a seal without a pointer: the customary place, or the next free one to its left
 * and above. `taken`: [{place, seal}] of that page.
 */
export function freePlace(taken, seal, viewport) {
  const size = sealFraction(seal, viewport);
  const others = taken.map(({ place, seal: other }) => ({
    centre: toFraction(place, viewport),
    size: sealFraction(other, viewport),
  }));
  const free = (centre) => !others.some((other) => overlap({ centre, size }, other));
  for (let y = CUSTOMARY.y; y > size.height / 2; y -= size.height / 2) {
    for (let x = CUSTOMARY.x; x > size.width / 2; x -= size.width / 8) {
      const centre = clampCentre({ x, y }, size);
      if (free(centre)) return toPdf(centre, viewport);
    }
  }
  return placeAt(CUSTOMARY, seal, viewport);
}

function overlap(one, other) {
  const near = (axis, side) => {
    const apart = Math.abs(one.centre[axis] - other.centre[axis]);
    return apart < (GAP * (one.size[side] + other.size[side])) / 2;
  };
  return near("x", "width") && near("y", "height");
}
