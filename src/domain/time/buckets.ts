import type { EpochMs, TimeRange, ZoneId } from './instant.ts';

/** Unit of a bucket. `s`, `m` and `h` count from local midnight, the others are local calendar units. */
export type BucketUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** Local calendar buckets of `count` units in `zone`. */
export interface Bucketing {
  readonly unit: BucketUnit;
  readonly count: number;
  readonly zone: ZoneId;
}
