/** Milliseconds since 1970-01-01T00:00:00Z, UTC. The only form in which an instant travels inside the program. */
export type EpochMs = number & { readonly __unit: 'epoch-ms' };

/** Marks a number as an instant; the caller knows that it counts milliseconds of UTC. */
export function epochMs(value: number): EpochMs {
  return value as EpochMs;
}

/** Half-open range of instants: `from <= t < to`. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Name of an IANA time zone in its canonical spelling, known to exist on this machine. */
export type ZoneId = string & { readonly __brand: 'zone' };
