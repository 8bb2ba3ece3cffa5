import { epochMs, type EpochMs } from './instant.ts';

/** Where the program learns what time it is. Passed in, so that tests decide. */
export interface Clock {
  now(): EpochMs;
}

export const systemClock: Clock = { now: () => epochMs(Date.now()) };

/** A clock that shows `start` now and runs on from there (TALLYHOUSE_CLOCK). */
export function clockStartingAt(start: EpochMs): Clock {
  const offsetMs = start - Date.now();
  return { now: () => epochMs(Date.now() + offsetMs) };
}
