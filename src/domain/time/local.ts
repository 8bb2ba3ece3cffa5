import {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  localMidnight,
  midnightOfMonth,
  monthIndex,
  type LocalMs,
} from './civil.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts';
import { epochMs, type EpochMs, type ZoneId } from './instant.ts';
import { offsetMsAt, offsetSpanAt } from './zone-offsets.ts';

/** What a zone's clock and calendar show at an instant. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
  readonly offsetMs: number;
}

/** How far before a local time, read as if it were UTC, the search for its instant starts: beyond any offset and jump. */
const SEARCH_BACK_MS = 2 * DAY_MS;

/** The reading of the zone's wall clock at an instant, see `LocalMs`. */
export function localMsAt(at: EpochMs, zone: ZoneId): LocalMs {
  return at + offsetMsAt(zone, at);
}

/** Date, time, weekday and offset that people in the zone see at an instant. */
export function localTimeAt(at: EpochMs, zone: ZoneId): LocalTime {
  const offsetMs = offsetMsAt(zone, at);
  const local = at + offsetMs;
  const days = Math.floor(local / DAY_MS);
  const inDay = local - days * DAY_MS;
  const { year, month, day } = civilFromDays(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(inDay / HOUR_MS),
    minute: Math.floor(inDay / MINUTE_MS) % 60,
    second: Math.floor(inDay / SECOND_MS) % 60,
    millisecond: inDay % SECOND_MS,
    weekday: ((((days + 3) % 7) + 7) % 7) + 1,
    dayOfYear: days - daysFromCivil(year, 1, 1) + 1,
    offsetMs,
  };
}

/**
 * The instant that a local time means (scanalytics.md 7.2): a time that the clock shows twice is the earlier one; a
 * time that it skips is read with the offset in force before the gap, so 02:30 in a one-hour gap is 03:30 new time.
 */
export function instantOfLocal(local: LocalMs, zone: ZoneId): EpochMs {
  let span = offsetSpanAt(zone, epochMs(local - SEARCH_BACK_MS));
  for (;;) {
    const at = local - span.offsetMs;
    if (at < span.to) return epochMs(at);
    const next = offsetSpanAt(zone, span.to);
    // Not shown before the change and already passed by it: in the gap.
    if (local - next.offsetMs < next.from) return epochMs(at);
    span = next;
  }
}

/**
 * The first instant at which the zone's clock shows `local` or later. Differs from `instantOfLocal` in a gap, where it
 * is the instant of the change: a day whose midnight is skipped begins at 01:00.
 */
export function firstInstantOf(local: LocalMs, zone: ZoneId): EpochMs {
  let span = offsetSpanAt(zone, epochMs(local - SEARCH_BACK_MS));
  for (;;) {
    const at = Math.max(span.from, local - span.offsetMs);
    if (at < span.to) return epochMs(at);
    span = offsetSpanAt(zone, span.to);
  }
}

/** First instant of the local calendar day that the zone's calendar shows at `at`. */
export function startOfLocalDay(at: EpochMs, zone: ZoneId): EpochMs {
  return firstInstantOf(localMidnight(localMsAt(at, zone)), zone);
}

/** A step in calendar terms; every part may be negative. */
export interface CalendarStep {
  readonly years?: number;
  readonly months?: number;
  readonly weeks?: number;
  readonly days?: number;
}

/**
 * The instant with the same local clock time some calendar units later. Months come first and end at the month's last
 * day at the latest (31 January + 1 month = 28 or 29 February); skipped and repeated times as `instantOfLocal` says.
 */
export function addToLocal(at: EpochMs, step: CalendarStep, zone: ZoneId): EpochMs {
  const local = localMsAt(at, zone);
  const midnight = localMidnight(local);
  const index = monthIndex(midnight) + (step.years ?? 0) * 12 + (step.months ?? 0);
  const year = Math.floor(index / 12);
  const day = Math.min(civilFromDays(midnight / DAY_MS).day, daysInMonth(year, index - year * 12 + 1));
  const days = day - 1 + (step.weeks ?? 0) * 7 + (step.days ?? 0);
  return instantOfLocal(midnightOfMonth(index) + days * DAY_MS + (local - midnight), zone);
}
