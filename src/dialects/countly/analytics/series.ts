import { civilFromDays } from '../../../domain/time/civil.ts';
import type { EpochMs, ZoneId } from '../../../domain/time/instant.ts';
import { localTimeAt } from '../../../domain/time/local.ts';
import { dayOf, type Days } from '../period/period.ts';

/** Grain of the rows of a time series (contract 4.3, appendix 10). */
export type Grain = 'hour' | 'day' | 'month';

const MOST_DAYS = 92;
const GRAINS: Readonly<Record<string, Grain>> = { daily: 'day', monthly: 'month' };

/** Hours of one day, days up to 92, else months; `bucket` overrides. */
export function grainOf({ from, to }: Days, bucket: string): Grain {
  const named = Object.hasOwn(GRAINS, bucket) ? GRAINS[bucket] : undefined;
  if (named !== undefined) return named;
  if (to - from === 1) return 'hour';
  return to - from <= MOST_DAYS ? 'day' : 'month';
}

/** Id of the bucket that holds a local hour (counted since 1970): `2014-2-17 9:00`, `2014-2-17`, `2014-2`. */
export function bucketId(hour: number, grain: Grain): string {
  const day = Math.floor(hour / 24);
  const { year, month, day: ofMonth } = civilFromDays(day);
  if (grain === 'month') return `${year}-${month}`;
  return grain === 'day' ? `${year}-${month}-${ofMonth}` : `${year}-${month}-${ofMonth} ${hour - day * 24}:00`;
}

/** Ids of all buckets of some days that have begun, in order. */
export function bucketIds({ from, to }: Days, grain: Grain, now: EpochMs, zone: ZoneId): readonly string[] {
  const last = dayOf(now, zone);
  const end = Math.min(to * 24, last * 24 + localTimeAt(now, zone).hour + 1);
  const step = grain === 'hour' ? 1 : 24;
  const ids = new Set<string>();
  for (let hour = from * 24; hour < end; hour += step) ids.add(bucketId(hour, grain));
  return [...ids];
}
