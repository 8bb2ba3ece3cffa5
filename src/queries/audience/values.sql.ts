import type { TimeRange } from '../../domain/time/instant.ts';
import { ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { before, ofApp, userIn, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { dayOf, monthOf, weekOf } from './local-clock.sql.ts';
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

/** Columns: value, day, sessions, and users whose first session with the value in the day, week, … lies here. */
export function valuesSql(
  { app, links, kind }: Asked,
  range: TimeRange | null,
  hourOf: (ms: Sql) => Sql,
  most: number,
): Sql {
  const rows = sql`${ofApp(app)} AND ${within('time', range)} AND ${carried(kind)}`;
  return sql`
    SELECT value, day, count(), countIf(of_day = 1), countIf(of_week = 1), countIf(of_month = 1), countIf(of_year = 1),
      countIf(of_range = 1)
    FROM (
      SELECT ${ident(kind)} AS value, arraySort(groupArray(${ms})) AS ts,
        arrayMap(t -> ${dayOf(hourOf(sql`t`))}, ts) AS days, arrayMap(d -> ${weekOf(sql`d`)}, days) AS weeks,
        arrayMap(d -> ${monthOf(sql`d`)}, days) AS months, arrayMap(m -> intDiv(m, 100), months) AS years
      FROM session_begins WHERE ${rows} AND ${ident(kind)} IN (
        SELECT ${ident(kind)} FROM session_begins WHERE ${rows} GROUP BY ${ident(kind)}
        ORDER BY count() DESC, ${ident(kind)} LIMIT ${param.u32(most)})
      GROUP BY ${userIn(links)}, value
    ) ARRAY JOIN days AS day, arrayEnumerateUniq(days) AS of_day, arrayEnumerateUniq(weeks) AS of_week,
      arrayEnumerateUniq(months) AS of_month, arrayEnumerateUniq(years) AS of_year, arrayEnumerate(days) AS of_range
    GROUP BY value, day`;
}

/** Columns: value that the user's first session ever carried, day of that session, users. */
export function firstValuesSql({ app, links, kind }: Asked, range: TimeRange | null, hourOf: (ms: Sql) => Sql): Sql {
  const inRange =
    range === null ? sql`1` : sql`first >= ${param.int64(range.from)} AND first < ${param.int64(range.to)}`;
  return sql`
    SELECT value, ${dayOf(hourOf(sql`first`))} AS day, count() FROM (
      SELECT argMin(${ident(kind)}, time) AS value, min(${ms}) AS first
      FROM session_begins WHERE ${ofApp(app)} AND ${before('time', range)} GROUP BY ${userIn(links)}
    ) WHERE ${inRange} AND ${kind === 'country' ? sql`1` : sql`value != ''`} GROUP BY value, day`;
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
