/** What one check found. */
export interface Finding {
  /** Name of what was looked at. */
  readonly check: string;
  /** `warn`: it works, and somebody should look at it. `fail`: something is broken or data is at risk. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly says: string;
  /** What to do about it; null when all is well. */
  readonly advice: string | null;
}

export function fine(check: string, says: string): Finding {
  return { check, state: 'ok', says, advice: null };
}

export function warning(check: string, says: string, advice: string): Finding {
  return { check, state: 'warn', says, advice };
}

export function failure(check: string, says: string, advice: string): Finding {
  return { check, state: 'fail', says, advice };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size for people: `1.5 GiB`. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** A duration for people: `90 s`, `3.5 h`. */
export function durationText(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
