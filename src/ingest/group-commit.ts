import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { fail, type Result } from '../domain/result.ts';
import type { Clock } from '../domain/time/clock.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { Records } from '../store/records/records.ts';
import type { Batch, Receipt } from './batch.ts';
import { commitBatches } from './commit-batches.ts';
import type { IngestObserver } from './observer.ts';
import type { OutboxBudget } from './outbox-budget.ts';

/** A group is cut here so that one transaction stays short however many wait. */
const MAX_GROUP_ENTRIES = 20_000;

/** Gathering ends after so long even if every turn of the event loop brings more. */
const LONGEST_GATHER_MS = 2;

/** While the disk is full or the records store is away, callers are told to come back after this long. */
const RETRY_AFTER_MS = 5_000;

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (result: Result<Receipt>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits all batches that wait at a moment in one transaction and answers each after it is on disk (design 4.2).
 * There is no timer: a lone batch commits at once, and while one transaction runs the next group gathers.
 */
export class GroupCommit {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #budget: OutboxBudget;
  readonly #observer: IngestObserver;
  readonly #onRows: (rows: number) => void;
  #waiting: Waiting[] = [];
  #running = false;
  /** Batches of the last group, and how long it took. */
  #lastSize = 0;
  #lastMs = 0;
  #expected: { readonly size: number; readonly arrived: () => void } | null = null;
  #idle: (() => void)[] = [];

  /** @param parts.onRows told of the rows of each group that is on disk */
  constructor(parts: {
    records: Records;
    clock: Clock;
    budget: OutboxBudget;
    observer: IngestObserver;
    onRows?: (rows: number) => void;
  }) {
    this.#records = parts.records;
    this.#clock = parts.clock;
    this.#budget = parts.budget;
    this.#observer = parts.observer;
    this.#onRows = parts.onRows ?? (() => undefined);
  }

  /**
   * Resolves when the batch is durable. Problems: `overloaded` (outbox at its limit, disk full),
   * `records_unavailable`, `idempotency_mismatch` (guard's key seen with another fingerprint). Rejects for bugs.
   */
  accept(batch: Batch): Promise<Result<Receipt>> {
    if (this.#budget.exceeded()) return Promise.resolve(fail({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS }));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      if (this.#expected !== null && this.#waiting.length >= this.#expected.size) this.#expected.arrived();
      if (this.#running) return;
      this.#running = true;
      void this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    if (!this.#running) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  waiting(): number {
    return this.#waiting.length;
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#gather();
      if (this.#waiting.length === 0) break;
      const startedAt = performance.now();
      const group = this.#takeGroup();
      await this.#commit(group);
      this.#lastSize = group.length;
      this.#lastMs = performance.now() - startedAt;
    }
    this.#running = false;
    this.#lastSize = 0;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /**
   * Lets those join whose requests are on their way: a transaction costs as much as reading a dozen small requests. Goes
   * on while a turn of the event loop brings more, then waits for as many as were just answered, for clients are likely to
   * come again, but no longer than the last transaction took. A lone client is not held up: it waits for one turn.
   */
  async #gather(): Promise<void> {
    const startedAt = performance.now();
    const longest = Math.min(LONGEST_GATHER_MS, this.#lastMs);
    const expected = this.#waiting.length + this.#lastSize;
    await this.#whileTurnsBringMore(startedAt + longest);
    if (this.#waiting.length >= expected || performance.now() - startedAt >= longest) return;
    await this.#arrivalOf(expected, longest);
    // The one that was waited for is seldom the last that has arrived.
    await this.#whileTurnsBringMore(startedAt + longest);
  }

  async #whileTurnsBringMore(deadline: number): Promise<void> {
    let known: number;
    do {
      known = this.#waiting.length;
      await nextTurn();
    } while (this.#waiting.length > known && performance.now() < deadline);
  }

  /** Sleeps until so many wait. To go round the event loop meanwhile would take the processor from who sends them. */
  async #arrivalOf(size: number, limitMs: number): Promise<void> {
    const arrival = new Promise<void>((arrived) => {
      this.#expected = { size, arrived };
    });
    await Promise.race([arrival, sleep(limitMs)]);
    this.#expected = null;
  }

  /** The next group: bounded, and never two batches under one guard, so that the second sees the first's answer. */
  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    const later: Waiting[] = [];
    const guards = new Set<string>();
    let entries = 0;
    for (const waiting of this.#waiting) {
      const guard = waiting.batch.guard?.key;
      const full = group.length > 0 && entries + waiting.batch.entries.length > MAX_GROUP_ENTRIES;
      if (full || (guard !== undefined && guards.has(guard))) {
        later.push(waiting);
        continue;
      }
      if (guard !== undefined) guards.add(guard);
      entries += waiting.batch.entries.length;
      group.push(waiting);
    }
    this.#waiting = later;
    return group;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const committedAt = this.#clock.now();
      const { results, bytes, rows } = await this.#records.transaction((tx) =>
        commitBatches(tx, { batches: group.map((waiting) => waiting.batch), at: committedAt }),
      );
      this.#budget.added(bytes);
      this.#onRows(rows);
      this.#observer.committed({ batches: group.length, rows, durationMs: performance.now() - startedAt });
      group.forEach((waiting, index) => {
        const result = results[index];
        if (result === undefined) waiting.reject(new Error('a batch of the group was left without a result'));
        else waiting.resolve(result);
      });
    } catch (error) {
      await this.#failed(group, error);
    }
  }

  /** Nothing of the group is stored. One bad batch must not take the others with it: each is tried by itself. */
  async #failed(group: readonly Waiting[], error: unknown): Promise<void> {
    const problem = error instanceof RecordsError ? error.problem : null;
    if (problem !== null) {
      this.#observer.commitFailed(error);
      for (const waiting of group) waiting.resolve(fail(problem));
      return;
    }
    if (group.length === 1) {
      group[0]?.reject(error);
      return;
    }
    for (const waiting of group) await this.#commit([waiting]);
  }
}
