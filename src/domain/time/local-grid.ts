import { localMidnight, midnightOfMonth, monthIndex, type LocalMs } from './civil.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts';

/** Unit of a bucket. Seconds, minutes and hours count from local midnight, the others are local calendar units. */
export type BucketUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** The local times at which buckets begin, without regard to which of them a zone's clock skips or repeats. */
export interface LocalGrid {
  /** The last boundary at or before a local time. */
  floor(local: LocalMs): LocalMs;
  /** The first boundary after a local time. */
  next(local: LocalMs): LocalMs;
  /** Distance of most boundaries; an estimate for months and years, and too long where a day cuts the last one off. */
  readonly usualMs: number;
  /**
   * True for buckets of an hour or less: a stretch that the clock repeats is counted apart. Longer buckets go from the
   * first time the clock shows their beginning to the first time it shows the next one's, whatever it repeats between.
   */
  readonly splitsRepeats: boolean;
}

/** `count` units; groups of several days, weeks, months or years are counted from the unit that holds `anchor`. */
export function localGrid(unit: BucketUnit, count: number, anchor: LocalMs): LocalGrid {
  switch (unit) {
    case 'second':
      return clockGrid(count * SECOND_MS);
    case 'minute':
      return clockGrid(count * MINUTE_MS);
    case 'hour':
      return clockGrid(count * HOUR_MS);
    case 'day':
      return daysGrid(count, localMidnight(anchor));
    case 'week':
      return daysGrid(count * 7, mondayOf(anchor));
    case 'month':
      return monthsGrid(count, monthIndex(anchor));
    case 'year':
      return monthsGrid(count * 12, monthIndex(anchor) - (monthIndex(anchor) % 12));
  }
}

/** Multiples of `stepMs` counted from each local midnight; the last one of a day ends with the day. */
function clockGrid(stepMs: number): LocalGrid {
  const floor = (local: LocalMs): LocalMs => {
    const midnight = localMidnight(local);
    return midnight + Math.floor((local - midnight) / stepMs) * stepMs;
  };
  return {
    floor,
    next: (local) => Math.min(floor(local) + stepMs, localMidnight(local) + DAY_MS),
    usualMs: Math.min(stepMs, DAY_MS),
    splitsRepeats: stepMs <= HOUR_MS,
  };
}

function daysGrid(count: number, anchor: LocalMs): LocalGrid {
  const stepMs = count * DAY_MS;
  const floor = (local: LocalMs): LocalMs => anchor + Math.floor((local - anchor) / stepMs) * stepMs;
  return { floor, next: (local) => floor(local) + stepMs, usualMs: stepMs, splitsRepeats: false };
}

function monthsGrid(count: number, anchorIndex: number): LocalGrid {
  const floorIndex = (local: LocalMs): number =>
    anchorIndex + Math.floor((monthIndex(local) - anchorIndex) / count) * count;
  return {
    floor: (local) => midnightOfMonth(floorIndex(local)),
    next: (local) => midnightOfMonth(floorIndex(local) + count),
    usualMs: count * 30 * DAY_MS,
    splitsRepeats: false,
  };
}

/** Midnight of the Monday on or before a local time; 1970-01-05 was a Monday. */
function mondayOf(local: LocalMs): LocalMs {
  const monday = 4 * DAY_MS;
  return monday + Math.floor((local - monday) / (7 * DAY_MS)) * 7 * DAY_MS;
}
