const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/**
 * A dialect's document as the page shows it: groups of operations in the order of the document.
 *
 * An operation has `api` (name of the dialect), `method` (upper case), `path`, `parameters`, `body` (or null),
 * `responses`, `security` (alternatives: scheme to scopes).
 */
export function readDocument(api, document) {
  const groups = new Map();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      if (item[method] === undefined) continue;
      const operation = readOperation(api, document, path, method, item[method]);
      const group = operation.group;
      if (groups.has(group)) groups.get(group).push(operation);
      else groups.set(group, [operation]);
    }
  }
  return {
    name: api,
    title: document.info.title,
    description: document.info.description ?? '',
    schemes: document.components?.securitySchemes ?? {},
    values: document['x-values'] ?? {},
    groups: [...groups].map(([name, operations]) => ({ name, operations })),
  };
}

function readOperation(api, document, path, method, operation) {
  const body = resolve(document, operation.requestBody ?? null);
  return {
    api,
    method: method.toUpperCase(),
    path,
    group: operation.tags?.[0] ?? 'Requests',
    summary: operation.summary ?? '',
    description: operation.description ?? '',
    parameters: (operation.parameters ?? []).map((parameter) => {
      const known = resolve(document, parameter);
      return { ...known, schema: resolveDeep(document, known.schema ?? {}) };
    }),
    body:
      body === null
        ? null
        : { required: body.required === true, description: body.description ?? '', content: contentOf(document, body) },
    responses: Object.entries(operation.responses ?? {}).map(([status, response]) => {
      const known = resolve(document, response);
      return { status, description: known.description ?? '', content: contentOf(document, known) };
    }),
    security: operation.security ?? document.security ?? [],
  };
}

function contentOf(document, { content = {} }) {
  return Object.entries(content).map(([type, media]) => ({
    type,
    schema: resolveDeep(document, media.schema ?? {}),
    examples: examplesOf(document, media),
  }));
}

/** Name to value; the only one has the name ''. */
function examplesOf(document, media) {
  if (media.example !== undefined) return [['', media.example]];
  return Object.entries(media.examples ?? {}).map(([name, example]) => [name, resolve(document, example).value]);
}

function resolve(document, value) {
  const reference = value?.$ref;
  if (typeof reference !== 'string') return value;
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce((place, part) => place?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return resolve(document, found ?? {});
}

/** Deeper than any schema of ours; one that contains itself ends here. */
const MAX_DEPTH = 12;

function resolveDeep(document, value, depth = 0) {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => resolveDeep(document, item, depth + 1));
  const known = resolve(document, value);
  return Object.fromEntries(
    Object.entries(known).map(([name, part]) => [name, resolveDeep(document, part, depth + 1)]),
  );
}

/** The part of the page's address that leads to an operation. */
export function addressOf({ api, method, path }) {
  return `#/${api}/${method}${encodeURI(path)}`;
}
