import { DAY_MS, HOUR_MS } from '../../domain/time/durations.ts';
import type { TimeRange, ZoneId } from '../../domain/time/instant.ts';
import { offsetSpanAt } from '../../domain/time/zone-offsets.ts';
import { empty, join, param, sql, type Sql } from '../../store/facts/sql.ts';

/** In SQL local hours and days are counted from 100 years before 1970, so that no instant that can be stored is negative. */
const DAYS_BEFORE_1970 = 36_525;
const HOURS_BEFORE_1970 = DAYS_BEFORE_1970 * 24;

/** How a zone's clock reads over a range. */
export interface LocalClock {
  readonly hourOf: (ms: Sql) => Sql;
  /** Whether it shows an earlier hour after a later one somewhere: in most zones it only repeats one. */
  readonly goesBack: boolean;
}

export function localClockOf(zone: ZoneId, range: TimeRange): LocalClock {
  let span = offsetSpanAt(zone, range.from);
  let goesBack = false;
  while (span.to < range.to) {
    const next = offsetSpanAt(zone, span.to);
    const hour = (ms: number): number => Math.floor(ms / HOUR_MS);
    goesBack ||= hour(next.from + next.offsetMs) < hour(next.from - 1 + span.offsetMs);
    span = next;
  }
  return { hourOf: localHourOf(zone, range), goesBack };
}

/**
 * Whole hours that the zone's clock shows to have passed, of an expression in milliseconds of UTC; `localHour` turns the
 * answer into hours since 1970. An hour that the clock shows twice is one. The zone's rules come from `domain/time`
 * (ADR 0002); right for instants of the range.
 */
export function localHourOf(zone: ZoneId, range: TimeRange): (ms: Sql) => Sql {
  let span = offsetSpanAt(zone, range.from);
  const shift = param.int64(span.offsetMs + DAYS_BEFORE_1970 * DAY_MS);
  const changes: { readonly from: number; readonly byMs: number }[] = [];
  while (span.to < range.to) {
    const next = offsetSpanAt(zone, span.to);
    if (next.offsetMs !== span.offsetMs) changes.push({ from: next.from, byMs: next.offsetMs - span.offsetMs });
    span = next;
  }
  return (ms) => {
    const shifts = changes.map(({ from, byMs }) => sql` + (${ms} >= ${param.int64(from)}) * ${param.int64(byMs)}`);
    return sql`toUInt32(intDiv(${ms} + ${shift}${join(shifts, empty)}, ${param.int64(HOUR_MS)}))`;
  };
}

/** Days, weeks (`year * 100 + week`, weeks of seven days from 1 January), months (`yyyymm`) and years of local hours. */
export const dayOf = (hour: Sql): Sql => sql`intDiv(${hour}, 24)`;
export const dateOf = (day: Sql): Sql => sql`toDate32(toInt32(${day}) - ${param.int64(DAYS_BEFORE_1970)})`;
export const weekOf = (day: Sql): Sql =>
  sql`toUInt32(toYear(${dateOf(day)}) * 100 + intDiv(toDayOfYear(${dateOf(day)}) - 1, 7) + 1)`;
export const monthOf = (day: Sql): Sql => sql`toYYYYMM(${dateOf(day)})`;

/** Hours since 1970-01-01T00 of the local calendar, from what SQL yields. */
export function localHour(hour: number): number {
  return hour - HOURS_BEFORE_1970;
}

/** Days since 1970-01-01 of the local calendar, from what SQL yields. */
export function localDay(day: number): number {
  return day - DAYS_BEFORE_1970;
}
