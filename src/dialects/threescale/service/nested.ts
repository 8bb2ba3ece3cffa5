import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Pair } from './form-text.ts';
import { BAD_REQUEST, type ServiceRefusal } from './refusals.ts';

/** What a parameter is: a text, a list (`a[]=1`), a map (`a[b]=1`), or nothing (`a` without `=`). */
export type Value = string | null | Value[] | ValueMap;
export type ValueMap = Map<string, Value>;

/** Deeper names are refused. */
const MAX_DEPTH = 32;

/** The first part of a name, brackets around it left out, and the rest: `[usage][hits]` is `usage` and `[hits]`. */
const NAME = /^[[\]]*([^[\]]+)\]*/;
const HAS_BRACKET = /[[\]]/;

/**
 * Puts parameters into maps and lists by the brackets of their names, as the imitated server's framework does. A name
 * that is used as a text, list and map at once is refused.
 */
export function nested(pairs: readonly Pair[]): Result<ValueMap, ServiceRefusal> {
  const root: ValueMap = new Map();
  for (const [name, value] of pairs) if (!put(root, name, value, 1)) return fail(BAD_REQUEST);
  return ok(root);
}

/** False when the name contradicts an earlier one, or is too deep. */
function put(into: ValueMap, name: string, value: string | null, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (!HAS_BRACKET.test(name)) {
    if (name !== '') into.set(name, value);
    return true;
  }
  const found = NAME.exec(name);
  const key = found?.[1];
  if (found === null || key === undefined) return true;
  const rest = name.slice(found[0].length);
  if (rest === '') {
    into.set(key, value);
    return true;
  }
  if (rest === '[') {
    into.set(name, value);
    return true;
  }
  const there = into.get(key);
  if (!rest.startsWith('[]')) {
    if (there instanceof Map) return put(there, rest, value, depth + 1);
    if (there !== undefined && there !== null) return false;
    const map: ValueMap = new Map();
    into.set(key, map);
    return put(map, rest, value, depth + 1);
  }
  if (there !== undefined && there !== null && !Array.isArray(there)) return false;
  const list = there ?? [];
  into.set(key, list);
  if (rest === '[]') {
    list.push(value);
    return true;
  }
  // `a[][b]=1&a[][c]=2` is one map in the list, until a name comes again.
  const child = rest.slice(2);
  const last = list.at(-1);
  const childKey = NAME.exec(child)?.[1];
  if (last instanceof Map && childKey !== undefined && !last.has(childKey)) return put(last, child, value, depth + 1);
  const map: ValueMap = new Map();
  list.push(map);
  return put(map, child, value, depth + 1);
}

/** The text of a parameter without the blanks around it; null when it is none or blank. */
export function textOf(map: ValueMap, name: string): string | null {
  const value = map.get(name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}
