import type { TimeRange } from '../../domain/time/instant.ts';
import { ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { before, ofApp, userIn, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { COUNT_FIRSTS, firstsOf } from './firsts.sql.ts';
import { dayOf, type LocalClock } from './local-clock.sql.ts';
import type { UserLinks } from './joined-users.ts';
import type { ValueKind } from './value-kind.ts';

interface Asked {
  readonly app: AudienceApp;
  readonly links: UserLinks;
  readonly kind: ValueKind;
}

const ms = sql`toUnixTimestamp64Milli(time)`;

/** A session counts for the value it carried; for countries also for none. */
function carried(kind: ValueKind): Sql {
  return kind === 'country' ? sql`1` : sql`${ident(kind)} != ''`;
}

/** Column: the values with the most sessions. */
export function topValuesSql(app: AudienceApp, kind: ValueKind, range: TimeRange | null, most: number): Sql {
  return sql`SELECT ${ident(kind)} AS value FROM session_begins
    WHERE ${ofApp(app)} AND ${within('time', range)} AND ${carried(kind)}
    GROUP BY value ORDER BY count() DESC, value LIMIT ${param.u32(most)}`;
}

/** Milliseconds are counted from 139 years before 1970 and take 44 bits; ten more hold the number of a value. */
const MS_BEFORE_1970 = param.int64(2 ** 42);
const MS_VALUES = param.int64(2 ** 44);

/**
 * Columns: position of the value among `values` (from 1), day, sessions, users whose first session ever lies here and
 * carried the value, and users whose first session with the value in the day, week, … lies here. A user's sessions are
 * put in order as numbers, by value and then time: that is several times cheaper than grouping by user and value.
 */
export function valuesSql(
  { app, links, kind }: Asked,
  values: readonly string[],
  range: TimeRange | null,
  clock: LocalClock,
): Sql {
  const number = sql`toInt64(transform(${ident(kind)}, ${param.strings(values)}, ${param.u64s(values.map((_, at) => at + 1))}, 0))`;
  const sinceEver = sql`(${ms} + ${MS_BEFORE_1970})`;
  const fresh = sql`(nth = 1 OR intDiv(at - since, ${MS_VALUES}) != value)`;
  const valueOf = (at: Sql): Sql => sql`intDiv(${at}, ${MS_VALUES})`;
  const timeOf = (at: Sql): Sql => sql`(${at} % ${MS_VALUES} - ${MS_BEFORE_1970})`;
  const firsts = firstsOf(clock, range, { fresh, group: sql`, arrayMap(at -> ${valueOf(sql`at`)}, ats)` });
  return sql`
    SELECT value, day, count(), countIf(is_new), ${COUNT_FIRSTS}
    FROM (
      SELECT ${valueOf(sql`at`)} AS value, ${timeOf(sql`at`)} AS t, ${clock.hourOf(sql`t`)} AS hour, ${dayOf(sql`hour`)} AS day,
        ${fresh} AND t = first_time AND value = first_value AS is_new, ${firsts.widest} AS first
      FROM (
        SELECT arraySort(groupArray(number * ${MS_VALUES} + since_ever)) AS ats,
          arrayMap(at -> ${timeOf(sql`at`)}, ats) AS ts, min(since_ever * 1024 + number) AS earliest,
          intDiv(earliest, 1024) - ${MS_BEFORE_1970} AS first_time, earliest % 1024 AS first_value${firsts.arrays}
        FROM (
          SELECT ${userIn(links)} AS user, ${number} AS number, ${sinceEver} AS since_ever
          FROM session_begins WHERE ${ofApp(app)} AND ${before('time', range)}
        ) GROUP BY user
      ) ARRAY JOIN ats AS at, arrayEnumerate(ats) AS nth, arrayDifference(ats) AS since${firsts.joined}
      WHERE value > 0 AND ${range === null ? sql`1` : sql`t >= ${param.int64(range.from)}`}
    ) GROUP BY value, day`;
}

/** Columns: value, then for each range sessions and users; values in none of the ranges are left out. */
export function valueTotalsSql({ app, links, kind }: Asked, ranges: readonly TimeRange[]): Sql {
  const inner = ranges.map((range, index) => sql`countIf(${within('time', range)}) AS ${ident(`c${index}`)}`);
  const outer = ranges.flatMap((_, index) => [
    sql`sum(${ident(`c${index}`)})`,
    sql`countIf(${ident(`c${index}`)} > 0)`,
  ]);
  return sql`
    SELECT value, ${join(outer)} FROM (
      SELECT ${ident(kind)} AS value, ${join(inner)} FROM session_begins
      WHERE ${ofApp(app)} AND ${carried(kind)} AND (${join(
        ranges.map((range) => within('time', range)),
        sql` OR `,
      )}) GROUP BY ${userIn(links)}, value
    ) GROUP BY value`;
}

/** Columns: value, then the sessions of each range; no user is looked at. */
export function valueSessionsSql(app: AudienceApp, kind: ValueKind, ranges: readonly TimeRange[]): Sql {
  const counts = ranges.map((range) => sql`countIf(${within('time', range)})`);
  return sql`SELECT ${ident(kind)} AS value, ${join(counts)} FROM session_begins
    WHERE ${ofApp(app)} AND ${carried(kind)} AND (${join(
      ranges.map((range) => within('time', range)),
      sql` OR `,
    )}) GROUP BY value`;
}

/** Columns: value that the user's first session ever carried, then for each range the users whose it lies in. */
export function firstValueTotalsSql({ app, links, kind }: Asked, ranges: readonly TimeRange[]): Sql {
  const counts = ranges.map(
    ({ from, to }) => sql`countIf(first >= ${param.int64(from)} AND first < ${param.int64(to)})`,
  );
  return sql`
    SELECT value, ${join(counts)} FROM (
      SELECT argMin(${ident(kind)}, time) AS value, min(${ms}) AS first
      FROM session_begins WHERE ${ofApp(app)} GROUP BY ${userIn(links)}
    ) WHERE ${kind === 'country' ? sql`1` : sql`value != ''`} GROUP BY value`;
}
