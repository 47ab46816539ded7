/** A place to write by hand: finger, pen or mouse; keeps the strokes as points, never a picture. */

const MOST_STROKES = 60;
const MOST_POINTS = 4000;
const NEAR_PX = 1.2; // points closer than this tell nothing new
const THIN = 1.6;
const THICK = 4.2;
const FAST_PX_MS = 2.4; // from this speed on a line is thin
const LEAST_SHARE = 0.12; // of the pad's width that a name takes at least
const LEAST_INK_PX = 60;

const far = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay);

/** The length of all lines, and the box around them, in pixels of the pad. */
function measured(strokes) {
  const points = strokes.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  let ink = 0;
  for (const stroke of strokes) {
    for (let n = 1; n < stroke.length; n += 1) ink += far(stroke[n - 1], stroke[n]);
  }
  return { ink, wide: Math.max(...xs) - Math.min(...xs), high: Math.max(...ys) - Math.min(...ys) };
}

/**
 * `new HandwritingPad(canvas)`; each change of what is written sends a "written" event from the
 * canvas. The first size of the canvas is what the points are measured in: a phone that is turned
 * shows the same strokes smaller or larger.
 */
export class HandwritingPad {
  #canvas;
  #brush;
  #strokes = [];
  #present = null;
  #size = null;
  #began = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#brush = canvas.getContext("2d");
    canvas.style.touchAction = "none"; // else a finger scrolls the page
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => this.#up(event));
    }
    new ResizeObserver(() => this.#fit()).observe(canvas);
    this.#fit();
  }

  /** {"width", "height", "strokes": [[[x, y, t_ms], ...], ...]}; t counts from the first point. */
  strokes() {
    const [width, height] = this.#size ?? [0, 0];
    const rounded = (n) => Math.round(n * 100) / 100;
    const strokes = this.#strokes.map((stroke) => stroke.map(
      ([x, y, t]) => [rounded(x), rounded(y), Math.round(t)],
    ));
    return { width: rounded(width), height: rounded(height), strokes };
  }

  get isEmpty() {
    return this.#strokes.length === 0;
  }

  /** Whether there is enough to be a name: not a dot, not a scratch in a corner. */
  get isEnough() {
    if (this.isEmpty) return false;
    const { ink, wide, high } = measured(this.#strokes);
    const [width] = this.#size;
    return ink >= LEAST_INK_PX && Math.max(wide, high) >= width * LEAST_SHARE;
  }

  clear() {
    this.#strokes = [];
    this.#present = null;
    this.#size = null;
    this.#fit();
    this.#tell();
  }

  undo() {
    this.#strokes.pop();
    this.#draw();
    this.#tell();
  }

  #down(event) {
    if (this.#present || (event.pointerType === "mouse" && event.button !== 0)) return;
    if (this.#isFull()) return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    if (this.isEmpty) this.#began = event.timeStamp;
    this.#present = { id: event.pointerId, points: [this.#point(event)] };
    this.#strokes.push(this.#present.points);
    this.#draw();
  }

  #move(event) {
    if (this.#present?.id !== event.pointerId) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length ? steps : [event]) this.#add(step);
    this.#draw();
  }

  #add(event) {
    const { points } = this.#present;
    const point = this.#point(event);
    if (far(points[points.length - 1], point) >= NEAR_PX && !this.#isFull()) points.push(point);
  }

  #up(event) {
    if (this.#present?.id !== event.pointerId) return;
    this.#present = null;
    this.#tell();
  }

  #isFull() {
    const count = this.#strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    return count >= MOST_POINTS || (!this.#present && this.#strokes.length >= MOST_STROKES);
  }

  /** Where the pen is, in the pad's own pixels, kept on the pad. */
  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    const [width, height] = this.#size;
    const scale = Math.min(box.width / width, box.height / height);
    const within = (n, most) => Math.min(most, Math.max(0, n));
    const x = within((event.clientX - box.left) / scale, width);
    const y = within((event.clientY - box.top) / scale, height);
    return [x, y, Math.max(0, event.timeStamp - this.#began)];
  }

  /** As many dots as the screen has, whatever the page is zoomed to. */
  #fit() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!width || !height) return;
    if (this.isEmpty || !this.#size) this.#size = [width, height];
    const density = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * density);
    this.#canvas.height = Math.round(height * density);
    this.#draw();
  }

  #draw() {
    const brush = this.#brush;
    const { width, height } = this.#canvas;
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, width, height);
    if (!this.#size) return;
    const scale = Math.min(width / this.#size[0], height / this.#size[1]);
    brush.setTransform(scale, 0, 0, scale, 0, 0);
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = brush.fillStyle = getComputedStyle(this.#canvas).color;
    for (const stroke of this.#strokes) this.#drawStroke(stroke);
  }

  #drawStroke(points) {
    const brush = this.#brush;
    if (points.length === 1) {
      brush.beginPath();
      brush.arc(points[0][0], points[0][1], THICK / 2, 0, Math.PI * 2);
      brush.fill();
    }
    let wide = THICK;
    for (let n = 1; n < points.length; n += 1) {
      const [from, to] = [points[n - 1], points[n]];
      const speed = far(from, to) / Math.max(1, to[2] - from[2]);
      const wished = THICK - (THICK - THIN) * Math.min(1, speed / FAST_PX_MS);
      wide += (wished - wide) * 0.3; // a pen does not change its mind at once
      const start = n > 1 ? middle(points[n - 2], from) : from;
      const end = middle(from, to);
      brush.lineWidth = wide;
      brush.beginPath();
      brush.moveTo(start[0], start[1]);
      brush.quadraticCurveTo(from[0], from[1], end[0], end[1]);
      if (n === points.length - 1) brush.lineTo(to[0], to[1]);
      brush.stroke();
    }
  }

  #tell() {
    this.#canvas.dispatchEvent(new CustomEvent("written"));
  }
}

function middle([ax, ay], [bx, by]) {
  return [(ax + bx) / 2, (ay + by) / 2];
}
