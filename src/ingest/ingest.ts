import { fail, type Result } from '../domain/result.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { Records } from '../store/records/records.ts';
import type { Batch, Receipt } from './batch.ts';
import { BulkInsert } from './bulk-insert.ts';
import { GroupCommit } from './group-commit.ts';
import { readLedger, type LedgerLine, type LedgerPage } from './ledger-read.ts';
import { LoadBatches } from './load-batches.ts';
import { Loader } from './loader.ts';
import type { IngestObserver } from './observer.ts';
import { OutboxBudget } from './outbox-budget.ts';
import type { BulkBatch } from './packed-rows.ts';
import { ReadBarrier } from './read-barrier.ts';

export interface IngestStats {
  /** Batches waiting for the running transaction to end. */
  readonly waiting: number;
  /** Acknowledged bytes that are not yet in the facts store. */
  readonly outboxBytes: number;
  readonly outboxLimitBytes: number;
  /** Loader passes that failed in a row; 0 when the facts store takes rows. */
  readonly loadFailures: number;
}

/**
 * The way in for everything that is counted. A resolved `accept` means: on disk, exactly once, whatever happens next
 * (design 4).
 */
export interface Ingest {
  /**
   * Stores a batch. Problems: `overloaded` (outbox at its limit, disk full), `records_unavailable`,
   * `idempotency_mismatch`. Entries that are repeats or are rejected by a step are outcomes, not problems.
   */
  accept(batch: Batch | BulkBatch): Promise<Result<Receipt>>;
  /**
   * Waits, at most 2 s, until everything acknowledged before the call can be read. Resolves with the watermark.
   *
   * @param slowMs waits so long instead while the facts store takes rows and is only slow
   */
  barrier(slowMs?: number): Promise<EpochMs>;
  stats(): IngestStats;
  /** For how long the oldest acknowledged row has not been in the facts store; 0 when all are. */
  lagMs(): Promise<number>;
  /** What became of the rows that were received; counts are there when `accept` has resolved. */
  ledger(page: LedgerPage): Promise<LedgerLine[]>;
  /** Commits what waits, loads what it can and ends. Nothing acknowledged is lost by what it leaves. */
  stop(): Promise<void>;
}

export interface IngestParts {
  readonly records: Records;
  readonly facts: FactsStore;
  readonly clock: Clock;
  readonly observer: IngestObserver;
  readonly outboxLimitBytes: number;
}

export async function startIngest(parts: IngestParts): Promise<Ingest> {
  const { records, facts, clock, observer } = parts;
  const budget = new OutboxBudget(parts.outboxLimitBytes);
  const batches = new LoadBatches(records);
  budget.corrected(await batches.outboxBytes());
  const loader = new Loader({ batches, facts, clock, budget, observer });
  const commits = new GroupCommit({
    records,
    clock,
    budget,
    observer,
    onRows: (rows) => loader.committed(rows),
  });
  const barrier = new ReadBarrier({ records, loader, clock });
  const bulk = new BulkInsert({ records, facts, clock });
  loader.start();

  async function acceptLarge(batch: BulkBatch): Promise<Result<Receipt>> {
    const throughOutbox = (): Promise<Result<Receipt>> => commits.accept({ ...batch, entries: batch.rows.entries() });
    try {
      // While the facts store is away the outbox takes what did not already begin the direct way.
      if (loader.failures > 0 && !(await bulk.begun(batch.guard))) return await throughOutbox();
      return (await bulk.accept(batch)) ?? (await throughOutbox());
    } catch (error) {
      if (error instanceof RecordsError && error.problem !== null) return fail(error.problem);
      throw error;
    }
  }

  return {
    accept: (batch) => ('rows' in batch ? acceptLarge(batch) : commits.accept(batch)),
    barrier: (slowMs) => barrier.wait(slowMs),
    async lagMs() {
      const oldest = await batches.oldestWaiting();
      return oldest === null ? 0 : Math.max(0, clock.now() - oldest);
    },
    stats: () => ({
      waiting: commits.waiting(),
      outboxBytes: budget.bytes,
      outboxLimitBytes: budget.limitBytes,
      loadFailures: loader.failures,
    }),
    ledger: (page) => readLedger(records.db, page),
    async stop() {
      await commits.drain();
      await loader.stop();
    },
  };
}
