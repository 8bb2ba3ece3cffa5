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

/** Name of an IANA time zone in its canonical spelling, known to exist on this machine. Made by `parseZone`. */
export type ZoneId = string & { readonly __brand: 'zone' };

/**
 * Instants that facts can carry, `[1900-01-01, 2300-01-01)`: what a ClickHouse `DateTime64(3)` holds. The rules of
 * zones are followed within these bounds; beyond them a zone keeps the offset it has at the nearer bound.
 */
export const STORABLE: TimeRange = { from: epochMs(-2_208_988_800_000), to: epochMs(10_413_792_000_000) };

/** True when a fact can carry this instant. */
export function isStorable(at: EpochMs): boolean {
  return at >= STORABLE.from && at < STORABLE.to;
}

/** Instants that RFC 3339 can write in UTC: `[0000-01-01, 10000-01-01)`. */
export const WRITABLE: TimeRange = { from: epochMs(-62_167_219_200_000), to: epochMs(253_402_300_800_000) };
