import { ProblemError } from '../domain/problem.ts';
import type { Clock } from '../domain/time/clock.ts';
import { storeProblem } from '../queries/store-problem.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { JobFailure, JobKind } from './job.ts';
import { LostClaim, type Claim, type JobTable } from './job-table.ts';
import type { JobObserver } from './observer.ts';
import { ResultWriter } from './result-writer.ts';
import { Watch } from './watch.ts';

/** Jobs that run at the same time in one node: the facts store has two lanes for long reads. */
const SLOTS = 2;
/** Between looks for jobs that another node took on, or left. */
const POLL_MS = 1_000;
/** Well within the time after which a node counts as dead. */
const BEAT_MS = 3_000;
const CLEAN_MS = 60_000;
/** Processes that may die of a job before it is given up. */
const MAX_ATTEMPTS = 3;

export interface RunnerParts {
  readonly table: JobTable;
  readonly kinds: ReadonlyMap<string, JobKind>;
  readonly clock: Clock;
  readonly observer: JobObserver;
  /** What one run may take. */
  readonly timeoutMs: number;
}

/** Runs jobs in this node, one after another in each slot, until it is stopped. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #stopping = new AbortController();
  readonly #running = new Map<Claim, AbortController>();
  #ended: Promise<unknown> | null = null;
  #wake: () => void = () => undefined;
  #woken = false;
  #troubled = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { table, clock } = this.#parts;
    await table.freeAll();
    const watch = new Watch(table);
    this.#every(BEAT_MS, async () => {
      await this.#beat();
      await watch.look();
    });
    this.#every(CLEAN_MS, async () => {
      while (!this.#stopping.signal.aborted && (await table.removeExpired(clock.now())));
    });
    this.#ended = this.#loop();
  }

  /** Looks for a job now. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Breaks off what runs, so that it is run by whoever comes next, and ends. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers) clearInterval(timer);
    for (const run of this.#running.values()) run.abort();
    this.wake();
    await this.#ended;
  }

  async #loop(): Promise<void> {
    const { table, kinds, clock } = this.#parts;
    const runs = new Set<Promise<void>>();
    while (!this.#stopping.signal.aborted) {
      this.#woken = false;
      const claim =
        runs.size < SLOTS ? await this.#guarded(null, () => table.claim([...kinds.keys()], clock.now())) : null;
      if (claim === null) {
        await this.#pause();
        continue;
      }
      const run = this.#run(claim).finally(() => {
        runs.delete(run);
        this.wake();
      });
      runs.add(run);
    }
    await Promise.all(runs);
  }

  async #run(claim: Claim): Promise<void> {
    const { table, clock, observer } = this.#parts;
    const began = performance.now();
    const ended = (outcome: 'done' | 'failed' | 'lost' | 'released'): void =>
      observer.ended(claim.job, outcome, performance.now() - began);
    const abort = new AbortController();
    this.#running.set(claim, abort);
    if (this.#stopping.signal.aborted) abort.abort();
    try {
      const failure = await this.#work(claim, abort);
      if (failure === null) return ended('done');
      if (this.#stopping.signal.aborted) {
        await table.release(claim);
        return ended('released');
      }
      await table.fail(claim, failure, clock.now());
      ended('failed');
    } catch (error) {
      // The store does not know how it ended. Without a beat the job is soon free for another run.
      if (!(error instanceof LostClaim)) observer.troubled(error);
      ended('lost');
    } finally {
      this.#running.delete(claim);
    }
  }

  /** Does the work and stores the result; returns why it could not. Throws when the records store is to blame. */
  async #work(claim: Claim, abort: AbortController): Promise<JobFailure | null> {
    const { table, kinds, clock, timeoutMs, observer } = this.#parts;
    if (claim.attempt > MAX_ATTEMPTS) return { problem: null };
    const kind = kinds.get(claim.job.kind);
    if (kind === undefined) throw new TypeError(`nobody runs jobs of the kind ${claim.job.kind}`);
    const late = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([abort.signal, late]);
    const writer = new ResultWriter(table, claim);
    try {
      const head = await kind.run(claim.job, {
        signal,
        timeoutMs,
        write: async (rows) => {
          signal.throwIfAborted();
          await writer.write(rows);
        },
      });
      signal.throwIfAborted();
      await table.finish(claim, await writer.takeRest(), head, clock.now());
      return null;
    } catch (error) {
      if (error instanceof LostClaim || error instanceof RecordsError) throw error;
      if (abort.signal.aborted) return { problem: null };
      if (late.aborted) return { problem: { kind: 'query_limit', limit: 'time' } };
      const problem = error instanceof ProblemError ? error.problem : storeProblem(error);
      if (problem === null) observer.broke(claim.job, error);
      return { problem };
    }
  }

  async #beat(): Promise<void> {
    for (const [claim, run] of this.#running) {
      if (!(await this.#parts.table.beat(claim))) run.abort();
    }
  }

  /** @param otherwise the value when the records store cannot be asked */
  async #guarded<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      const value = await work();
      this.#troubled = false;
      return value;
    } catch (error) {
      // Once for each outage.
      if (!this.#troubled) this.#parts.observer.troubled(error);
      this.#troubled = true;
      return otherwise;
    }
  }

  #every(ms: number, work: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void this.#guarded(undefined, work).finally(() => (busy = false));
    }, ms);
    this.#timers.push(timer.unref());
  }

  async #pause(): Promise<void> {
    if (this.#woken) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, POLL_MS);
    });
    clearTimeout(timer);
  }
}
