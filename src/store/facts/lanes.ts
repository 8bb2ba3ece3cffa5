import type { Lane } from './engine.ts';
import { FactsError } from './facts-error.ts';
import type { LaneStats } from './facts-store.ts';

/** A lane on loan. Exactly one of the two ends the loan. */
export interface Loan {
  readonly lane: Lane;
  /** The lane is as it was. */
  giveBack(): void;
  /** The lane's last statement failed or was stopped; the next one gets a fresh lane. */
  discard(): void;
}

interface Waiter {
  readonly grant: (loan: Loan) => void;
  readonly refuse: (error: FactsError) => void;
}

/**
 * A fixed number of lanes and a queue, first come first served. The number is what protects the engine and the rest of
 * the process: more statements at a time would only starve each other (and the threads that inserts need).
 */
export class Lanes {
  readonly #name: string;
  readonly #size: number;
  readonly #maxWaiting: number;
  readonly #open: () => Lane;
  readonly #idle: Lane[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #emptied: (() => void)[] = [];
  readonly #closing = new Set<Promise<void>>();
  #running = 0;
  #closed = false;

  constructor(options: { name: string; size: number; maxWaiting: number; open: () => Lane }) {
    this.#name = options.name;
    this.#size = options.size;
    this.#maxWaiting = options.maxWaiting;
    this.#open = options.open;
  }

  get stats(): LaneStats {
    return { running: this.#running, waiting: this.#waiters.size };
  }

  /** Waits for a lane. Rejects with `aborted`, `overloaded` (queue full) or `unavailable` (closed). */
  async borrow(signal?: AbortSignal): Promise<Loan> {
    if (this.#closed) throw closed();
    if (signal?.aborted === true) throw aborted();
    if (this.#running < this.#size) {
      this.#running += 1;
      return this.#lend();
    }
    if (this.#waiters.size >= this.#maxWaiting) {
      throw new FactsError('overloaded', `${this.#waiters.size} ${this.#name} wait for the facts store already`);
    }
    return new Promise<Loan>((resolve, reject) => {
      const leave = (): void => waiter.refuse(aborted());
      const waiter: Waiter = {
        grant: (loan) => {
          signal?.removeEventListener('abort', leave);
          resolve(loan);
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', leave);
          this.#waiters.delete(waiter);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Refuses who waits and who comes; resolves when nothing runs and the lanes are closed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.refuse(closed());
    if (this.#running > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve));
    for (const lane of this.#idle.splice(0)) this.#drop(lane);
    await Promise.all(this.#closing);
  }

  /** The place is taken already; an engine that opens no lane frees it again. */
  #lend(): Loan {
    let lane: Lane;
    try {
      lane = this.#idle.pop() ?? this.#open();
    } catch (error) {
      this.#free();
      throw error;
    }
    let lent = true;
    const end = (keep: boolean): void => {
      if (!lent) return;
      lent = false;
      if (keep && !this.#closed) this.#idle.push(lane);
      else this.#drop(lane);
      this.#free();
    };
    return { lane, giveBack: () => end(true), discard: () => end(false) };
  }

  #free(): void {
    const [next] = this.#waiters;
    if (next !== undefined) {
      this.#waiters.delete(next);
      try {
        next.grant(this.#lend());
      } catch (error) {
        next.refuse(new FactsError('unavailable', 'the facts store opens no session', { cause: error }));
      }
      return;
    }
    this.#running -= 1;
    if (this.#running === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  #drop(lane: Lane): void {
    const closing = lane.close().catch(() => {});
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}

function closed(): FactsError {
  return new FactsError('unavailable', 'the facts store is closed');
}

function aborted(): FactsError {
  return new FactsError('aborted', 'stopped by the caller');
}
