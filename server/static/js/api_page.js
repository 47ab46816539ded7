/** Shows the description of the partner interface. */

window.addEventListener("load", () => {
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#interface",
    deepLinking: true,
    validatorUrl: null,
  });
});
