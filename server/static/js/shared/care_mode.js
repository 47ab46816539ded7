/** The switch for large text (大字版); by the cookie the server draws the next page so at once. */

const ONE_YEAR_S = 31_536_000;

/** Makes `button` a toggle and calls `changed` after each turn. */
export function bindCareMode(button, changed = () => {}) {
  const root = document.documentElement;
  const state = button.getAttribute("role") === "switch" ? "aria-checked" : "aria-pressed";
  const show = () => button.setAttribute(state, String(root.dataset.care === "1"));
  button.addEventListener("click", () => {
    const on = root.dataset.care !== "1";
    root.dataset.care = on ? "1" : "";
    document.cookie = `care=${on ? 1 : ""}; path=/; max-age=${on ? ONE_YEAR_S : 0}; samesite=lax`;
    show();
    changed();
  });
  show();
}
