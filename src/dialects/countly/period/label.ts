import { civilFromDays } from '../../../domain/time/civil.ts';
import type { EpochMs, ZoneId } from '../../../domain/time/instant.ts';
import { localTimeAt } from '../../../domain/time/local.ts';
import type { Period } from './period.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * What a period is called (contract 4.1): `20 Jan - 18 Feb`, with years where it crosses one; `00:00 - 12:34` of today;
 * `Feb 2014` of a month.
 */
export function periodLabel({ current, kind }: Period, now: EpochMs, zone: ZoneId): string {
  if (kind === 'hours') {
    const { hour, minute } = localTimeAt(now, zone);
    return `00:00 - ${two(hour)}:${two(minute)}`;
  }
  const first = civilFromDays(current.from);
  if (kind === 'month') return `${monthName(first.month)} ${first.year}`;
  const last = civilFromDays(current.to - 1);
  const year = (date: { readonly year: number }): string => (first.year === last.year ? '' : `, ${date.year}`);
  return `${dayLabel(current.from)}${year(first)} - ${dayLabel(current.to - 1)}${year(last)}`;
}

/** `17 Feb` */
export function dayLabel(day: number): string {
  const { month, day: ofMonth } = civilFromDays(day);
  return `${ofMonth} ${monthName(month)}`;
}

/** `17:00` */
export function hourLabel(hour: number): string {
  return `${two(hour)}:00`;
}

function monthName(month: number): string {
  return MONTHS[month - 1] ?? '';
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
