import { parse } from 'node:querystring';

/**
 * The parameters of a request by name: text where they came in a query or a form, values of any kind where they came in
 * a JSON body or as an item of `requests` (contract 1.3, 1.4).
 */
export type Parameters = ReadonlyMap<string, unknown>;

const NONE: Parameters = new Map();

/** Parameters of a query or a form, more than any client sends; those behind are not read. */
export const MAX_PARAMETERS = 16_384;

/** Names whose values are keys of ours; a value of another kind must not become one by its text (contract 1.5). */
const KEYS = ['app_key', 'device_id', 'api_key'] as const;

/** Reads a query or a form. Of a name sent several times the first value counts; bad percent signs stand for themselves. */
export function parseForm(text: string): Parameters {
  if (text === '') return NONE;
  const parameters = new Map<string, unknown>();
  for (const [name, value] of Object.entries(parse(text, '&', '=', { maxKeys: MAX_PARAMETERS }))) {
    parameters.set(name, Array.isArray(value) ? value[0] : value);
  }
  return parameters;
}

/** `first` wins where both have a name. */
export function union(first: Parameters, second: Parameters): Parameters {
  const all = second.size === 0 ? first : first.size === 0 ? second : new Map([...second, ...first]);
  const bracketed = bracketedKeys(all);
  return bracketed.size === 0 ? all : new Map([...all, ...bracketed]);
}

/** Keys that are only there as `app_key[...]`, with that name and its value as their text. */
function bracketedKeys(parameters: Parameters): Parameters {
  let found: Map<string, string> | undefined;
  for (const name of parameters.keys()) {
    const end = name.indexOf('[');
    if (end < 0) continue;
    const key = KEYS.find((one) => one.length === end && name.startsWith(one));
    if (key === undefined || parameters.has(key) || found?.has(key) === true) continue;
    found ??= new Map<string, string>();
    found.set(key, `${name}=${text(parameters, name)}`);
  }
  return found ?? NONE;
}

/** The parameters of an item of `requests`, or of a JSON body. */
export function parametersOf(object: object): Parameters {
  const parameters = new Map<string, unknown>();
  for (const name of Object.keys(object)) parameters.set(name, (object as Readonly<Record<string, unknown>>)[name]);
  return parameters;
}

/** The value as text: '' when there is none; objects and arrays as JSON, which is nobody's key. */
export function text(parameters: Parameters, name: string): string {
  return textOf(parameters.get(name));
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // Nested so deeply that it can be read but not written.
    return '{}';
  }
}

export type JsonParameter =
  | { readonly kind: 'absent' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'value'; readonly value: unknown };

/** A JSON-valued parameter: JSON text, or the real value. Absent and empty are the same. */
export function jsonOf(parameters: Parameters, name: string): JsonParameter {
  const value = parameters.get(name);
  if (value === undefined || value === null || value === '') return { kind: 'absent' };
  if (typeof value !== 'string') return { kind: 'value', value };
  try {
    return { kind: 'value', value: JSON.parse(value) as unknown };
  } catch {
    return { kind: 'bad' };
  }
}

/** A JSON-valued parameter that has to be an object. */
export function objectOf(parameters: Parameters, name: string): Readonly<Record<string, unknown>> | null {
  const read = jsonOf(parameters, name);
  return read.kind === 'value' && isObject(read.value) ? read.value : null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
