import { param, sql, type Sql } from '../../store/facts/sql.ts';
import { ofApp, rawUserIn, userIn } from '../audience/app-facts.sql.ts';
import type { AudienceApp } from '../audience/audience-app.ts';
import { dayOf } from '../audience/local-clock.sql.ts';
import type { UserLinks } from '../audience/joined-users.ts';
import type { RetentionRule, RetentionUnit } from './rule.ts';

interface Asked {
  readonly app: AudienceApp;
  readonly links: UserLinks;
  readonly unit: RetentionUnit;
  readonly rule: RetentionRule;
  /** Key of the event that counts as activity; null for sessions. */
  readonly event: string | null;
  readonly hourOf: (ms: Sql) => Sql;
  /** Local days, as the hours of `hourOf` count them, that the first and the last cohort begin with. */
  readonly first: number;
  readonly last: number;
}

/** Number of the unit that holds a local day; the days of `local-clock.sql.ts` begin with a Friday, 31 December 1869. */
function unitOf(unit: RetentionUnit, day: Sql): Sql {
  switch (unit) {
    case 'day':
      return sql`toInt64(${day})`;
    case 'week':
      return sql`toInt64(intDiv(${day} + 4, 7))`;
    case 'month': {
      const date = sql`toDate32(toInt32(${day}) - 36525)`;
      return sql`toInt64(toYear(${date}) * 12 + toMonth(${date}) - 1)`;
    }
  }
}

/**
 * Columns: number of the cohort's unit, how far users were retained, users. What the second means depends on the rule:
 * `every` the number of units in a row, `exact` each unit with activity, `later` the last one; 0 for nobody retained,
 * and with `exact` once for every user.
 */
export function retentionSql(asked: Asked): Sql {
  const { app, links, unit, hourOf, event, first, last } = asked;
  const user = userIn(links);
  const unitAt = (time: Sql): Sql => unitOf(unit, dayOf(hourOf(sql`toUnixTimestamp64Milli(${time})`)));
  const active =
    event === null
      ? sql`SELECT ${user} AS user_number, groupUniqArray(${unitAt(sql`time`)}) AS units
          FROM session_begins WHERE ${ofApp(app)} GROUP BY user_number`
      : sql`SELECT ${user} AS user_number, groupUniqArray(unit) AS units FROM (
          SELECT device, ${unitAt(sql`time`)} AS unit FROM events
          WHERE ${ofApp(app)} AND key = ${param.string(event)} GROUP BY device, unit
        ) AS happened GLOBAL INNER JOIN (
          SELECT device, argMax(${rawUserIn({ from: [], to: [] })}, (received, turn)) AS user_id
          FROM sessions WHERE ${ofApp(app)} GROUP BY device
        ) AS known USING device GROUP BY user_number`;
  return sql`
    SELECT cohort, arrayJoin(${retained(asked.rule)}) AS retained, count() FROM (
      SELECT cohort, arraySort(arrayFilter(offset -> offset > 0, arrayMap(unit -> unit - cohort, units))) AS offsets FROM (
        SELECT ${user} AS user_number, min(${unitAt(sql`time`)}) AS cohort FROM session_begins WHERE ${ofApp(app)}
        GROUP BY user_number
        HAVING cohort >= ${unitOf(unit, sql`${param.u32(first)}`)} AND cohort <= ${unitOf(unit, sql`${param.u32(last)}`)}
      ) AS began GLOBAL ANY LEFT JOIN (${active}) AS active USING user_number
    ) GROUP BY cohort, retained`;
}

/** Of the sorted offsets from 1. */
function retained(rule: RetentionRule): Sql {
  switch (rule) {
    case 'every': {
      const gap = sql`arrayFirstIndex((offset, index) -> offset != index, offsets, arrayEnumerate(offsets))`;
      return sql`[toInt64(if(${gap} = 0, length(offsets), ${gap} - 1))]`;
    }
    case 'exact':
      return sql`arrayPushFront(offsets, 0)`;
    case 'later':
      return sql`[toInt64(arrayElement(offsets, -1))]`;
  }
}
