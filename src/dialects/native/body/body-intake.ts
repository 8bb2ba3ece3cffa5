import type { IncomingMessage } from 'node:http';
import type { Problem } from '../../../domain/problem.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';

/** Bodies that may be in memory at the same time, as a multiple of the largest single one. */
const BODIES = 4;
const RETRY_AFTER_MS = 1_000;
/** Bodies that are decoded, read and committed at the same time; others wait, so that many cannot fill the memory. */
const WORKING = 2;
/** What is smaller does not wait: it is done before anything else would get its turn. */
const SMALL_BYTES = 64 * 1024;
/** How much larger than its encoded form a body is taken to be when its turn is decided. */
const USUAL_RATIO = 16;

/**
 * Takes request bodies in as bytes, within a budget for all of them together: a server that many clients send large
 * bodies to says "later" instead of running out of memory.
 */
export class BodyIntake {
  readonly #limitBytes: number;
  #heldBytes = 0;
  readonly #working = new Turns(WORKING);
  readonly #parsing = new Turns(1);

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /**
   * Reads a body to its end. Problems: `body_too_large`, `overloaded`, `malformed_body` (cut off). What a refused client
   * still sends is read and dropped, so that it gets to see the answer.
   */
  read(payload: IncomingMessage, then: (body: Result<Buffer>) => void): void {
    const chunks: Buffer[] = [];
    let size = 0;
    let finished = false;
    const finish = (result: Result<Buffer>): void => {
      finished = true;
      if (!result.ok) {
        this.#heldBytes -= size;
        // That the sender goes away while the rest of its body is dropped changes nothing: the answer is decided.
        payload.resume();
      }
      then(result);
    };
    const onData = (chunk: Buffer): void => {
      if (finished) return;
      size += chunk.length;
      this.#heldBytes += chunk.length;
      if (size > this.#limitBytes) finish(fail(this.#tooLarge()));
      else if (this.#heldBytes > this.#limitBytes * BODIES) {
        finish(fail({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS }));
      } else chunks.push(chunk);
    };
    const onEnd = (): void => {
      if (finished) return;
      const [first] = chunks;
      finish(ok(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size)));
    };
    const onCut = (): void => {
      if (!finished) finish(fail({ kind: 'malformed_body', reason: 'the body was cut off' }));
    };

    // The listeners stay until the request is gone with them, which costs less than taking them off.
    payload.on('error', onCut);
    if (Number(payload.headers['content-length'] ?? 0) > this.#limitBytes) finish(fail(this.#tooLarge()));
    else payload.on('data', onData).on('end', onEnd).on('close', onCut);
  }

  /** To be called once for each body that `read` gave, when it is no longer needed. */
  done(body: Buffer): void {
    this.#heldBytes -= body.length;
  }

  /** Runs the work on a body when its turn comes; small bodies do not wait. */
  inTurn<T>(body: Buffer, encoded: boolean, work: () => Promise<T>): Promise<T> {
    return body.length < (encoded ? SMALL_BYTES / USUAL_RATIO : SMALL_BYTES) ? work() : this.#working.run(work);
  }

  /**
   * For the part of the work that the main thread does: one body after the other, so that the rows of the first are
   * stored while those of the second are read. Two read side by side would both be done late.
   */
  parseInTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#parsing.run(work);
  }

  #tooLarge(): Problem {
    return { kind: 'body_too_large', limitBytes: this.#limitBytes };
  }
}

/** So many at a time; others wait, first come first served. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(size: number) {
    this.#free = size;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    // Whoever ends hands the turn on, so the count stays as it is when there was somebody to wait for.
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
