import { MINUTE_MS } from '../../domain/time/durations.ts';
import type { EpochMs, TimeRange } from '../../domain/time/instant.ts';
import { param, sql, type Sql } from '../../store/facts/sql.ts';
import { ofApp, rawUserIn } from '../audience/app-facts.sql.ts';
import type { AudienceApp } from '../audience/audience-app.ts';
import type { UserLinks } from '../audience/joined-users.ts';

/** A request keeps its user online for so long, unless the session is ended. */
const ONLINE_MS = 3 * MINUTE_MS;

/** Arrived after `from` and not after `to`. Found by the index on `received`, for the rows may be of any time. */
function arrived(from: number, to: EpochMs): Sql {
  return sql`received > ${param.int64(from)} AND received <= ${param.int64(to)}`;
}

/** What a user's last request left: is a session open, and is it the first of the user's life. */
const LAST = sql`argMax((open, ordinal), (received, turn)) AS last`;

/** One row: users online at an instant, and those of them in their first session. */
export function onlineSql(app: AudienceApp, links: UserLinks, at: EpochMs): Sql {
  return sql`SELECT count(), countIf(last.2 = 1) FROM (
    SELECT ${LAST} FROM sessions WHERE ${ofApp(app)} AND ${arrived(at - ONLINE_MS, at)} GROUP BY ${rawUserIn(links)}
  ) WHERE last.1 = 1`;
}

/** The same of every app with anybody online, several ids of one user counted apart: at least as many as there are. */
export function onlineByAppSql(at: EpochMs): Sql {
  const user = rawUserIn({ from: [], to: [] });
  return sql`SELECT organization, app, era, count(), countIf(last.2 = 1) FROM (
    SELECT organization, app, era, ${LAST} FROM sessions WHERE ${arrived(at - ONLINE_MS, at)}
    GROUP BY organization, app, era, ${user}
  ) WHERE last.1 = 1 GROUP BY organization, app, era`;
}

/**
 * Users online at some moment of each minute of a range of whole minutes. Each request makes its user online from its
 * arrival to the next one's, and no longer than `ONLINE_MS`, if it left a session open. Columns: minutes since 1970,
 * users, those in their first session; minutes without users are left out.
 */
export function minutesSql(app: AudienceApp, links: UserLinks, { from, to }: TimeRange): Sql {
  const minute = param.int64(MINUTE_MS);
  return sql`
    SELECT minute, uniqExact(user_number), uniqExactIf(user_number, is_first) FROM (
      SELECT user_number, is_first, arrayJoin(range(intDiv(start, ${minute}), intDiv(end - 1, ${minute}) + 1)) AS minute
      FROM (
        SELECT user_number, request.1 AS start, request.4 = 1 AS is_first, request.3 AS is_open, end FROM (
          SELECT ${rawUserIn(links)} AS user_number, arraySort(groupArray((received, turn, open, ordinal))) AS requests,
            arrayPushBack(arrayPopFront(arrayMap(request -> request.1, requests)), toUInt64(9223372036854775807)) AS nexts,
            arrayMap((request, next) -> least(request.1 + ${param.int64(ONLINE_MS)}, next), requests, nexts) AS ends
          FROM sessions WHERE ${ofApp(app)} AND received > ${param.int64(from - ONLINE_MS)} AND received < ${param.int64(to)}
          GROUP BY user_number
        ) ARRAY JOIN requests AS request, ends AS end
      ) WHERE is_open = 1 AND end > start
    ) WHERE minute >= ${param.int64(from / MINUTE_MS)} AND minute < ${param.int64(to / MINUTE_MS)}
    GROUP BY minute`;
}
