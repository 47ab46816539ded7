// 上传 → 引用我的上传材料 → 签章材料 → tick → 确定.

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", () => {
    opener.closest("details").open = false;
    document.getElementById(opener.dataset.opens).showModal();
  });
}

for (const closer of document.querySelectorAll("[data-closes]")) {
  closer.addEventListener("click", () => closer.closest("dialog").close());
}

for (const folder of document.querySelectorAll("[data-folder]")) {
  folder.addEventListener("click", () => {
    const shelf = document.getElementById(folder.dataset.folder);
    shelf.hidden = false;
    shelf.parentElement.querySelector("[data-closed]").hidden = true;
    folder.setAttribute("aria-expanded", "true");
  });
}

for (const form of document.querySelectorAll("[data-quote]")) {
  form.addEventListener("change", () => {
    const ticked = form.querySelectorAll("input:checked").length;
    form.querySelector("[data-count]").textContent = `已选 ${ticked} 份`;
    form.querySelector("[data-accept]").disabled = ticked === 0;
  });
}

// One open menu at a time; a click elsewhere or Escape closes it.
const menus = [...document.querySelectorAll("details.choices")];
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus.filter((each) => each.open)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
