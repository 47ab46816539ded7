/**
 * A page of a file as a phone shows it: what pdf.js calls a viewport, made of the box that the
 * server tells, since only pictures of pages come here. Pure numbers.
 */

// Fractions of the page as shown (right, down) <-> of its box in user space (across, up).
const TURNS = {
  0: { across: (right) => right, up: (_, down) => 1 - down },
  90: { across: (_, down) => down, up: (right) => right },
  180: { across: (right) => 1 - right, up: (_, down) => down },
  270: { across: (_, down) => 1 - down, up: (right) => 1 - right },
};
const BACK = {
  0: (across, up) => [across, 1 - up],
  90: (across, up) => [up, across],
  180: (across, up) => [1 - across, up],
  270: (across, up) => [1 - up, 1 - across],
};

/**
 * `box`: {crop: [x0, y0, x1, y1], rotate, user_unit} of one page. Widths and heights are points of
 * 1/72 inch, as the reader sees the page.
 */
export function viewportOf({ crop, rotate, user_unit: unit }) {
  const [x0, y0, x1, y1] = crop;
  const box = [(x1 - x0) * unit, (y1 - y0) * unit];
  const [width, height] = rotate % 180 === 0 ? box : box.reverse();
  const turn = TURNS[rotate];
  return {
    width,
    height,
    scale: 1, // px per point
    convertToPdfPoint(x, y) {
      const [right, down] = [x / width, y / height];
      return [x0 + turn.across(right, down) * (x1 - x0), y0 + turn.up(right, down) * (y1 - y0)];
    },
    convertToViewportPoint(x, y) {
      const [right, down] = BACK[rotate]((x - x0) / (x1 - x0), (y - y0) / (y1 - y0));
      return [right * width, down * height];
    },
  };
}
