import { civilFromDays, daysFromCivil, daysInMonth } from '../../../domain/time/civil.ts';
import { DAY_MS } from '../../../domain/time/durations.ts';
import { epochMs, type EpochMs, type TimeRange } from '../../../domain/time/instant.ts';

/** A calendar day of UTC, as days from 1970-01-01. */
export type Day = number;

/** `2024-02-29`; null for what is no such text or no real day. Years begin with 1: a week of year 0 may begin before it. */
export function parseDay(text: string): Day | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysFromCivil(year, month, day);
}

/** The days from `from` to `to`, both included. */
export function rangeOfDays(from: Day, to: Day): TimeRange {
  return { from: epochMs(from * DAY_MS), to: epochMs((to + 1) * DAY_MS) };
}

/** The day on which an instant lies, as text. */
export function dayText(at: EpochMs): string {
  const { year, month, day } = civilFromDays(Math.floor(at / DAY_MS));
  const [yyyy, mm, dd] = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')];
  return `${yyyy}-${mm}-${dd}`;
}
