import type { BucketUnit, Bucketing } from '../../../domain/time/buckets.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/time/durations.ts';
import { epochMs, STORABLE, type EpochMs, type ZoneId } from '../../../domain/time/instant.ts';
import { addToLocal } from '../../../domain/time/local.ts';

const UNITS: Readonly<Record<string, BucketUnit>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
};
const LENGTH = /^([1-9][0-9]{0,4})([smhdwMy])$/;

export const EVERY_FORM = 'has to be a whole number and one of s, m, h, d, w, M, y, e.g. 15m, 1h or 1d';

/** `15m`, `1d`, `3M`; null for everything else. `M` is months, `m` minutes. */
export function parseEvery(text: string): Pick<Bucketing, 'unit' | 'count'> | null {
  const [, count, letter = ''] = LENGTH.exec(text) ?? [];
  const unit = UNITS[letter];
  return unit === undefined ? null : { unit, count: Number(count) };
}

/**
 * The instant so long before `now`: seconds, minutes and hours are exact, longer units go back in the zone's calendar to
 * the same local time. Null when that is before any fact.
 */
export function before(now: EpochMs, { unit, count }: Pick<Bucketing, 'unit' | 'count'>, zone: ZoneId): EpochMs | null {
  const from = epochMs(earlier(now, unit, count, zone));
  return from >= STORABLE.from ? from : null;
}

function earlier(now: EpochMs, unit: BucketUnit, count: number, zone: ZoneId): number {
  switch (unit) {
    case 'second':
      return now - count * SECOND_MS;
    case 'minute':
      return now - count * MINUTE_MS;
    case 'hour':
      return now - count * HOUR_MS;
    case 'day':
      return addToLocal(now, { days: -count }, zone);
    case 'week':
      return addToLocal(now, { weeks: -count }, zone);
    case 'month':
      return addToLocal(now, { months: -count }, zone);
    case 'year':
      return addToLocal(now, { years: -count }, zone);
  }
}
