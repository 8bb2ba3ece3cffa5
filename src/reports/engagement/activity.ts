/** What an application did in the window, and the group it belongs to for that (contract 6.2). */
export interface Activity {
  readonly group: Group;
  readonly hitsTotal: number;
  readonly hitsFirstHalf: number;
  readonly hitsSecondHalf: number;
  /** Percent, one decimal; null outside of `consistent` and where the first half had nothing to grow from. */
  readonly growthPercent: number | null;
  /** `consistent`, and began in the second half. */
  readonly lateStart: boolean;
  readonly activeDays: number;
  /** Index of the first and last day with hits; null when there is none. */
  readonly firstDay: number | null;
  readonly lastDay: number | null;
}

/** In the order of the report. */
export const GROUPS = ['never_used', 'stopped', 'consistent'] as const;
export type Group = (typeof GROUPS)[number];

/** Days in each half; of an odd number of days the middle one is in neither. */
export function halfOf(days: number): number {
  return Math.floor(days / 2);
}

/** @param values hits of each day of the window, in order */
export function activityOf(values: readonly number[]): Activity {
  const half = halfOf(values.length);
  const hitsTotal = sum(values);
  const hitsFirstHalf = sum(values.slice(0, half));
  const hitsSecondHalf = sum(values.slice(values.length - half));
  const group = hitsTotal === 0 ? 'never_used' : hitsSecondHalf === 0 ? 'stopped' : 'consistent';
  const first = values.findIndex((value) => value > 0);
  return {
    group,
    hitsTotal,
    hitsFirstHalf,
    hitsSecondHalf,
    growthPercent: group === 'consistent' ? growthPercent(hitsFirstHalf, hitsSecondHalf) : null,
    lateStart: group === 'consistent' && hitsFirstHalf === 0,
    activeDays: values.filter((value) => value > 0).length,
    firstDay: first < 0 ? null : first,
    lastDay: first < 0 ? null : values.findLastIndex((value) => value > 0),
  };
}

/** From one amount to another; null when there was nothing at first. */
export function growthPercent(before: number, after: number): number | null {
  return before === 0 ? null : tenthsOf(after - before, before);
}

/** `part` of `whole` as percent; null of nothing. */
export function sharePercent(part: number, whole: number): number | null {
  return whole === 0 ? null : tenthsOf(part, whole);
}

/**
 * Percent with one decimal, rounded half away from zero. In whole numbers: a quotient of doubles just below a half would
 * be rounded to the wrong side.
 */
function tenthsOf(part: number, whole: number): number {
  const [numerator, denominator] = [BigInt(Math.abs(part)) * 1000n, BigInt(whole)];
  const tenths = Number((2n * numerator + denominator) / (2n * denominator)) / 10;
  return part < 0 && tenths !== 0 ? -tenths : tenths;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
