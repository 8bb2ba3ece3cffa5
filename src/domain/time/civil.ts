import { DAY_MS } from './durations.ts';

/*
 * The proleptic Gregorian calendar as plain arithmetic. A *local time* is written as the milliseconds that UTC would
 * have when its clock shows the same date and time; so local times are added and compared like instants but are none:
 * which instant a local time means is decided in local.ts.
 */

/** Milliseconds of a wall clock's reading, counted as if the clock showed UTC. */
export type LocalMs = number;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const DAYS_PER_ERA = 146_097; // 400 years
const DAYS_TO_1970 = 719_468; // from 0000-03-01, where the era's years begin

/** Days from 1970-01-01 to a date; the date has to exist (see `daysInMonth`). */
export function daysFromCivil(year: number, month: number, day: number): number {
  // Years start in March, so that the leap day is the last day of its year.
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
}

/** The date that lies `days` days after 1970-01-01. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** Days of a month, 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Midnight at the beginning of a local time's date. */
export function localMidnight(local: LocalMs): LocalMs {
  return Math.floor(local / DAY_MS) * DAY_MS;
}

/** Months since year 0 of a local time's date; `midnightOfMonth` is the way back. */
export function monthIndex(local: LocalMs): number {
  const { year, month } = civilFromDays(Math.floor(local / DAY_MS));
  return year * 12 + month - 1;
}

/** Midnight of the first day of the month with that index. */
export function midnightOfMonth(index: number): LocalMs {
  const year = Math.floor(index / 12);
  return daysFromCivil(year, index - year * 12 + 1, 1) * DAY_MS;
}
