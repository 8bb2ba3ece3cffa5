import { bucketEdges } from '../../domain/time/buckets.ts';
import type { EpochMs, TimeRange, ZoneId } from '../../domain/time/instant.ts';
import { DAY_MS } from '../../domain/time/durations.ts';
import type { LocalMs } from '../../domain/time/civil.ts';
import { firstInstantOf } from '../../domain/time/local.ts';
import { localStamp } from '../../domain/time/rfc3339.ts';

/** Local calendar days, the last of them first asked for: contract 6.2. */
export interface Window {
  readonly range: TimeRange;
  /** Dates in order, `2024-03-01`; as many as days were asked for. */
  readonly dates: readonly string[];
}

/** Days a zone can have skipped within a window (Apia's 30 December 2011), with room to spare. */
const SKIPPED_DAYS = 7;

/**
 * The `days` local calendar days that end with a date. A date that the zone's calendar skips is no day, so the window
 * then begins one date earlier.
 *
 * @param last midnight of the last date
 */
export function windowOf(last: LocalMs, days: number, zone: ZoneId): Window {
  const search = {
    from: firstInstantOf(last - (days - 1 + SKIPPED_DAYS) * DAY_MS, zone),
    to: firstInstantOf(last + DAY_MS, zone),
  };
  const found = bucketEdges(search, { unit: 'day', count: 1, zone }, days, 'newest');
  if (!found.ok) throw new RangeError(`a window of ${days} days has more than ${found.limit}`);
  const starts = found.edges.slice(0, -1);
  return {
    range: { from: edge(found.edges.at(0)), to: edge(found.edges.at(-1)) },
    dates: starts.map((start) => localStamp(start, zone).date),
  };
}

function edge(instant: EpochMs | undefined): EpochMs {
  if (instant === undefined) throw new RangeError('a window without days');
  return instant;
}
