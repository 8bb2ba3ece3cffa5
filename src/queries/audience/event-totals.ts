import type { TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { sql } from '../../store/facts/sql.ts';
import { ofApp, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { EVENT_COUNTS, EVENT_READERS, topKeys, type EventCount } from './events.ts';

export interface EventTotal extends EventCount {
  readonly key: string;
}

/** The events that occur in a range, most frequent first; of the 500 that occur most ever. */
export async function readEventTotals(
  facts: FactsStore,
  app: AudienceApp,
  range: TimeRange,
  read: ReadLimits,
): Promise<EventTotal[]> {
  const rows = await facts.query(
    sql`SELECT key, ${EVENT_COUNTS} FROM event_values_15m
      WHERE ${ofApp(app)} AND segment = '' AND ${within('slot', range)} AND key IN (${topKeys(app)})
      GROUP BY key ORDER BY sum(count) DESC, key`,
    { ...read, rows: tupleOf(column.text, ...EVENT_READERS) },
  );
  return rows.map(([key, count, sumE5, durationE5]) => ({ key, count, sumE5, durationE5 }));
}
