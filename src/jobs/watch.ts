import type { Beat, JobTable } from './job-table.ts';

/** A run that was not heard of for so long is dead. */
const LEASE_MS = 15_000;

/**
 * Frees jobs of nodes that have died, and of this one what it lost track of while the store was away. A run is alive
 * while its beat moves, watched by this process's own stopwatch: neither the nodes' clocks nor a clock that is set matter.
 */
export class Watch {
  readonly #table: JobTable;
  #seen = new Map<string, { readonly beat: Beat; readonly since: number }>();

  constructor(table: JobTable) {
    this.#table = table;
  }

  /** To be called every few seconds. */
  async look(): Promise<void> {
    const now = performance.now();
    const seen = new Map<string, { readonly beat: Beat; readonly since: number }>();
    for (const beat of await this.#table.beats()) {
      const known = this.#seen.get(beat.id);
      const since = known !== undefined && isSame(known.beat, beat) ? known.since : now;
      if (now - since >= LEASE_MS) await this.#table.free(beat);
      else seen.set(beat.id, { beat, since });
    }
    this.#seen = seen;
  }
}

function isSame(a: Beat, b: Beat): boolean {
  return a.owner === b.owner && a.attempt === b.attempt && a.beat === b.beat;
}
