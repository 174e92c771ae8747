// The API page: Swagger UI over our own OpenAPI document; nothing is asked of another host.
const api = document.getElementById("api");
SwaggerUIBundle({
  url: api.dataset.schema,
  domNode: api,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
