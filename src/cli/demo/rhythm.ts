import { HOUR_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs, type TimeRange, type ZoneId } from '../../domain/time/instant.ts';
import { localTimeAt } from '../../domain/time/local.ts';
import type { Random } from './random.ts';

/** How busy each local hour is, as a share of the busiest. */
export interface Rhythm {
  readonly zone: ZoneId;
  readonly hours: readonly number[];
  readonly weekend: number;
}

export const officeHours = [
  0.1, 0.08, 0.06, 0.05, 0.06, 0.1, 0.25, 0.5, 0.8, 1, 1, 0.95, 0.85, 0.95, 1, 0.95, 0.85, 0.65, 0.45, 0.35, 0.3, 0.25,
  0.2, 0.15,
];
export const eveningHours = [
  0.25, 0.12, 0.06, 0.04, 0.04, 0.06, 0.15, 0.3, 0.4, 0.45, 0.5, 0.55, 0.65, 0.6, 0.55, 0.55, 0.6, 0.7, 0.85, 0.95, 1,
  1, 0.8, 0.5,
];
export const openingHours = [0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.5, 0.8, 1, 0.9, 0.85, 1, 0.95, 0.7, 0.3, 0, 0, 0, 0, 0, 0];

/** Instants of things that happen `perBusyHour` times in the busiest hour, in order, all inside the range. */
export function* instants(range: TimeRange, rhythm: Rhythm, perBusyHour: number, random: Random): Generator<EpochMs> {
  for (let hour: number = range.from; hour < range.to; hour += HOUR_MS) {
    const local = localTimeAt(epochMs(hour), rhythm.zone);
    const busy = (rhythm.hours[local.hour] ?? 0) * (local.weekday >= 6 ? rhythm.weekend : 1);
    const times = Array.from({ length: random.count(perBusyHour * busy) }, () => hour + random.below(HOUR_MS));
    for (const time of times.sort((a, b) => a - b)) if (time < range.to) yield epochMs(time);
  }
}
