import { Temporal } from 'temporal-polyfill';
import type { Bucketing } from '../../../src/domain/time/buckets.ts';
import type { TimeRange } from '../../../src/domain/time/instant.ts';

/*
 * The rules of `bucketEdges` written a second time, one bucket at a time with Temporal and without thought of speed, so
 * that tests can hold the fast arithmetic against it. Shares nothing with the code under test.
 */

const UNIT_MS: Record<string, number> = { second: 1_000, minute: 60_000, hour: 3_600_000 };

export function slowEdges(range: TimeRange, bucketing: Bucketing): number[] {
  if (range.from >= range.to) return [];
  const stepMs = (UNIT_MS[bucketing.unit] ?? NaN) * bucketing.count;
  const starts =
    stepMs <= 3_600_000
      ? shortBucketStarts(range, stepMs, bucketing.zone)
      : longBucketStarts(calendarStarts(range, bucketing, stepMs), bucketing.zone);
  const edges: number[] = [];
  for (const start of starts) {
    if (start <= range.from) edges.length = 0;
    edges.push(start);
    if (start >= range.to) break;
  }
  return edges;
}

/** An hour or less: follow the clock from instant to instant. A clock set back begins a bucket, whatever it shows. */
function* shortBucketStarts(range: TimeRange, stepMs: number, zone: string): Generator<number> {
  let now = Temporal.Instant.fromEpochMilliseconds(range.from - stepMs).toZonedDateTimeISO(zone);
  for (;;) {
    now = nextShortStart(now, stepMs);
    yield now.epochMilliseconds;
  }
}

function nextShortStart(now: Temporal.ZonedDateTime, stepMs: number): Temporal.ZonedDateTime {
  const midnight = now.toPlainDate().toPlainDateTime();
  const passed = midnight.until(now.toPlainDateTime()).total({ unit: 'milliseconds' });
  const goal = Math.min((Math.floor(passed / stepMs) + 1) * stepMs, 86_400_000);
  return reach(now, midnight.add({ milliseconds: goal }));
}

/** The first moment after `now` at which the clock shows `goal` or later, or is set back. */
function reach(now: Temporal.ZonedDateTime, goal: Temporal.PlainDateTime): Temporal.ZonedDateTime {
  const steady = now.add({ milliseconds: now.toPlainDateTime().until(goal).total({ unit: 'milliseconds' }) });
  const change = changeBetween(now, steady);
  if (change === null) return steady;
  const setBack = change.offsetNanoseconds < now.offsetNanoseconds;
  if (setBack || Temporal.PlainDateTime.compare(change.toPlainDateTime(), goal) >= 0) return change;
  return reach(change, goal);
}

/** The first second after `from`, up to `to`, at which another offset begins. */
function changeBetween(from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime): Temporal.ZonedDateTime | null {
  if (from.offsetNanoseconds === to.offsetNanoseconds) return null;
  let low = Math.floor(from.epochMilliseconds / 1000);
  let high = Math.ceil(to.epochMilliseconds / 1000);
  const at = (second: number): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(from.timeZoneId);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle).offsetNanoseconds === from.offsetNanoseconds) low = middle;
    else high = middle;
  }
  return at(high);
}

/** Longer: each boundary's first moment; one that the clock skips begins with the change that skips it. */
function* longBucketStarts(boundaries: Iterable<Temporal.PlainDateTime>, zone: string): Generator<number> {
  let last = -Infinity;
  for (const boundary of boundaries) {
    const earlier = boundary.toZonedDateTime(zone, { disambiguation: 'earlier' });
    const shown = earlier.toPlainDateTime().equals(boundary);
    const later = boundary.toZonedDateTime(zone, { disambiguation: 'later' });
    const start = shown ? earlier : changeBetween(earlier, later);
    if (start === null) throw new Error(`neither shown nor skipped: ${boundary.toString()} in ${zone}`);
    if (start.epochMilliseconds > last) yield start.epochMilliseconds;
    last = Math.max(last, start.epochMilliseconds);
  }
}

function* calendarStarts(
  range: TimeRange,
  { unit, count, zone }: Bucketing,
  stepMs: number,
): Generator<Temporal.PlainDateTime> {
  const date = Temporal.Instant.fromEpochMilliseconds(range.from).toZonedDateTimeISO(zone).toPlainDate();
  if (unit === 'second' || unit === 'minute' || unit === 'hour') {
    for (let day = date.subtract({ days: 2 }); ; day = day.add({ days: 1 })) {
      for (let inDay = 0; inDay < 86_400_000; inDay += stepMs) yield day.toPlainDateTime().add({ milliseconds: inDay });
    }
  }
  const first = {
    day: date,
    week: date.subtract({ days: date.dayOfWeek - 1 }),
    month: date.with({ day: 1 }),
    year: date.with({ month: 1, day: 1 }),
  }[unit];
  for (let group = 0; ; group += 1) yield first.add({ [`${unit}s`]: group * count }).toPlainDateTime();
}
