/** Shows the description of an interface; the page names which. */

window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: document.querySelector("#interface").dataset.spec,
    dom_id: "#interface",
    deepLinking: true,
    validatorUrl: null,
  });
});
