/** One line of the results: ours and the baseline in the same run, and their ratio. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly baseline: number;
  /** What the baseline is. */
  readonly against: string;
  /** The aim, as a test on the measurement, and in words. */
  readonly aim?: { readonly words: string; readonly met: boolean };
  readonly details?: Readonly<Record<string, number | string>>;
}

/** A benchmark prints nothing itself; it returns what it measured. */
export interface Benchmark {
  readonly name: string;
  readonly description: string;
  readonly run: (report: (line: string) => void) => Promise<Measurement[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
