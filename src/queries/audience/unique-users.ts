import type { TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { sql } from '../../store/facts/sql.ts';
import { ofApp, userIn, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { dayOf, localDay, localHour, localHourOf } from './local-clock.sql.ts';
import { readUserLinks } from './user-links.ts';

/** Unique users by local hours since 1970-01-01T00 and by local days since 1970-01-01; those without are left out. */
export interface UniqueUsers {
  readonly hours: readonly { readonly hour: number; readonly users: number }[];
  readonly days: readonly { readonly day: number; readonly users: number }[];
}

/** Cheaper than a calendar where nothing else is wanted: only sessions of the range are looked at. */
export async function readUniqueUsers(
  facts: FactsStore,
  app: AudienceApp,
  range: TimeRange,
  read: ReadLimits,
): Promise<UniqueUsers> {
  const links = await readUserLinks(facts, app, read);
  const hour = localHourOf(app.zone, range)(sql`toUnixTimestamp64Milli(time)`);
  const rows = await facts.query(
    sql`SELECT toUInt8(grouping(hour)), if(grouping(hour) = 0, hour, day), uniqExact(user) FROM (
      SELECT ${userIn(links)} AS user, ${hour} AS hour, ${dayOf(sql`hour`)} AS day
      FROM session_begins WHERE ${ofApp(app)} AND ${within('time', range)}
    ) GROUP BY GROUPING SETS ((hour), (day))`,
    { ...read, rows: tupleOf(column.integer, column.integer, column.integer) },
  );
  const of = (kind: number): typeof rows => rows.filter((row) => row[0] === kind);
  return {
    hours: of(0).map(([, at, users]) => ({ hour: localHour(at), users })),
    days: of(1).map(([, at, users]) => ({ day: localDay(at), users })),
  };
}
