import type { TimeRange } from '../../domain/time/instant.ts';
import { empty, param, sql, type Sql } from '../../store/facts/sql.ts';
import { dateOf, dayOf, monthOf, weekOf, type LocalClock } from './local-clock.sql.ts';

/**
 * Of each session the widest bucket that it is its user's first in: 1 the hour, 2 the day, 3 the week, 4 the month, 5 week
 * and month, 6 the year, 7 all that is asked for; 0 none. A first of one is a first of all that lie in it.
 */
export interface Firsts {
  /** More columns beside the array `ts` of a user's instants in order; starts with a comma when there are any. */
  readonly arrays: Sql;
  /** What is joined beside `t`, `nth` and `since` (milliseconds since the session before). */
  readonly joined: Sql;
  /** The number, of `t`, `since`, `hour` and `day`. */
  readonly widest: Sql;
}

/** How many sessions are a first of the day, week, month, year and of all, of a column `first`. */
export const COUNT_FIRSTS = sql`countIf(first >= 2), countIf(first IN (3, 5, 6, 7)), countIf(first >= 4), countIf(first >= 6),
  countIf(first = 7)`;

/**
 * @param fresh whether there is no session before it, of those that are counted together
 * @param group more arrays beside `ts`, whose values are counted each for itself; starts with a comma
 */
export function firstsOf(
  { hourOf, goesBack }: LocalClock,
  range: TimeRange | null,
  { fresh, group }: { readonly fresh: Sql; readonly group: Sql },
): Firsts {
  const asked = (t: Sql): Sql => (range === null ? sql`1` : sql`${t} >= ${param.int64(range.from)}`);
  const isFirst = range === null ? fresh : sql`(${fresh} OR NOT ${asked(sql`t - since`)})`;
  if (goesBack) {
    const of = (buckets: Sql): Sql => sql`arrayEnumerateUniq(${buckets}, asked${group})`;
    return {
      arrays: sql`, arrayMap(t -> ${hourOf(sql`t`)}, ts) AS hours, arrayMap(h -> ${dayOf(sql`h`)}, hours) AS days,
        arrayMap(d -> ${weekOf(sql`d`)}, days) AS weeks, arrayMap(d -> ${monthOf(sql`d`)}, days) AS months,
        arrayMap(m -> intDiv(m, 100), months) AS years, arrayMap(t -> toUInt8(${asked(sql`t`)}), ts) AS asked`,
      joined: sql`, ${of(sql`hours`)} AS of_hour, ${of(sql`days`)} AS of_day, ${of(sql`weeks`)} AS of_week,
        ${of(sql`months`)} AS of_month, ${of(sql`years`)} AS of_year`,
      widest: sql`toUInt8(multiIf(${isFirst}, 7, of_year = 1, 6, of_month = 1, 4 + (of_week = 1), of_week = 1, 3, of_day = 1, 2,
        of_hour = 1, 1, 0))`,
    };
  }
  // In order of time they are in order of buckets too: the first of one is that whose predecessor lies before it.
  const date = dateOf(sql`day`);
  const hourBefore = hourOf(sql`t - since`);
  const dayBefore = dayOf(hourBefore);
  return {
    arrays: empty,
    joined: empty,
    widest: sql`toUInt8(multiIf(${isFirst}, 7, ${hourBefore} = hour, 0, ${dayBefore} = day, 1,
      ${dayBefore} < day - toDayOfYear(${date}) + 1, 6,
      2 + (${dayBefore} < day - (toDayOfYear(${date}) - 1) % 7) + 2 * (${dayBefore} < day - toDayOfMonth(${date}) + 1)))`,
  };
}
