import type { TimeRange } from '../../domain/time/instant.ts';
import { empty, ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { before, ofApp, userIn, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { gapClass, ordinalClass } from './classes.sql.ts';
import { COUNT_FIRSTS, firstsOf } from './firsts.sql.ts';
import { dayOf, type LocalClock } from './local-clock.sql.ts';
import type { UserLinks } from './joined-users.ts';

interface Asked {
  readonly app: AudienceApp;
  readonly links: UserLinks;
  readonly range: TimeRange | null;
  readonly clock: LocalClock;
}

const ms = sql`toUnixTimestamp64Milli(time)`;

/** Rows of other writers may say any number of seconds; an answer holds no more than a JSON number does. */
const SUMS = join(
  ['requests', 'duration', 'closings', 'reopenings'].map(
    (column) => sql`least(sum(${ident(column)}), ${param.u64(Number.MAX_SAFE_INTEGER)})`,
  ),
);

/**
 * The sessions of each user in order, so that each knows its number, the time since the one before, and whether it is
 * the user's first in its hour, day, week, month, year. Users of any bucket are then sums of such firsts: one pass for
 * all grains. Three groupings of the same rows; columns: kind 0 by hour, 1 by day and gap class, 2 by day and ordinal
 * class; bucket, class, sessions, new, first of hour, day, week, month, year, range.
 */
export function sessionsSql({ app, links, range, clock }: Asked): Sql {
  const firsts = firstsOf(clock, range, { fresh: sql`nth = 1`, group: empty });
  return sql`
    SELECT if(grouping(hour) = 0, 0, if(grouping(gap) = 0, 1, 2)) AS kind,
      if(kind = 0, hour, day), if(kind = 1, gap, if(kind = 2, ordinal, 0)), count(), countIf(nth = 1),
      countIf(first >= 1), ${COUNT_FIRSTS}
    FROM (
      SELECT ${clock.hourOf(sql`t`)} AS hour, ${dayOf(sql`hour`)} AS day, nth, ${gapClass(sql`nth`, sql`since`)} AS gap,
        ${ordinalClass(sql`nth`)} AS ordinal, ${firsts.widest} AS first
      FROM (
        SELECT arraySort(groupArray(${ms})) AS ts${firsts.arrays}
        FROM session_begins WHERE ${ofApp(app)} AND ${before('time', range)} GROUP BY ${userIn(links)}
      ) ARRAY JOIN ts AS t, arrayEnumerate(ts) AS nth, arrayDifference(ts) AS since${firsts.joined}
      WHERE ${range === null ? sql`1` : sql`t >= ${param.int64(range.from)}`}
    ) GROUP BY GROUPING SETS ((hour), (day, gap), (day, ordinal))`;
}

/** Columns: hour, class of the length (0 for none), requests, seconds, sessions closed, closings taken back. */
export function activitySql({ app, links, range, clock }: Asked): Sql {
  const hour = clock.hourOf(sql`toUnixTimestamp64Milli(slot)`);
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
