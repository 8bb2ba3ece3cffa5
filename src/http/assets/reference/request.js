/**
 * A request as a value: `method`, `path` (filled in), `query` and `headers` (pairs of name and value), `body` (text or
 * null), and `secrets`, the texts in it that are hidden until they are asked for.
 */
export function requestOf(operation, { parameters, body, credential }) {
  const secrets = credential === null ? [] : [credential.secret];
  const of = (place) =>
    operation.parameters
      .filter((parameter) => parameter.in === place)
      .flatMap((parameter) => pairsOf(parameter.name, parameters.get(parameter) ?? null));
  const path = of('path').reduce(
    (text, [name, value]) => text.replaceAll(`{${name}}`, encodeURIComponent(value)),
    operation.path,
  );
  const headers = of('header');
  const query = of('query');
  const type = body?.type ?? null;
  if (type !== null) headers.push(['Content-Type', type]);
  if (credential !== null) (credential.place === 'query' ? query : headers).push([credential.name, credential.value]);
  if (credential?.value !== credential?.secret) secrets.push(credential.value.replace(/^\w+ /, ''));
  return { method: operation.method, path, query, headers, body: body === null ? null : bodyText(body), secrets };
}

function bodyText({ type, value }) {
  return type === 'application/x-www-form-urlencoded' ? formText(pairsOf('', value)) : value;
}

/**
 * The pairs a value is sent as. Lists of texts repeat the name, maps and lists of maps are written in brackets:
 * `transactions[0][usage][hits]`. What was left empty is not sent.
 */
export function pairsOf(name, value) {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      typeof item === 'object' ? pairsOf(name === '' ? String(index) : `${name}[${index}]`, item) : pairsOf(name, item),
    );
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, part]) => pairsOf(name === '' ? key : `${name}[${key}]`, part));
  }
  return [[name, String(value)]];
}

/** Brackets are written as they are, so that the command can be read. */
export function formText(pairs) {
  const encoded = (text) => encodeURIComponent(text).replaceAll('%5B', '[').replaceAll('%5D', ']');
  return pairs.map(([name, value]) => `${encoded(name)}=${encodeURIComponent(value)}`).join('&');
}

export function urlOf({ path, query }, origin) {
  const begun = path.includes('?') ? '&' : '?';
  return `${origin}${path}${query.length === 0 ? '' : `${begun}${formText(query)}`}`;
}
