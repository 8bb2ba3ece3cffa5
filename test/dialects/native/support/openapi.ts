type Json = Readonly<Record<string, unknown>>;
type Say = (at: string, what: string) => void;

const ROOT = new Set([
  'openapi',
  'info',
  'jsonSchemaDialect',
  'servers',
  'paths',
  'webhooks',
  'components',
  'security',
  'tags',
]);
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const OPERATION = new Set([
  'tags',
  'summary',
  'description',
  'operationId',
  'parameters',
  'requestBody',
  'responses',
  'deprecated',
  'security',
  'servers',
]);
const PLACES = new Set(['query', 'header', 'path', 'cookie']);
const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);

/** The rules of OpenAPI 3.1 that a generated document can break, one by one; each mistake with its place. */
export function openApiMistakes(document: unknown): string[] {
  const mistakes: string[] = [];
  const root = object(document);
  const say: Say = (at, what) => void mistakes.push(`${at}: ${what}`);

  if (!/^3\.1\.\d+$/.test(text(root['openapi']))) say('openapi', 'is not 3.1');
  const info = object(root['info']);
  for (const field of ['title', 'version']) if (typeof info[field] !== 'string') say(`info.${field}`, 'is required');
  for (const key of Object.keys(root)) {
    if (!ROOT.has(key) && !key.startsWith('x-')) say(key, 'is no field of the document');
  }
  for (const name of Object.keys(object(object(root['components'])['schemas']))) {
    if (!/^[a-zA-Z0-9._-]+$/.test(name)) say(`components.schemas.${name}`, 'is no name of a component');
  }
  for (const [path, item] of Object.entries(object(root['paths']))) {
    if (!path.startsWith('/')) say(path, 'does not begin with a slash');
    for (const [method, operation] of Object.entries(object(item))) {
      if (METHODS.has(method)) checkOperation(`${method} ${path}`, object(operation), path, say);
      else say(`${path}.${method}`, 'is no method');
    }
  }
  checkSchemas(root, say);
  return mistakes;
}

/** Every `$ref` that leads nowhere. */
export function invalidReferences(document: unknown): string[] {
  const found: string[] = [];
  walk(document, '', (value, at) => {
    const target = value['$ref'];
    if (typeof target !== 'string') return;
    let here: unknown = document;
    for (const step of target.startsWith('#/') ? target.slice(2).split('/') : ['?']) here = object(here)[step];
    if (here === undefined) found.push(`${at}: ${target}`);
  });
  return found;
}

function checkOperation(at: string, operation: Json, path: string, say: Say): void {
  for (const key of Object.keys(operation)) {
    if (!OPERATION.has(key) && !key.startsWith('x-')) say(`${at}.${key}`, 'is no field of an operation');
  }
  checkParameters(at, list(operation['parameters']).map(object), path, say);
  const body = operation['requestBody'];
  if (body !== undefined) checkContent(`${at}.requestBody`, object(object(body)['content']), say);
  const responses = object(operation['responses']);
  if (Object.keys(responses).length === 0) say(`${at}.responses`, 'needs at least one');
  for (const [status, response] of Object.entries(responses)) {
    const place = `${at}.responses.${status}`;
    if (!/^([1-5][0-9][0-9]|[1-5]XX|default)$/.test(status)) say(place, 'is no status');
    if (typeof object(response)['description'] !== 'string') say(`${place}.description`, 'is required');
    checkContent(place, object(object(response)['content']), say);
  }
}

function checkParameters(at: string, parameters: readonly Json[], path: string, say: Say): void {
  const seen = new Set<string>();
  for (const [index, parameter] of parameters.entries()) {
    const here = `${at}.parameters[${index}]`;
    const name = text(parameter['name']);
    const place = text(parameter['in']);
    if (!PLACES.has(place)) say(`${here}.in`, 'is none of the four places');
    if (place === 'path' && parameter['required'] !== true) say(here, 'of a path has to be required');
    if (place === 'path' && !path.includes(`{${name}}`)) say(here, 'is not in the path');
    if ((parameter['schema'] === undefined) === (parameter['content'] === undefined)) say(here, 'needs a schema');
    if (seen.has(`${place} ${name}`)) say(here, 'is there twice');
    seen.add(`${place} ${name}`);
  }
}

function checkContent(at: string, content: Json, say: Say): void {
  for (const [type, media] of Object.entries(content)) {
    if (!/^[\w.+-]+\/[\w.+-]+$/.test(type)) say(`${at}.content.${type}`, 'is no media type');
    if (object(media)['schema'] === undefined) say(`${at}.content.${type}`, 'has no schema');
  }
}

/** Whatever stands under a `schema`, `schemas` or in one of them is a JSON Schema of the 2020-12 draft. */
function checkSchemas(root: unknown, say: Say): void {
  walk(root, '', (value, at) => {
    const schema = value['schema'];
    if (schema !== undefined) checkSchema(schema, `${at}.schema`, say);
    for (const [name, one] of Object.entries(object(value['schemas']))) checkSchema(one, `${at}.schemas.${name}`, say);
  });
}

function checkSchema(given: unknown, at: string, say: Say): void {
  if (typeof given === 'boolean') return;
  const schema = object(given);
  if (given !== schema) return say(at, 'is no schema');
  const { type, required, properties, enum: choices, nullable } = schema;
  for (const one of Array.isArray(type) ? list(type) : type === undefined ? [] : [type]) {
    if (!TYPES.has(text(one))) say(`${at}.type`, `"${text(one)}" is no type`);
  }
  for (const name of list(required)) {
    if (object(properties)[text(name)] === undefined) say(`${at}.required`, `${text(name)} is no property`);
  }
  if (choices !== undefined && list(choices).length === 0) say(`${at}.enum`, 'is empty');
  if (nullable !== undefined) say(`${at}.nullable`, 'belongs to OpenAPI 3.0');
  for (const [name, one] of Object.entries(object(properties))) checkSchema(one, `${at}.properties.${name}`, say);
  for (const key of ['items', 'additionalProperties', 'not']) {
    if (schema[key] !== undefined) checkSchema(schema[key], `${at}.${key}`, say);
  }
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    for (const [index, one] of list(schema[key]).entries()) checkSchema(one, `${at}.${key}[${index}]`, say);
  }
}

function walk(value: unknown, at: string, visit: (value: Json, at: string) => void): void {
  if (Array.isArray(value)) value.forEach((one, index) => walk(one, `${at}[${index}]`, visit));
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return;
  visit(object(value), at);
  for (const [key, one] of Object.entries(value)) walk(one, `${at}.${key}`, visit);
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
