import { DAY_MS } from '../../domain/time/durations.ts';
import { join, param, sql, type Sql } from '../../store/facts/sql.ts';

/** Since the user's previous session: class 1 is less than a day, …, 11 is 31 days or more; 0 is the first session ever. */
const GAP_DAYS = [1, 2, 3, 4, 5, 6, 7, 8, 15, 31];
/** Which session of the user's it is: class 0 is the first, 1 the second, 2 the third to fifth, …, 8 the 500th or later. */
const ORDINALS = [2, 3, 6, 10, 20, 50, 100, 500];

/** Of the ordinal of a session and the milliseconds since the one before it. */
export function gapClass(ordinal: Sql, gapMs: Sql): Sql {
  const longer = GAP_DAYS.map((days) => sql`(${gapMs} >= ${param.int64(days * DAY_MS)})`);
  return sql`toUInt8(if(${ordinal} = 1, 0, 1 + ${join(longer, sql` + `)}))`;
}

export function ordinalClass(ordinal: Sql): Sql {
  return sql`toUInt8(${join(
    ORDINALS.map((least) => sql`(${ordinal} >= ${param.u32(least)})`),
    sql` + `,
  )})`;
}
