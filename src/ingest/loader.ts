import type { Clock } from '../domain/time/clock.ts';
import { streamNames } from '../domain/streams/index.ts';
import { FactsError } from '../store/facts/facts-error.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { LoadBatches, type LoadBatch } from './load-batches.ts';
import type { IngestObserver } from './observer.ts';
import type { OutboxBudget } from './outbox-budget.ts';

/** Without a reader's wish, rows are gathered this long, so that inserts are few and large. */
const GATHER_MS = 1_000;
/**
 * So many are not waited for any longer. Each insert costs a part of its own, rollups and merges, whatever its rows: with
 * some 10,000 rows to an insert, small writes cost all threads together a tenth more than with those of a whole second.
 */
const GATHERED_ROWS = 30_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** A stop does not wait longer for a facts store that takes the rows but gives no answer. */
const STOP_MS = 8_000;

export interface LoaderParts {
  readonly batches: LoadBatches;
  readonly facts: FactsStore;
  readonly clock: Clock;
  readonly budget: OutboxBudget;
  readonly observer: IngestObserver;
}

/**
 * Moves the outbox into the facts store (design 4.3). A batch's rows and token are fixed in the records store before
 * the insert, so that a crash anywhere leads to the same insert under the same token, which the engine drops.
 * Streams take turns; one loader runs in each node, and nodes never hold the same batch.
 */
export class Loader {
  readonly #parts: LoaderParts;
  #stopping = false;
  #wanted = false;
  #gathered = 0;
  #failures = 0;
  #wake: (() => void) | null = null;
  #loop: Promise<void> | null = null;
  #passes: (() => void)[] = [];

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  /** Passes that failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Loads what is committed now without waiting for more to gather. Resolves after the next pass, whatever its end. */
  async pass(): Promise<void> {
    if (this.#stopping) return;
    const done = new Promise<void>((resolve) => this.#passes.push(resolve));
    this.hurry();
    await done;
  }

  /** Told of rows that were committed to the outbox: many are loaded at once. */
  committed(rows: number): void {
    this.#gathered += rows;
    if (this.#gathered >= GATHERED_ROWS) this.hurry();
  }

  hurry(): void {
    this.#wanted = true;
    // After a failure the pause stands: a reader's hurry does not heal the store.
    if (this.#failures === 0) this.#wake?.();
  }

  /** Finishes the running pass, loads what is left if the store answers, and ends. What stays is safe in the outbox. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_MS);
    });
    await Promise.race([this.#loadRest(), late]);
    clearTimeout(timer);
    this.#finishPass();
  }

  async #loadRest(): Promise<void> {
    await this.#loop;
    if (this.#failures === 0) await this.#pass();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#wanted = false;
      this.#gathered = 0;
      const loaded = await this.#pass();
      this.#finishPass();
      if (this.#stopping) return;
      if (this.#failures > 0) await this.#sleep(retryMs(this.#failures));
      else if (!this.#wanted && !loaded.full) await this.#sleep(GATHER_MS);
    }
  }

  #finishPass(): void {
    for (const resolve of this.#passes.splice(0)) resolve();
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  /** Loads the batches that were fixed earlier, by this node or by one that is gone, and fixes no new ones. */
  async finishBegun(): Promise<void> {
    const { batches, clock } = this.#parts;
    for (const batch of await batches.resume(clock.now())) await this.#load(batch);
  }

  /** One turn of every stream. `full`: some stream had more rows than one batch takes. */
  async #pass(): Promise<{ full: boolean }> {
    const { batches, budget, clock } = this.#parts;
    let full = false;
    let failed = false;
    try {
      await this.finishBegun();
      for (const stream of streamNames) {
        const claimed = await batches.claim(stream, clock.now());
        if (claimed === null) continue;
        full ||= claimed.full;
        await this.#load(claimed);
      }
      budget.corrected(await batches.outboxBytes());
    } catch (error) {
      failed = true;
      this.#parts.observer.loadFailed('outbox', error);
    }
    this.#failures = failed ? this.#failures + 1 : 0;
    return { full };
  }

  async #load(batch: LoadBatch): Promise<void> {
    const { batches, facts, observer } = this.#parts;
    const startedAt = performance.now();
    try {
      await facts.insert(batch.stream, batch.payload, { token: batch.token, rows: batch.rows });
    } catch (error) {
      if (!(error instanceof FactsError) || error.kind !== 'rejected') throw error;
      await this.#separate(batch, error);
      return;
    }
    await batches.finish(batch);
    observer.loaded({ stream: batch.stream, rows: batch.rows, durationMs: performance.now() - startedAt });
  }

  /**
   * The engine refuses the batch for good and has stored nothing of it. It is halved until the refused rows are alone;
   * those are set aside for an operator, the others are loaded.
   */
  async #separate(batch: LoadBatch, error: FactsError): Promise<void> {
    const { batches, clock, observer } = this.#parts;
    if (batch.rows > 1) {
      await batches.split(batch, clock.now());
      this.hurry();
      return;
    }
    await batches.quarantine(batch);
    observer.quarantined(batch.stream, batch.rows, error);
  }
}

function retryMs(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
}
