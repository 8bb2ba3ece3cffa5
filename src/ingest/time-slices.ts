import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 10;

/**
 * Lets others have the thread now and then during long work: an embedded records store answers without giving it up, so
 * a batch of 100,000 rows would hold up every other request for seconds. Inside of a transaction, too: whoever only
 * reads does not wait for it.
 */
export class TimeSlices {
  #endsAt = performance.now() + SLICE_MS;

  /** To be awaited between pieces of a few milliseconds at most. */
  async next(): Promise<void> {
    if (performance.now() < this.#endsAt) return;
    await setImmediate();
    this.#endsAt = performance.now() + SLICE_MS;
  }
}
