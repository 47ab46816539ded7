/** Dragging a seal with mouse, finger or pen: a ghost of true size, drawn where it would lie. */

import { make } from "../shared/dom.js";
import { clampCentre, fractionAt, placeAt, sealFraction, sealPixels } from "./geometry.js";

const THRESHOLD_PX = 4;
const EDGE_PX = 48; // this near to the edge the list scrolls by itself
const SCROLL_PX = 14;

/**
 * Follows the pointer from `event` (pointerdown) on. `grab`: the pointer's distance from the
 * seal's centre. `on`: {start, drop({page, x, y} | null), click}. Nothing happens before the
 * pointer has moved, so that a press stays a press.
 */
export function followPointer({ event, view, seal, picture, grab = { x: 0, y: 0 }, on }) {
  const source = event.currentTarget;
  const from = { x: event.clientX, y: event.clientY };
  let pointer = from;
  let ghost = null;
  let scrolling = 0;

  function start() {
    ghost = make("img", { class: "ghost", src: picture, alt: "" });
    const { width, height } = sealPixels(seal, view.scale);
    ghost.style.width = `${width}px`;
    ghost.style.height = `${height}px`;
    document.body.append(ghost);
    document.body.classList.add("dragging");
    on.start?.();
    scrolling = requestAnimationFrame(scrollAtEdges);
  }

  /** Where the seal would lie: the page and the clamped centre as a fraction of it. */
  function target() {
    const page = view.pageAt(pointer);
    if (!page) return null;
    const rect = page.element.getBoundingClientRect();
    const centre = { x: pointer.x - grab.x, y: pointer.y - grab.y };
    const fraction = clampCentre(fractionAt(rect, centre), sealFraction(seal, page.viewport));
    return { page, rect, fraction };
  }

  function show() {
    const over = target();
    const x = over ? over.rect.left + over.fraction.x * over.rect.width : pointer.x - grab.x;
    const y = over ? over.rect.top + over.fraction.y * over.rect.height : pointer.y - grab.y;
    ghost.style.left = `${x}px`;
    ghost.style.top = `${y}px`;
    ghost.classList.toggle("over-page", over !== null);
  }

  function scrollAtEdges() {
    const { left, right, top, bottom } = view.scroller.getBoundingClientRect();
    if (pointer.x > left && pointer.x < right) {
      if (pointer.y < top + EDGE_PX) view.scroller.scrollTop -= SCROLL_PX;
      if (pointer.y > bottom - EDGE_PX) view.scroller.scrollTop += SCROLL_PX;
      show();
    }
    scrolling = requestAnimationFrame(scrollAtEdges);
  }

  function move(moved) {
    if (moved.pointerId !== event.pointerId) return;
    pointer = { x: moved.clientX, y: moved.clientY };
    const far = Math.hypot(pointer.x - from.x, pointer.y - from.y) >= THRESHOLD_PX;
    if (!ghost && far) start();
    if (ghost) show();
  }

  function finish(done, ended) {
    if (ended && ended.pointerId !== event.pointerId) return;
    source.removeEventListener("pointermove", move);
    source.removeEventListener("pointerup", up);
    source.removeEventListener("pointercancel", cancel);
    source.removeEventListener("lostpointercapture", cancel);
    document.removeEventListener("keydown", escape, true);
    cancelAnimationFrame(scrolling);
    document.body.classList.remove("dragging");
    if (!ghost) return done && on.click?.();
    const over = done ? target() : null;
    ghost.remove();
    return on.drop(
      over && { page: over.page.number, ...placeAt(over.fraction, seal, over.page.viewport) },
    );
  }

  const cancel = (ended) => finish(false, ended);
  function up(ended) {
    if (ended.pointerId === event.pointerId) pointer = { x: ended.clientX, y: ended.clientY };
    finish(true, ended);
  }
  function escape(pressed) {
    if (pressed.key !== "Escape") return;
    pressed.stopPropagation();
    finish(false);
  }

  source.setPointerCapture(event.pointerId);
  source.addEventListener("pointermove", move);
  source.addEventListener("pointerup", up);
  source.addEventListener("pointercancel", cancel);
  source.addEventListener("lostpointercapture", cancel);
  document.addEventListener("keydown", escape, true);
}
