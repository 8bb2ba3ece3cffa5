import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';

/** How long a use of a session may wait to be written: after a crash its idle time is wrong by no more. */
const WRITE_AFTER_MS = 5_000;
/** More sessions than these are not kept waiting. */
const MOST_WAITING = 5_000;

/**
 * When sessions were last used. Kept here and written now and then in one transaction, so that no request waits for a
 * write; another node sees the use up to five seconds later.
 */
export class Touches {
  readonly #records: Records;
  readonly #idleMs: number;
  readonly #waiting = new Map<string, EpochMs>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(records: Records, idleMs: number) {
    this.#records = records;
    this.#idleMs = idleMs;
  }

  /** Use of the session that is not written yet. */
  of(digest: string): EpochMs | null {
    return this.#waiting.get(digest) ?? null;
  }

  add(digest: string, at: EpochMs): void {
    this.#waiting.set(digest, at);
    if (this.#waiting.size >= MOST_WAITING) void this.flush();
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
  }

  forget(digest: string): void {
    this.#waiting.delete(digest);
  }

  /** Writes what waits. What cannot be written now waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const uses = [...this.#waiting];
    if (uses.length === 0) return;
    try {
      await this.#records.transaction(async (tx) => {
        // In one order on all nodes, so that none waits for another in a circle.
        for (const [digest, at] of uses.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
          await tx
            .updateTable('sessions')
            .set({ last_seen_at: at, expires_at: epochMs(at + this.#idleMs) })
            .where('id_hash', '=', digest)
            .where('last_seen_at', '<', at)
            .execute();
        }
      });
    } catch {
      // The store's own checks tell of an outage; the uses are still here.
      this.#timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
      return;
    }
    for (const [digest, at] of uses) if (this.#waiting.get(digest) === at) this.#waiting.delete(digest);
  }
}
