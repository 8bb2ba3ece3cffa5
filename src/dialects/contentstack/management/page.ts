import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Query } from '../query.ts';

/** The window of a list. */
export interface Page {
  readonly skip: number;
  readonly limit: number;
  readonly includeCount: boolean;
}

/** As many as the vendor gives at most. */
const MAX_LIMIT = 100;

/** `limit`, `skip` and `include_count`; what else clients send with a list is not looked at. */
export function pageOf(query: Query): Result<Page> {
  const skip = integerIn(query, 'skip', 0, 0, Number.MAX_SAFE_INTEGER);
  if (!skip.ok) return skip;
  const limit = integerIn(query, 'limit', MAX_LIMIT, 0, MAX_LIMIT);
  if (!limit.ok) return limit;
  return ok({ skip: skip.value, limit: limit.value, includeCount: isTrue(query, 'include_count') });
}

export function isTrue(query: Query, name: string): boolean {
  return query.get(name)?.at(-1) === 'true';
}

function integerIn(query: Query, field: string, otherwise: number, min: number, max: number): Result<number> {
  const text = query.get(field)?.at(-1);
  if (text === undefined) return ok(otherwise);
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return ok(value);
  return fail({ kind: 'invalid_field', field, reason: `has to be a whole number from ${min} to ${max}` });
}

/** The part of a list that is asked for, under its name. */
export function paged(name: string, list: readonly object[], { skip, limit, includeCount }: Page): object {
  return { [name]: list.slice(skip, skip + limit), ...(includeCount ? { count: list.length } : {}) };
}
