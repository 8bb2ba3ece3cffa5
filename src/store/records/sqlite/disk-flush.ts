import { Worker } from 'node:worker_threads';
import { RecordsError } from '../records-error.ts';

/** Brings what was written to a file onto the disk; a file system call that may take long. */
export interface Disk {
  /** One at a time. Rejects when the disk has not taken what was written before the call. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Commits are told when they are on the disk, and one flush serves all that were made before it began: a flush that
 * is under way may have missed the latest, so those wait for the next.
 *
 * After a failed flush nobody knows what the disk holds, and what is written behind a gap in the log would be lost
 * with it: from then on everything fails until the store is opened anew, which reads what there is.
 */
export class DiskFlush {
  readonly #disk: Disk;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #failure: RecordsError | null = null;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Resolves when everything that was committed before the call is on the disk. */
  flushed(): Promise<void> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#flush();
    this.#next = this.#running.then(() => {
      this.#next = null;
      return this.#flush();
    });
    return this.#next;
  }

  /** Throws once the disk has failed. */
  assertSound(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Waits for the flush that is under way. */
  async close(): Promise<void> {
    await (this.#next ?? this.#running)?.catch(() => {});
    await this.#disk.close();
  }

  #flush(): Promise<void> {
    const running = this.#sync();
    this.#running = running;
    return running;
  }

  async #sync(): Promise<void> {
    try {
      this.assertSound();
      await this.#disk.sync();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#failure ??= new RecordsError(
        'unavailable',
        `the disk did not take what was written to the records store; look at the disk, then start the server again: ${why}`,
        { cause },
      );
      throw this.#failure;
    } finally {
      this.#running = null;
    }
  }
}

/** Waits for messages and answers each after a flush, with what went wrong or null. */
const FLUSHING = `
  const { fdatasyncSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', () => {
    let failure = null;
    try {
      fdatasyncSync(workerData);
    } catch (error) {
      failure = error.message;
    }
    parentPort.postMessage(failure);
  });`;

/**
 * Flushes a file on a thread of its own. Not in the runtime's pool: questions to the facts store can fill that for
 * seconds, and no commit may wait for them.
 */
export class FlushThread implements Disk {
  readonly #worker: Worker;
  #told: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;

  /** @param descriptor of the file, open as long as the thread lives */
  constructor(descriptor: number) {
    this.#worker = new Worker(FLUSHING, { eval: true, workerData: descriptor, execArgv: [], env: {} });
    this.#worker.on('message', (failure: string | null) => this.#tell(failure === null ? null : new Error(failure)));
    this.#worker.on('error', (error) => this.#tell(error));
    this.#worker.on('exit', () => this.#tell(new Error('the thread that flushes has ended')));
    // Idle, it keeps no process alive.
    this.#worker.unref();
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#told = { resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(null);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(failure: Error | null): void {
    const told = this.#told;
    if (told === null) return;
    this.#told = null;
    this.#worker.unref();
    if (failure === null) told.resolve();
    else told.reject(failure);
  }
}
