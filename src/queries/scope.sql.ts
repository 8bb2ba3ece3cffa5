import type { Filter } from '../domain/question.ts';
import type { Scope } from '../domain/scope.ts';
import type { Dimension } from '../domain/streams/dimensions.ts';
import type { TimeRange } from '../domain/time/instant.ts';
import { ident, join, param, sql, type Sql } from '../store/facts/sql.ts';

/**
 * Which rows may be read. Every query on facts is built with one of these conditions, and this is the only place that
 * turns a scope into SQL: the tenant boundary of the product.
 *
 * @returns conditions to be joined with AND; none for the whole instance
 */
export function scopeConditions(scope: Scope, dimensions: ReadonlyMap<string, Dimension>): Sql[] {
  const conditions: Sql[] = [];
  if (scope.organizations !== 'all') {
    conditions.push(sql`${ident('organization')} IN ${param.u32s(scope.organizations)}`);
  }
  for (const [dimension, values] of Object.entries(scope.only ?? {})) {
    conditions.push(filterCondition({ dimension, operator: 'in', values }, dimensions));
  }
  return conditions;
}

/** Whether the scope alone says that there is nothing to read, so that no query is needed. */
export function readsNothing(scope: Scope): boolean {
  return scope.organizations !== 'all' && scope.organizations.length === 0;
}

/** `null` among the values stands for the stored form of an absent one. Comparison is by byte, case included. */
export function filterCondition(filter: Filter, dimensions: ReadonlyMap<string, Dimension>): Sql {
  const dimension = dimensions.get(filter.dimension);
  if (dimension === undefined) throw new TypeError(`no dimension ${filter.dimension}`);
  const column = ident(dimension.name);
  const values =
    dimension.type.kind === 'text'
      ? param.strings(filter.values.map((value) => String(value ?? '')))
      : param.u64s(filter.values.map((value) => Number(value ?? 0)));
  switch (filter.operator) {
    case 'in':
      return sql`${column} IN ${values}`;
    case 'not_in':
      return sql`${column} NOT IN ${values}`;
    case 'contains':
      return anyOf(filter, (text) => sql`position(${column}, ${param.string(text)}) > 0`);
    case 'starts_with':
      return anyOf(filter, (text) => sql`startsWith(${column}, ${param.string(text)})`);
  }
}

/** Neither `position` nor `startsWith` knows wildcards, so `%` and `_` are letters like others. */
function anyOf(filter: Filter, condition: (text: string) => Sql): Sql {
  if (filter.values.length === 0) return sql`0`;
  return sql`(${join(
    filter.values.map((value) => condition(String(value))),
    sql` OR `,
  )})`;
}

/** Half-open; several ranges are alternatives. */
export function timeCondition(column: 'time' | 'slot', ranges: readonly TimeRange[]): Sql {
  const name = ident(column);
  return sql`(${join(
    ranges.map(({ from, to }) => sql`${name} >= ${param.instant(from)} AND ${name} < ${param.instant(to)}`),
    sql` OR `,
  )})`;
}
