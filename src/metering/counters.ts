import { HOUR_MS, MINUTE_MS } from '../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import { PERIODS, periodStart, type Period } from '../domain/time/utc-periods.ts';

/**
 * What one application has used in the periods that run now, as JSON in the records store. It holds a number for each
 * limited metric and period, whatever was counted before: a period that is over leaves nothing behind.
 */
export interface Counters {
  /** Beginning of the minute up to which the counters have been brought. */
  readonly at: number;
  /** By id of the metric; a number for each of `PERIODS`, in that order. */
  readonly used: Readonly<Record<string, readonly number[]>>;
  /** What was reported for periods that have not begun, under `<metric> <period> <start>`. */
  readonly ahead?: Readonly<Record<string, number>>;
}

/** How much of a metric is used: what was stated for it, and what its methods add. */
export interface Charge {
  readonly metricId: number;
  readonly amount: number;
}

/**
 * Clocks of nodes differ and requests wait for their transaction. A clock that is further behind than this was set
 * back, and its periods count from then on.
 */
const MAX_BEHIND_MS = 5 * MINUTE_MS;

/** How far ahead of the clock usage may lie and still count in periods that have not begun. */
const MAX_AHEAD_MS = HOUR_MS;

const NOTHING = PERIODS.map(() => 0);

/** The counters as they are at `now`. Never moves back by a little: a hit is counted where the last one was decided. */
export function countersAt(stored: Counters | null, now: EpochMs): Counters {
  const minute = periodStart('minute', now);
  if (stored === null) return { at: minute, used: {} };
  if (minute === stored.at) return stored;
  const behind = stored.at - now;
  if (behind > 0 && behind <= MAX_BEHIND_MS) return stored;

  const starts = PERIODS.map((period) => periodStart(period, now));
  const runs = PERIODS.map((period, index) => periodStart(period, epochMs(stored.at)) === starts[index]);
  const used: Record<string, number[]> = {};
  for (const [metric, values] of Object.entries(stored.used)) {
    const kept = values.map((value, index) => (runs[index] === true ? value : 0));
    if (kept.some((value) => value > 0)) used[metric] = kept;
  }
  const ahead: Record<string, number> = {};
  for (const [name, amount] of Object.entries(stored.ahead ?? {})) {
    const [metric = Number.NaN, period = Number.NaN, start = Number.NaN] = name.split(' ').map(Number);
    const running = starts[period] ?? Infinity;
    if (start > running) ahead[name] = amount;
    else if (start === running) raise(used, metric, period, amount);
  }
  return countersOf(minute, used, ahead);
}

/** The instant that counts as now: that of the counters when a node's clock is a little behind them. */
export function effectiveNow(counters: Counters, now: EpochMs): EpochMs {
  return epochMs(Math.max(counters.at, now));
}

/**
 * Adds usage of the time `at` to counters that stand at `now`. It counts in each period that holds it, and that runs
 * or begins within an hour: the others have no limit to be held against.
 */
export function charged(
  counters: Counters,
  charges: readonly Charge[],
  at: EpochMs,
  now: EpochMs = epochMs(counters.at),
): Counters {
  const thisMinute = periodStart('minute', at) === periodStart('minute', now);
  const starts = thisMinute ? [] : PERIODS.map((period) => periodStart(period, at));
  const running = thisMinute ? [] : PERIODS.map((period) => periodStart(period, now));
  const used: Record<string, readonly number[]> = { ...counters.used };
  let ahead = counters.ahead ?? {};
  for (const { metricId, amount } of charges) {
    if (amount === 0) continue;
    const values = used[metricId] ?? NOTHING;
    if (thisMinute) {
      used[metricId] = values.map((value) => sum(value, amount));
      continue;
    }
    used[metricId] = values.map((value, index) => (starts[index] === running[index] ? sum(value, amount) : value));
    if (at <= now || at > now + MAX_AHEAD_MS) continue;
    const later: Record<string, number> = { ...ahead };
    for (const [index, start] of starts.entries()) {
      if (start <= (running[index] ?? Infinity)) continue;
      const name = `${metricId} ${index} ${start}`;
      later[name] = sum(later[name] ?? 0, amount);
    }
    ahead = later;
  }
  return countersOf(counters.at, used, ahead);
}

export function usedIn(counters: Counters, metricId: number, period: Period): number {
  return counters.used[metricId]?.[PERIODS.indexOf(period)] ?? 0;
}

/** Beyond 2^53 no number is exact: what is that large stays there. */
export function sum(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

function raise(used: Record<string, number[]>, metric: number, period: number, amount: number): void {
  const values = (used[metric] ??= [...NOTHING]);
  values[period] = sum(values[period] ?? 0, amount);
}

function countersOf(
  at: number,
  used: Readonly<Record<string, readonly number[]>>,
  ahead: Readonly<Record<string, number>>,
): Counters {
  return Object.keys(ahead).length === 0 ? { at, used } : { at, used, ahead };
}
