import type { TSchema } from 'typebox';
import { FORMATS, quoted } from './formats.ts';
import type { Mistakes, Path } from './mistake.ts';
import { nearest } from './nearest.ts';
import { Unquoted } from './source.ts';

/** The part of JSON Schema that the directory's declarations use, and the words added to it. */
interface View {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly View[];
  readonly properties?: Readonly<Record<string, View>>;
  readonly required?: readonly string[];
  readonly items?: View;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  /** The accepted form in words, for messages. */
  readonly accepts?: string;
  /** Line breaks and tabs are part of the text. */
  readonly multiline?: boolean;
}

/**
 * Holds a value from a file against its schema. Every mistake is added with its path; the value comes back with
 * unquoted scalars resolved, objects as plain ones without prototype, and keys whose value is null left in as null.
 */
export function checkValue(schema: TSchema, value: unknown, at: Path, mistakes: Mistakes): unknown {
  return check(schema, value, at, mistakes);
}

function check(schema: View, value: unknown, at: Path, mistakes: Mistakes): unknown {
  if (schema.anyOf !== undefined) return check(branch(schema.anyOf, value), value, at, mistakes);
  const refuse = (reason: string): null => {
    mistakes.add('invalid', at, reason);
    return null;
  };
  if (schema.enum !== undefined) {
    const text = textOf(value);
    if (text !== null && schema.enum.includes(text)) return text;
    return refuse(`must be one of ${schema.enum.join(', ')}`);
  }
  switch (schema.type) {
    case 'object':
      return checkObject(schema, value, at, mistakes);
    case 'array': {
      if (!Array.isArray(value)) return refuse('must be a list');
      const { items = {}, minItems = 0, maxItems = Infinity } = schema;
      if (value.length < minItems) return refuse(`must have at least ${minItems} ${minItems === 1 ? 'item' : 'items'}`);
      if (value.length > maxItems) return refuse(`must have at most ${maxItems} items`);
      return value.map((item, index) => check(items, item, [...at, index], mistakes));
    }
    case 'string': {
      const text = textOf(value);
      if (text === null) return refuse('must be text');
      const mistake = textMistake(schema, text);
      return mistake === null ? text : refuse(mistake);
    }
    case 'integer':
    case 'number': {
      const number = plain(value);
      const { minimum = -Infinity, maximum = Infinity } = schema;
      const fits = typeof number === 'number' && number >= minimum && number <= maximum;
      if (fits && (schema.type === 'number' || Number.isInteger(number))) return number;
      const what = schema.type === 'integer' ? 'a whole number' : 'a number';
      return refuse(`must be ${what}${bounds(minimum, maximum)}`);
    }
    case 'boolean': {
      const truth = plain(value);
      return typeof truth === 'boolean' ? truth : refuse('must be true or false');
    }
    default:
      throw new Error(`a schema of type ${String(schema.type)} cannot be checked`);
  }
}

function checkObject(schema: View, value: unknown, at: Path, mistakes: Mistakes): unknown {
  const entries = entriesOf(value);
  if (entries === null) {
    mistakes.add('invalid', at, 'must be a set of keys and values');
    return null;
  }
  const { properties = {}, required = [] } = schema;
  const checked = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of entries) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property === undefined) {
      const meant = nearest(key, Object.keys(properties));
      const hint = meant === null ? '' : `; is "${meant}" meant?`;
      mistakes.add('unknown_key', [...at, key], `unknown key${hint}`);
    } else {
      checked[key] = inner === null ? null : check(property, inner, [...at, key], mistakes);
    }
  }
  for (const key of required) {
    if (checked[key] === undefined) mistakes.add('missing', [...at, key], 'is missing');
  }
  return checked;
}

function entriesOf(value: unknown): Iterable<[string, unknown]> | null {
  if (value instanceof Map) return value as Map<string, unknown>;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Unquoted) return null;
  return Object.entries(value);
}

/** Of alternatives that differ in form the one that the value is meant for. */
function branch(alternatives: readonly View[], value: unknown): View {
  const isObject = entriesOf(value) !== null;
  const fitting = alternatives.find((one) => (one.type === 'object') === isObject && one.type !== 'null');
  return fitting ?? alternatives[0] ?? {};
}

function plain(value: unknown): unknown {
  return value instanceof Unquoted ? value.value : value;
}

function textOf(value: unknown): string | null {
  if (value instanceof Unquoted) return value.text;
  return typeof value === 'string' ? value : null;
}

const CONTROL = /\p{Cc}/u;
const BREAKS = /[\t\n\r]/g;
const LONE_SURROGATE = /\p{Surrogate}/u;

function textMistake(schema: View, text: string): string | null {
  const { minLength = 0, maxLength = Infinity, pattern, format, accepts } = schema;
  if (LONE_SURROGATE.test(text)) return 'holds half of a surrogate pair';
  if (CONTROL.test(schema.multiline === true ? text.replace(BREAKS, '') : text)) return 'holds a control character';
  if (text.length < minLength) return 'must not be empty';
  if (text.length > maxLength) return `must have at most ${maxLength} characters`;
  if (pattern !== undefined && !compiled(pattern).test(text)) {
    return `must be ${accepts ?? `of the form ${pattern}`}, not ${quoted(text)}`;
  }
  return format === undefined ? null : (FORMATS[format]?.(text) ?? null);
}

/** Patterns come from the declarations, so there are few. */
const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern);
  patterns.set(pattern, known);
  return known;
}

function bounds(minimum: number, maximum: number): string {
  if (maximum < 1e12 && minimum > -Infinity) return ` from ${minimum} to ${maximum}`;
  return minimum > -Infinity ? ` from ${minimum} on` : '';
}
