// The API reference: every request of every dialect served, to be read and tried. One page, nothing from other hosts.
import { credentialForm, Credentials, credentialFor } from './credentials.js';
import { h } from './dom.js';
import { markdown } from './markdown.js';
import { valueReader } from './offered.js';
import { addressOf, readDocument } from './openapi.js';
import { operationView } from './operation.js';
import { requestOf, urlOf } from './request.js';

const page = document.getElementById('reference');
const contents = document.getElementById('contents');
const filter = document.getElementById('filter');
const credentials = new Credentials();
/** By address: `{details, entry}`. */
const places = new Map();

const documents = await Promise.all(
  JSON.parse(page.dataset.apis).map(async ({ name, url }) => readDocument(name, await (await fetch(url)).json())),
);
page.replaceChildren(...documents.map(apiView));
contents.replaceChildren(...documents.map(contentsOf));
page.removeAttribute('aria-busy');
filter.addEventListener('input', () => narrow(filter.value));
addEventListener('hashchange', () => open(location.hash));
open(location.hash);

function apiView(api) {
  const send = async (path) => {
    const operation = { api: api.name, method: 'GET', path, parameters: [], security: [api.schemes] };
    const request = requestOf(operation, {
      parameters: new Map(),
      body: null,
      credential: credentialFor(operation, api, credentials),
    });
    const response = await fetch(urlOf(request, ''), {
      headers: request.headers,
      credentials: 'omit',
      cache: 'no-store',
    });
    return { status: response.status, text: await response.text() };
  };
  let offered = valueReader(api.values, send);
  credentials.onChange((changed) => {
    if (changed === api.name) offered = valueReader(api.values, send);
  });
  return h(
    'section',
    { class: 'api', id: `api-${api.name}`, 'aria-labelledby': `title-${api.name}` },
    h('h2', { id: `title-${api.name}`, tabindex: '-1' }, api.title),
    ...markdown(api.description),
    h('p', {}, h('a', { href: `/openapi/${api.name}.json` }, `OpenAPI document of ${api.title}`)),
    credentialForm(api, credentials),
    ...api.groups.map(({ name, operations }) =>
      h(
        'section',
        { class: 'group' },
        h('h3', {}, name),
        ...operations.map((operation) => operationEntry(operation, api, (kind) => offered(kind))),
      ),
    ),
  );
}

/** Closed it shows a line; what is inside is made when it is first opened. */
function operationEntry(operation, api, offered) {
  const address = addressOf(operation);
  const details = h(
    'details',
    { class: 'operation', 'data-path': operation.path, 'data-method': operation.method },
    h(
      'summary',
      {},
      h('span', { class: `method ${operation.method.toLowerCase()}` }, operation.method),
      ' ',
      h('code', {}, operation.path),
      ' ',
      h('span', { class: 'title' }, operation.summary),
    ),
  );
  let made = false;
  details.make = () => {
    if (made) return;
    made = true;
    details.append(operationView(operation, api, { credentials, offered }));
  };
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    details.make();
    if (location.hash !== address) history.replaceState(null, '', address);
  });
  const entry = h('li', {}, h('a', { href: address }, `${operation.method} ${operation.path}`));
  places.set(address, {
    details,
    entry,
    words: `${operation.method} ${operation.path} ${operation.summary}`.toLowerCase(),
  });
  return details;
}

function contentsOf(api) {
  return h(
    'section',
    {},
    h('h2', {}, h('a', { href: `#/${api.name}` }, api.title)),
    ...api.groups.map(({ name, operations }) =>
      h(
        'details',
        { open: documents.length < 3 },
        h('summary', {}, name),
        h('ul', {}, ...operations.map((operation) => places.get(addressOf(operation)).entry)),
      ),
    ),
  );
}

/** Opens the request that the page's address names, or goes to the API. */
function open(hash) {
  const place = places.get(hash) ?? places.get(encodeURI(decodeURI(hash)));
  if (place !== undefined) {
    place.details.make();
    place.details.open = true;
    place.details.querySelector('summary').focus();
    place.details.scrollIntoView();
    return;
  }
  const title = document.getElementById(`title-${hash.replace(/^#\//, '')}`);
  title?.scrollIntoView();
  title?.focus();
}

/** Keeps the requests whose line has every word. */
function narrow(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { details, entry, words: line } of places.values()) {
    const fits = words.every((word) => line.includes(word));
    details.hidden = !fits;
    entry.hidden = !fits;
  }
  for (const group of page.querySelectorAll('.group')) {
    group.hidden = [...group.querySelectorAll('.operation')].every((operation) => operation.hidden);
  }
  for (const group of contents.querySelectorAll('details')) {
    group.hidden = [...group.querySelectorAll('li')].every((entry) => entry.hidden);
    if (words.length > 0) group.open = true;
  }
}
