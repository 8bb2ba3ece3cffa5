/* global SwaggerUIBundle, SwaggerUIStandalonePreset */
// The API reference: a picker of dialects, links to each request, credentials kept in this browser.
const reference = document.getElementById('reference');
const urls = JSON.parse(reference.dataset.urls);
const wanted = new URLSearchParams(location.search).get('urls.primaryName');
const primary = urls.find(({ name }) => name === wanted) ?? urls[0];

SwaggerUIBundle({
  domNode: reference,
  urls,
  'urls.primaryName': primary?.name,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // Otherwise a badge is asked for from another host.
  validatorUrl: null,
});
