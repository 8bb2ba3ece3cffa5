import { HOUR_MS } from '../../domain/time/durations.ts';
import { epochMs, type TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { ident, join, sql } from '../../store/facts/sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { ofApp } from './app-facts.sql.ts';

/** From when to when an app has facts, in whole hours; null when it has none. */
export async function readExtent(
  facts: FactsStore,
  app: AudienceApp,
  tables: readonly string[],
  read: ReadLimits,
): Promise<TimeRange | null> {
  const parts = tables.map(
    (table) => sql`SELECT count() AS n, min(slot) AS a, max(slot) AS b FROM ${ident(table)} WHERE ${ofApp(app)}`,
  );
  const [row] = await facts.query(
    sql`SELECT sum(n), toUnixTimestamp64Milli(minIf(a, n > 0)), toUnixTimestamp64Milli(maxIf(b, n > 0))
      FROM (${join(parts, sql` UNION ALL `)})`,
    { ...read, rows: tupleOf(column.count, column.integer, column.integer) },
  );
  if (row === undefined || row[0] === 0) return null;
  return { from: epochMs(row[1]), to: epochMs(row[2] + HOUR_MS) };
}
