import type { TimeRange } from '../../domain/time/instant.ts';
import { ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { before, ofApp, userIn, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { gapClass, ordinalClass } from './classes.sql.ts';
import { dayOf, monthOf, weekOf } from './local-clock.sql.ts';
import type { UserLinks } from './joined-users.ts';

interface Asked {
  readonly app: AudienceApp;
  readonly links: UserLinks;
  readonly range: TimeRange | null;
  readonly hourOf: (ms: Sql) => Sql;
}

const ms = sql`toUnixTimestamp64Milli(time)`;

/** Rows of other writers may say any number of seconds; an answer holds no more than a JSON number does. */
const SUMS = join(
  ['requests', 'duration', 'closings', 'reopenings'].map(
    (column) => sql`least(sum(${ident(column)}), ${param.u64(Number.MAX_SAFE_INTEGER)})`,
  ),
);

/** Position of the first and number of the instants of the sorted array `ts` that lie in the range. */
function slice(range: TimeRange | null): (array: Sql) => Sql {
  if (range === null) return (array) => array;
  const skipped = sql`arrayCount(t -> t < ${param.int64(range.from)}, ts)`;
  return (array) => sql`arraySlice(${array}, ${skipped} + 1)`;
}

/**
 * The sessions of each user in order, so that each knows its number, the time since the one before, and whether it is
 * the user's first in its hour, day, week, month, year. Users of any bucket are then sums of such firsts: one pass for
 * all grains. Three groupings of the same rows; columns: kind 0 by hour, 1 by day and gap class, 2 by day and ordinal
 * class; bucket, class, sessions, new, first of hour, day, week, month, year, range.
 */
export function sessionsSql({ app, links, range, hourOf }: Asked): Sql {
  const within = slice(range);
  return sql`
    SELECT if(grouping(hour) = 0, 0, if(grouping(gap) = 0, 1, 2)) AS kind,
      if(kind = 0, hour, day), if(kind = 1, gap, if(kind = 2, ordinal, 0)), count(), countIf(nth = 1),
      countIf(of_hour = 1), countIf(of_day = 1), countIf(of_week = 1), countIf(of_month = 1), countIf(of_year = 1),
      countIf(of_range = 1)
    FROM (
      SELECT hour, ${dayOf(sql`hour`)} AS day, nth, ${gapClass(sql`nth`, sql`since`)} AS gap, ${ordinalClass(sql`nth`)} AS ordinal,
        of_hour, of_day, of_week, of_month, of_year, of_range
      FROM (
        SELECT arraySort(groupArray(${ms})) AS ts, ${within(sql`arrayEnumerate(ts)`)} AS nths,
          ${within(sql`arrayDifference(ts)`)} AS gaps, arrayMap(t -> ${hourOf(sql`t`)}, ${within(sql`ts`)}) AS hours,
          arrayMap(h -> ${dayOf(sql`h`)}, hours) AS days, arrayMap(d -> ${weekOf(sql`d`)}, days) AS weeks,
          arrayMap(d -> ${monthOf(sql`d`)}, days) AS months, arrayMap(m -> intDiv(m, 100), months) AS years
        FROM session_begins WHERE ${ofApp(app)} AND ${before('time', range)} GROUP BY ${userIn(links)}
      ) ARRAY JOIN hours AS hour, nths AS nth, gaps AS since, arrayEnumerateUniq(hours) AS of_hour,
        arrayEnumerateUniq(days) AS of_day, arrayEnumerateUniq(weeks) AS of_week, arrayEnumerateUniq(months) AS of_month,
        arrayEnumerateUniq(years) AS of_year, arrayEnumerate(hours) AS of_range
    ) GROUP BY GROUPING SETS ((hour), (day, gap), (day, ordinal))`;
}

/** Columns: hour, class of the length (0 for none), requests, seconds, sessions closed, closings taken back. */
export function activitySql({ app, links, range, hourOf }: Asked): Sql {
  const hour = hourOf(sql`toUnixTimestamp64Milli(slot)`);
  return sql`
    SELECT ${hour} AS hour, class, ${SUMS} FROM (
      SELECT slot, class, requests, duration, closings, reopenings FROM sessions_15m
        WHERE ${ofApp(app)} AND ${within('slot', range)}
      UNION ALL ${earlySql(app, links, range)}
    ) GROUP BY hour, class`;
}

/** Requests and seconds from before the first session of whoever has had one since, at whatever time. */
export function earlySql(app: AudienceApp, links: UserLinks, range: TimeRange | null): Sql {
  const user = userIn(links);
  const early = sql`SELECT ${user} FROM early_requests_15m WHERE ${ofApp(app)} AND ${within('slot', range)}`;
  return sql`SELECT slot, toUInt8(0) AS class, requests, duration, toUInt64(0) AS closings, toUInt64(0) AS reopenings
    FROM early_requests_15m WHERE ${ofApp(app)} AND ${within('slot', range)} AND ${user} IN (
      SELECT ${user} FROM session_begins WHERE ${ofApp(app)} AND ${user} IN (${early}))`;
}
