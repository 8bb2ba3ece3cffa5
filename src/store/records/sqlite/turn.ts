import { RecordsError } from '../records-error.ts';

interface Waiter {
  readonly begin: () => void;
}

/**
 * One holder at a time, first come first served. The wait is bounded: a transaction that waits for itself (a write
 * through `db` inside of `transaction`) has to fail and not to hang.
 */
export class Turn {
  readonly #limitMs: number;
  readonly #waiting = new Set<Waiter>();
  #taken = false;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  async take(): Promise<void> {
    if (!this.#taken) {
      this.#taken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        reject(new RecordsError('busy', `another transaction of this process did not end within ${this.#limitMs} ms`));
      }, this.#limitMs);
      this.#waiting.add(waiter);
    });
  }

  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken = false;
      return;
    }
    this.#waiting.delete(next);
    next.begin();
  }
}
