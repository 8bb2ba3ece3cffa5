import type { TimeRange } from '../../domain/time/instant.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { param, sql, type Sql } from '../../store/facts/sql.ts';
import { ofApp, within } from './app-facts.sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { readExtent } from './extent.ts';
import { dayOf, localDay, localHour, localHourOf } from './local-clock.sql.ts';
import { MAX_VALUES } from './values.ts';

/** An event and the segments its occurrences were divided by. */
export interface EventKey {
  readonly key: string;
  readonly count: number;
  /** By name. */
  readonly segments: readonly string[];
}

/** What was counted; a sum is null where no event brought one, else an integer of 10^-5. */
export interface EventCount {
  readonly count: number | bigint;
  readonly sumE5: bigint | null;
  readonly durationE5: bigint | null;
}

export interface EventSeries {
  /** All occurrences, by local hours since 1970-01-01T00. */
  readonly hours: readonly (EventCount & { readonly hour: number })[];
  /** By segment value, by local days since 1970-01-01. */
  readonly values: readonly (EventCount & { readonly segment: string; readonly value: string; readonly day: number })[];
}

/** The events that occur most are listed, of each the segments that occur most; the rows of others are kept. */
const MAX_KEYS = 500;
const MAX_SEGMENTS = 100;
const TABLE = ['event_values_15m'];

/** Every event of an app, by key. */
export async function readEventKeys(facts: FactsStore, app: AudienceApp, read: ReadLimits): Promise<EventKey[]> {
  const rows = await facts.query(
    sql`SELECT key, segment, sum(count) AS n FROM event_values_15m WHERE ${ofApp(app)} AND key IN (${topKeys(app)})
      GROUP BY key, segment ORDER BY key, n DESC, segment LIMIT ${param.u32(MAX_SEGMENTS + 1)} BY key`,
    { ...read, rows: tupleOf(column.text, column.text, column.count) },
  );
  const keys = new Map<string, { count: number; segments: string[] }>();
  for (const [key, segment, count] of rows) {
    const known = keys.get(key) ?? { count: 0, segments: [] };
    keys.set(key, known);
    if (segment === '') known.count = Number(count);
    else if (known.segments.length < MAX_SEGMENTS) known.segments.push(segment);
  }
  return [...keys]
    .map(([key, { count, segments }]) => ({ key, count, segments: segments.sort(byCodePoint) }))
    .sort((a, b) => byCodePoint(a.key, b.key));
}

/**
 * The occurrences of some events together.
 *
 * @param segments which to divide by: none, one by name, or all
 */
export async function readEventSeries(
  facts: FactsStore,
  app: AudienceApp,
  keys: readonly string[],
  asked: { readonly range: TimeRange | null; readonly segments: 'none' | 'all' | { readonly name: string } },
  read: ReadLimits,
): Promise<EventSeries> {
  const extent = keys.length === 0 ? null : await readExtent(facts, app, TABLE, read);
  if (extent === null) return { hours: [], values: [] };
  const hourOf = localHourOf(app.zone, extent);
  const rows = sql`${ofApp(app)} AND key IN ${param.strings(keys)} AND ${within('slot', asked.range)}`;
  const hour = hourOf(sql`toUnixTimestamp64Milli(slot)`);
  const [hours, values] = await Promise.all([
    facts.query(
      sql`SELECT ${hour} AS hour, ${EVENT_COUNTS} FROM event_values_15m WHERE ${rows} AND segment = '' GROUP BY hour`,
      { ...read, rows: tupleOf(column.integer, column.count, E5, E5) },
    ),
    asked.segments === 'none'
      ? []
      : facts.query(valuesSql(rows, dayOf(hour), asked.segments), {
          ...read,
          rows: tupleOf(column.text, column.text, column.integer, column.count, E5, E5),
        }),
  ]);
  return {
    hours: hours.map(([at, count, sumE5, durationE5]) => ({ hour: localHour(at), count, sumE5, durationE5 })),
    values: values.map(([segment, value, day, count, sumE5, durationE5]) => ({
      segment,
      value,
      day: localDay(day),
      count,
      sumE5,
      durationE5,
    })),
  };
}

function valuesSql(rows: Sql, day: Sql, segments: 'all' | { readonly name: string }): Sql {
  const named =
    segments === 'all' ? sql`segment != ''` : sql`segment = ${param.string(segments.name)} AND segment != ''`;
  return sql`
    SELECT segment, value, ${day} AS day, ${EVENT_COUNTS} FROM event_values_15m
    WHERE ${rows} AND ${named} AND segment IN (
      SELECT segment FROM event_values_15m WHERE ${rows} AND ${named} GROUP BY segment
      ORDER BY sum(count) DESC, segment LIMIT ${param.u32(MAX_SEGMENTS)}
    ) AND (segment, value) IN (
      SELECT segment, value FROM event_values_15m WHERE ${rows} AND ${named} GROUP BY segment, value
      ORDER BY sum(count) DESC, value LIMIT ${param.u32(MAX_VALUES)} BY segment
    ) GROUP BY segment, value, day`;
}

export function topKeys(app: AudienceApp): Sql {
  return sql`SELECT key FROM event_values_15m WHERE ${ofApp(app)} AND segment = '' GROUP BY key
    ORDER BY sum(count) DESC, key LIMIT ${param.u32(MAX_KEYS)}`;
}

/** Columns of an `EventCount`, and what reads them. */
export const EVENT_COUNTS = sql`sum(count), if(sum(sums) = 0, NULL, toString(sum(sum_e5))),
  if(sum(durations) = 0, NULL, toString(sum(duration_e5)))`;

const E5 = column.nullable((value: unknown) => BigInt(column.text(value)));
export const EVENT_READERS = [column.count, E5, E5] as const;

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
