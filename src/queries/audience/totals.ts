import type { TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, type Rows } from '../../store/facts/rows.ts';
import { ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { ofApp, userIn, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { earlySql } from './calendar.sql.ts';
import type { UserLinks } from './joined-users.ts';
import { readUserLinks } from './user-links.ts';

/** What happened in one range. */
export interface Totals {
  readonly sessions: number;
  /** Distinct users with a session in the range. */
  readonly users: number;
  /** Users whose first session ever lies in the range. */
  readonly newUsers: number;
  readonly requests: number;
  readonly seconds: number;
}

/** One for each range, in order; they may overlap. At least one range, from and to whole quarters of an hour. */
export async function readTotals(
  facts: FactsStore,
  app: AudienceApp,
  ranges: readonly TimeRange[],
  read: ReadLimits,
): Promise<Totals[]> {
  const links = await readUserLinks(facts, app, read);
  const [[sessions = []], [activity = []]] = await Promise.all([
    facts.query(sessionTotalsSql(app, links, ranges), { ...read, rows: COUNTS }),
    facts.query(activityTotalsSql(app, links, ranges), { ...read, rows: COUNTS }),
  ]);
  return ranges.map((_, index) => ({
    sessions: sessions[3 * index] ?? 0,
    users: sessions[3 * index + 1] ?? 0,
    newUsers: sessions[3 * index + 2] ?? 0,
    requests: activity[2 * index] ?? 0,
    seconds: activity[2 * index + 1] ?? 0,
  }));
}

const COUNTS: Rows<number[]> = { reader: () => (values) => values.map(column.integer) };

function sessionTotalsSql(app: AudienceApp, links: UserLinks, ranges: readonly TimeRange[]): Sql {
  const inner = ranges.map((range, index) => sql`countIf(${within('time', range)}) AS ${ident(`c${index}`)}`);
  const outer = ranges.flatMap(({ from, to }, index) => {
    const count = ident(`c${index}`);
    const isNew = sql`first >= ${param.instant(from)} AND first < ${param.instant(to)}`;
    return [sql`sum(${count})`, sql`countIf(${count} > 0)`, sql`countIf(${isNew})`];
  });
  return sql`SELECT ${join(outer)} FROM (
    SELECT min(time) AS first, ${join(inner)} FROM session_begins WHERE ${ofApp(app)} GROUP BY ${userIn(links)})`;
}

function activityTotalsSql(app: AudienceApp, links: UserLinks, ranges: readonly TimeRange[]): Sql {
  const sums = ranges.flatMap((range) =>
    ['requests', 'duration'].map(
      (name) => sql`least(sumIf(${ident(name)}, ${within('slot', range)}), ${param.u64(Number.MAX_SAFE_INTEGER)})`,
    ),
  );
  return sql`SELECT ${join(sums)} FROM (
    SELECT slot, requests, duration FROM sessions_15m WHERE ${ofApp(app)}
    UNION ALL SELECT slot, requests, duration FROM (${earlySql(app, links, null)}))`;
}
