/** The double's three outcomes; each leads back to where the check was begun. */

const place = document.querySelector("#double");

async function decide(passes) {
  const response = await fetch(`/dev/face/${place.dataset.token}`, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({ passes }),
  });
  const told = await response.json();
  if (response.ok) location.assign(told.next);
  else document.querySelector("[data-error]").textContent = told.detail;
}

for (const button of document.querySelectorAll("[data-passes]")) {
  const { passes } = button.dataset;
  button.addEventListener("click", () => decide(passes === "" ? null : passes === "true"));
}
