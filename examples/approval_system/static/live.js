// Keeps a part of the page as the server has it, while something in it is still moving.

const QUICK = 2000;
const SLOW = 6000;
const QUICK_ROUNDS = 90;

/** Put `html` into `place` unless it says the same; the keyboard's place is kept. */
export function show(place, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (fresh.innerHTML.trim() === place.innerHTML.trim()) return;
  const index = controls(place).indexOf(document.activeElement);
  place.replaceChildren(...fresh.childNodes);
  if (index >= 0) controls(place)[index]?.focus();
}

function controls(place) {
  return [...place.querySelectorAll("a, button")];
}

async function keep(place) {
  for (let round = 0; place.querySelector("[data-open]"); round += 1) {
    // Whoever is in trouble is asked less often, and so is whoever takes long.
    const slow = round > QUICK_ROUNDS || place.querySelector("[data-problem]");
    if (round > 0) await pause(slow ? SLOW : QUICK);
    if (document.hidden) continue;
    let answer;
    try {
      answer = await fetch(place.dataset.live, { headers: { "X-Fragment": "1" } });
    } catch {
      continue; // our own server is away for a moment; the next round asks again
    }
    if (answer.status === 401) return location.reload();
    if (answer.ok) show(place, await answer.text());
  }
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

for (const place of document.querySelectorAll("[data-live]")) keep(place);
// The browser's back button brings an old picture of the page.
addEventListener("pageshow", (event) => event.persisted && location.reload());
