import { civilFromDays, daysFromCivil } from '../../../domain/time/civil.ts';
import { DAY_MS } from '../../../domain/time/durations.ts';
import { epochMs, STORABLE, type EpochMs, type TimeRange, type ZoneId } from '../../../domain/time/instant.ts';
import { firstInstantOf, localMsAt } from '../../../domain/time/local.ts';
import { textOf } from '../transport/parameters.ts';

/** Whole days of an app's calendar: numbers of days since 1970-01-01, `from` included, `to` not. */
export interface Days {
  readonly from: number;
  readonly to: number;
}

/** A `period` (contract 3.7). */
export interface Period {
  /** As it was asked for; `30days` for what is no period. */
  readonly name: string;
  readonly current: Days;
  /** What v2 compares with. */
  readonly previous: Days;
  /** A month by its name, a day by its hours, anything else by its first and last day. */
  readonly kind: 'hours' | 'days' | 'month';
}

export const DEFAULT_PERIOD = '30days';

/** Days that facts can carry; nothing is asked beyond. */
const FIRST_DAY = Math.ceil(STORABLE.from / DAY_MS) + 1;
const LAST_DAY = Math.floor(STORABLE.to / DAY_MS) - 1;

/**
 * Reads a period as it stands in a parameter; what is none, reversed or unreadable is `30days`.
 *
 * @param sent text, or the array itself where the parameters came as JSON
 */
export function periodOf(sent: unknown, now: EpochMs, zone: ZoneId): Period {
  const name = textOf(sent);
  const today = dayOf(now, zone);
  return named(name, today) ?? countOfDays(name, today) ?? between(name, zone) ?? lastDays(DEFAULT_PERIOD, 30, today);
}

/** The instants of some days on the clocks of a zone. */
export function rangeOf({ from, to }: Days, zone: ZoneId): TimeRange {
  return { from: firstInstantOf(from * DAY_MS, zone), to: firstInstantOf(to * DAY_MS, zone) };
}

/** Number of the day that a zone's calendar shows. */
export function dayOf(at: EpochMs, zone: ZoneId): number {
  return Math.floor(localMsAt(at, zone) / DAY_MS);
}

function named(name: string, today: number): Period | null {
  const { year, month } = civilFromDays(today);
  const day = (from: number, kind: Period['kind'] = 'hours'): Period => ({
    name,
    current: { from, to: from + 1 },
    previous: { from: from - 1, to: from },
    kind,
  });
  const monthAt = (offset: number): number => {
    const index = year * 12 + month - 1 + offset;
    return daysFromCivil(Math.floor(index / 12), (((index % 12) + 12) % 12) + 1, 1);
  };
  switch (name) {
    case 'hour':
      return day(today);
    case 'yesterday':
      return day(today - 1, 'days');
    case 'day': {
      const first = monthAt(0);
      return {
        name,
        current: { from: first, to: today + 1 },
        previous: { from: monthAt(-1), to: first },
        kind: 'month',
      };
    }
    case 'prevMonth': {
      const [first, next] = [monthAt(-1), monthAt(0)];
      return { name, current: { from: first, to: next }, previous: { from: monthAt(-2), to: first }, kind: 'month' };
    }
    case 'month': {
      const first = daysFromCivil(year, 1, 1);
      const previous = { from: daysFromCivil(year - 1, 1, 1), to: first };
      return { name, current: { from: first, to: today + 1 }, previous, kind: 'days' };
    }
    default:
      return null;
  }
}

function countOfDays(name: string, today: number): Period | null {
  const count = Number(/^([1-9]\d{0,5})days$/.exec(name)?.[1] ?? 0);
  return count === 0 ? null : lastDays(name, count, today);
}

function lastDays(name: string, count: number, today: number): Period {
  const to = today + 1;
  return spanOf(name, to - count, to);
}

function between(name: string, zone: ZoneId): Period | null {
  const days = daysBetween(name, zone);
  return days === null ? null : spanOf(name, days.from, days.to);
}

/** `[from,to]` in milliseconds, or in seconds with ten digits; both days count. Null for anything else, and reversed. */
export function daysBetween(sent: unknown, zone: ZoneId): Days | null {
  const ends = /^\[\s*(-?\d{1,16})\s*,\s*(-?\d{1,16})\s*\]$/.exec(textOf(sent));
  if (ends === null) return null;
  const [from, to] = [instantOf(ends[1] ?? ''), instantOf(ends[2] ?? '')];
  return from > to ? null : { from: dayOf(from, zone), to: dayOf(to, zone) + 1 };
}

function instantOf(digits: string): EpochMs {
  const at = Number(digits) * (digits.length === 10 ? 1000 : 1);
  return epochMs(Math.min(Math.max(at, STORABLE.from), STORABLE.to));
}

function spanOf(name: string, from: number, to: number): Period {
  const start = Math.max(from, FIRST_DAY);
  const end = Math.max(Math.min(to, LAST_DAY), start + 1);
  const before = Math.max(start - (end - start), FIRST_DAY);
  return {
    name,
    current: { from: start, to: end },
    previous: { from: Math.min(before, start), to: start },
    kind: 'days',
  };
}
