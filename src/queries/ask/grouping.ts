/**
 * How the engine finds the bucket of an instant: an exact restatement of the edges that `domain/time` computed, in the
 * form the engine evaluates fastest. No zone travels to the engine, so there is one zone database and not two.
 *
 * Measured over 10 million rows on 2 cores: one `intDiv` 57 ms, with the two shifts of a year of New York days 60 ms,
 * `roundDown` over 31 edges 51 ms, over 366 edges 105 ms, over 8,784 edges 157 ms.
 */
export type Grouping =
  /** index = intDiv(ms - origin - sum of the shifts at or before ms, step) */
  | {
      readonly kind: 'steps';
      readonly originMs: number;
      readonly stepMs: number;
      readonly shifts: readonly Shift[];
    }
  /** index = position of the last edge at or before ms */
  | { readonly kind: 'edges'; readonly edges: readonly number[] };

export interface Shift {
  readonly fromMs: number;
  readonly byMs: number;
}

/** A binary search over this few edges is as fast as a division. */
const FEW_EDGES = 32;
/** Beyond this many comparisons a row the binary search wins. */
const MANY_SHIFTS = 16;

/**
 * @param starts first instants of the buckets, ascending; every row asked about lies at or after the first
 */
export function groupingOf(starts: readonly number[]): Grouping {
  const stepMs = mostFrequentGap(starts);
  const shifts = stepMs === null ? null : shiftsOf(starts, stepMs, starts.length <= FEW_EDGES ? 0 : MANY_SHIFTS);
  return stepMs === null || shifts === null
    ? { kind: 'edges', edges: starts }
    : { kind: 'steps', originMs: starts[0] ?? 0, stepMs, shifts };
}

/**
 * Where the regular steps get out of step with the edges, and by how much. A bucket longer than a step by `d` must not
 * spill into the next one: its shift begins where its surplus begins, `d` before its end, so that the surplus falls
 * back into it. A shorter one is followed by a negative shift at its end. Null when there are more than `most`, or a
 * bucket is longer than two steps.
 */
function shiftsOf(starts: readonly number[], stepMs: number, most: number): Shift[] | null {
  const shifts: Shift[] = [];
  for (let index = 1; index < starts.length; index++) {
    const start = at(starts, index);
    const byMs = start - at(starts, index - 1) - stepMs;
    if (byMs === 0) continue;
    if (byMs > stepMs || shifts.length === most) return null;
    shifts.push({ fromMs: start - Math.max(0, byMs), byMs });
  }
  return shifts;
}

function mostFrequentGap(starts: readonly number[]): number | null {
  const seen = new Map<number, number>();
  let best: number | null = null;
  for (let index = 1; index < starts.length; index++) {
    const gap = at(starts, index) - at(starts, index - 1);
    const times = (seen.get(gap) ?? 0) + 1;
    seen.set(gap, times);
    if (best === null || times > (seen.get(best) ?? 0)) best = gap;
  }
  return best;
}

/** The edges as runs of equal steps, short enough to be written into a query even where there are 100,000. */
export function runsOf(
  edges: readonly number[],
): { readonly fromMs: number; readonly stepMs: number; readonly count: number }[] {
  const runs: { fromMs: number; stepMs: number; count: number }[] = [];
  for (const edge of edges) {
    const run = runs.at(-1);
    if (run !== undefined && (run.count === 1 || edge === run.fromMs + run.count * run.stepMs)) {
      if (run.count === 1) run.stepMs = edge - run.fromMs;
      run.count++;
    } else runs.push({ fromMs: edge, stepMs: 0, count: 1 });
  }
  return runs;
}

function at(starts: readonly number[], index: number): number {
  const start = starts[index];
  if (start === undefined) throw new RangeError(`no edge ${index}`);
  return start;
}
