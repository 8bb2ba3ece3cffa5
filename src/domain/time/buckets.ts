import { epochMs, WRITABLE, type EpochMs, type TimeRange, type ZoneId } from './instant.ts';
import { firstInstantOf, localMsAt } from './local.ts';
import { localGrid, type BucketUnit, type LocalGrid } from './local-grid.ts';
import { offsetSpanAt } from './zone-offsets.ts';

export type { BucketUnit } from './local-grid.ts';

/** Local calendar buckets of `count` units in `zone`. */
export interface Bucketing {
  readonly unit: BucketUnit;
  readonly count: number;
  readonly zone: ZoneId;
}

export type BucketEdges =
  | {
      readonly ok: true;
      /**
       * Strictly ascending. Bucket `i` is `[edges[i], edges[i + 1])`, its label is `edges[i]`. The first edge is at or
       * before the range's beginning and the last one at or after its end: the range clips what is counted, not the
       * buckets. Empty when the range is empty, else at least two.
       */
      readonly edges: readonly EpochMs[];
      /** The length of every bucket when all have the same one (then bucket = intDiv(t - edges[0], uniform)), else null. */
      readonly uniform: number | null;
      /** True when older buckets were left out; then only `[edges[0], range.to)` may be counted. */
      readonly truncated: boolean;
    }
  | { readonly ok: false; readonly limit: number };

/**
 * The buckets that share at least one instant with a range (scanalytics.md 7.3, tr50.md 5.4).
 *
 * Hours, minutes and seconds are multiples of `count` on the local clock, counted anew from each local midnight; days,
 * ISO weeks, months and years are the local calendar's, groups of them counted from the one that holds `range.from`.
 * Boundaries are times on the wall clock, so what its changes do to a bucket depends on the bucket's length:
 * - An hour or less: when the clock is set back, a new bucket begins at that instant. The repeated hour gives its
 *   buckets twice, told apart by their offset; Lord Howe's repeated half hour is an hour bucket of its own, 01:30+10:30.
 * - Longer: a bucket begins when the clock first shows its beginning or, having skipped it, anything later. `6h` keeps
 *   00, 06, 12 and 18 o'clock with one bucket of 5 or 7 hours; a day has 23 or 25 hours and begins at 01:00 where
 *   midnight is skipped.
 * - A bucket that the clock skips altogether (a missing hour, Apia's 30 December 2011) does not exist. One that it
 *   skips in part is labelled with its first instant.
 *
 * The range is taken within `WRITABLE`, the years 0000 to 9999. With more than `limit` buckets the answer is a refusal,
 * or with `newest` the last `limit` of them; either costs as much as `limit` buckets, however long the range is.
 *
 * @throws RangeError when `count` or `limit` is not a positive integer or the range not finite
 */
export function bucketEdges(
  range: TimeRange,
  bucketing: Bucketing,
  limit: number,
  keep: 'refuse' | 'newest' = 'refuse',
): BucketEdges {
  const { unit, count, zone } = bucketing;
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`count: ${String(count)}`);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`limit: ${String(limit)}`);
  if (Number.isNaN(range.from) || Number.isNaN(range.to)) throw new RangeError('range: not a number');
  const from = epochMs(Math.max(range.from, WRITABLE.from));
  const to = epochMs(Math.min(range.to, WRITABLE.to));
  if (from >= to) return { ok: true, edges: [], uniform: null, truncated: false };

  const grid = localGrid(unit, count, localMsAt(from, zone));
  if (keep === 'refuse') {
    const edges = edgesFrom(from, to, grid, zone, limit);
    return edges === null ? { ok: false, limit } : { ok: true, edges, uniform: stepOf(edges), truncated: false };
  }
  for (let backMs = limit * grid.usualMs; ; backMs *= 2) {
    const start = epochMs(Math.max(from, to - backMs));
    // The first bucket found may have begun before `start`, so one more than needed is not too few.
    const found = edgesFrom(start, to, grid, zone, Infinity) ?? [];
    if (found.length > limit || start === from) {
      const edges = found.slice(-limit - 1);
      return { ok: true, edges, uniform: stepOf(edges), truncated: (edges[0] ?? from) > from };
    }
  }
}

/** Index of the bucket that holds an instant, by bisection; -1 outside of all. */
export function bucketIndexOf(edges: readonly EpochMs[], at: EpochMs): number {
  let low = 0;
  let high = edges.length - 1;
  if (high < 1 || !(at >= (edges[0] ?? NaN) && at < (edges[high] ?? NaN))) return -1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (at >= (edges[middle] ?? NaN)) low = middle;
    else high = middle;
  }
  return low;
}

/** The bucket that holds `at`, groups counted from it. For ranges that are rounded outward to whole buckets. */
export function bucketAround(at: EpochMs, bucketing: Bucketing): TimeRange {
  const found = bucketEdges({ from: at, to: epochMs(at + 1) }, bucketing, 1);
  const [from, to] = found.ok ? found.edges : [];
  if (from === undefined || to === undefined)
    throw new RangeError(`${String(at)} is outside of the years 0000 to 9999`);
  return { from, to };
}

/** Edges of the buckets that share an instant with `[from, to)`; null when there are more than `limit`. */
function edgesFrom(from: EpochMs, to: EpochMs, grid: LocalGrid, zone: ZoneId, limit: number): EpochMs[] | null {
  const nextEdge = grid.splitsRepeats ? nextShortEdge : nextLongEdge;
  // A short bucket's edge needs no history, and one stands in the `usualMs` before `from`. A long one's does, so start
  // at the first moment of the bucket that the clock names at `from`; that bucket may end before `from` all the same,
  // when the clock was set back since.
  let edge = grid.splitsRepeats
    ? nextEdge(epochMs(from - grid.usualMs), grid, zone)
    : firstInstantOf(grid.floor(localMsAt(from, zone)), zone);
  const edges: EpochMs[] = [];
  for (;;) {
    if (edge <= from) edges.length = 0;
    edges.push(edge);
    if (edge >= to) return edges;
    if (edges.length > limit) return null;
    edge = nextEdge(edge, grid, zone);
  }
}

/** The first instant after `at` at which the clock shows the next boundary or has skipped it, or is set back. */
function nextShortEdge(at: EpochMs, grid: LocalGrid, zone: ZoneId): EpochMs {
  let span = offsetSpanAt(zone, at);
  const boundary = grid.next(at + span.offsetMs);
  for (;;) {
    const edge = Math.max(span.from, boundary - span.offsetMs);
    if (edge < span.to) return epochMs(edge);
    const following = offsetSpanAt(zone, span.to);
    if (following.offsetMs < span.offsetMs) return following.from;
    span = following;
  }
}

/** The first instant at which the clock shows what comes after the bucket that begins at `edge`. */
function nextLongEdge(edge: EpochMs, grid: LocalGrid, zone: ZoneId): EpochMs {
  return firstInstantOf(grid.next(localMsAt(edge, zone)), zone);
}

function stepOf(edges: readonly EpochMs[]): number | null {
  const [first, second] = edges;
  if (first === undefined || second === undefined) return null;
  const step = second - first;
  for (let index = 1; index < edges.length; index += 1) {
    if ((edges[index] ?? NaN) - (edges[index - 1] ?? NaN) !== step) return null;
  }
  return step;
}
