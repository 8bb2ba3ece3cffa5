import { setTimeout as sleep } from 'node:timers/promises';
import { deliver, type Address, type Outcome } from './delivery.ts';
import type { CaptureStats } from './options.ts';
import { RowQueue } from './row-queue.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

export interface SenderOptions {
  readonly address: Address;
  readonly sendEveryMs: number;
  readonly batchRows: number;
  readonly bufferBytes: number;
  readonly timeoutMs: number;
  /** Never throws. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Keeps rows and sends them in batches, one request at a time. While the server is away rows wait, and tries grow apart
 * up to 30 seconds. No timer of its own keeps the process alive, and nothing of it throws.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #queue: RowQueue;
  #batchRows: number;
  #timer: NodeJS.Timeout | undefined;
  #trying: Promise<Outcome | null> | undefined;
  #tryEnds = new AbortController();
  /** Tries in a row that failed. */
  #failures = 0;
  #retryAfterMs = 0;
  #full = false;
  #closed = false;
  #captured = 0;
  #accepted = 0;
  #duplicate = 0;
  #rejected = 0;
  #dropped = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#queue = new RowQueue(options.bufferBytes);
    this.#batchRows = options.batchRows;
  }

  stats(): Omit<CaptureStats, 'failed'> {
    return {
      captured: this.#captured,
      accepted: this.#accepted,
      duplicate: this.#duplicate,
      rejected: this.#rejected,
      dropped: this.#dropped,
      waiting: this.#queue.size,
    };
  }

  /** @param row JSON text of one row */
  add(row: string): void {
    this.#captured += 1;
    if (this.#closed || !this.#queue.add(row)) {
      this.#dropped += 1;
      if (!this.#full && !this.#closed)
        this.#options.onProblem('there is no room for more rows: further ones are dropped');
      this.#full = true;
      return;
    }
    // A batch that is full need not wait, unless the server was away a moment ago.
    if (this.#queue.size === this.#batchRows && this.#failures === 0) this.#schedule(0);
    else if (this.#timer === undefined && this.#trying === undefined) this.#schedule(this.#options.sendEveryMs);
  }

  /** Sends what waits now. Resolves when all was answered, or the time is over. */
  async flush(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (let left = timeoutMs; this.#queue.size > 0 && left > 0; left = deadline - performance.now()) {
      const late = new AbortController();
      const over = sleep(left, null, { signal: late.signal }).catch(() => null);
      const outcome = await Promise.race([this.#try(), over]);
      late.abort();
      if (outcome?.kind === 'later') await sleep(Math.min(this.#wait(), Math.max(0, deadline - performance.now())));
    }
  }

  /** Flushes; what could not be sent then, and what comes later, is dropped. */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#closed = true;
    clearTimeout(this.#timer);
    const left = this.#queue.size;
    if (left === 0) return;
    this.#tryEnds.abort();
    await this.#trying;
    this.#dropped += this.#queue.size;
    this.#queue.remove(this.#queue.size);
    this.#options.onProblem(`${left} rows could not be delivered before the end and are lost`);
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#try();
    }, ms).unref();
  }

  /** One try at a time; whoever comes while one runs shares it. Null when there was nothing to send. */
  #try(): Promise<Outcome | null> {
    this.#trying ??= this.#tryOnce().finally(() => {
      this.#trying = undefined;
      if (this.#queue.size === 0) return;
      const more = this.#queue.size >= this.#batchRows ? 0 : this.#options.sendEveryMs;
      this.#schedule(this.#failures > 0 ? this.#wait() : more);
    });
    return this.#trying;
  }

  async #tryOnce(): Promise<Outcome | null> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.#queue.oldest(this.#batchRows);
    if (rows.length === 0) return null;
    this.#tryEnds = new AbortController();
    const { signal } = this.#tryEnds;
    const timer = setTimeout(() => this.#tryEnds.abort(new Error('it takes too long')), this.#options.timeoutMs);
    const outcome = await deliver(rows, this.#options.address, signal);
    clearTimeout(timer);
    this.#count(outcome, rows.length);
    return outcome;
  }

  #count(outcome: Outcome, rows: number): void {
    switch (outcome.kind) {
      case 'answered':
        this.#accepted += outcome.accepted;
        this.#duplicate += outcome.duplicate;
        this.#rejected += outcome.rejected;
        this.#delivered(rows);
        if (outcome.problem !== null)
          this.#options.onProblem(`${outcome.rejected} rows were refused, the first for ${outcome.problem}`);
        return;
      case 'too-large':
        if (rows > 1) {
          this.#batchRows = Math.ceil(rows / 2);
          return;
        }
        this.#rejected += 1;
        this.#delivered(1);
        this.#options.onProblem('a row was refused: it is too large');
        return;
      case 'later':
        this.#failures += 1;
        this.#retryAfterMs = outcome.retryAfterMs;
        if (this.#failures === 1 && !this.#closed) {
          this.#options.onProblem(
            `cannot deliver to ${this.#options.address.url}: ${outcome.problem}; rows wait and are sent later`,
          );
        }
    }
  }

  #delivered(rows: number): void {
    this.#queue.remove(rows);
    this.#failures = 0;
    this.#retryAfterMs = 0;
    this.#full = false;
  }

  /** Spread, so that many hosts do not come back at the same moment. */
  #wait(): number {
    const exponential = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#failures - 1, 10));
    return Math.max(this.#retryAfterMs, exponential * (0.5 + Math.random() / 2));
  }
}
