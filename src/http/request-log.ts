import type { FastifyBaseLogger } from 'fastify';

type Words = [data: object, message?: string, ...values: unknown[]];

/**
 * The log of one request, whose lines carry its id. Few requests have anything to say, and the logger that says it
 * costs as much as reading a small row: it is made for the first line.
 */
export class RequestLog {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: object;
  #made: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: object) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  get level(): string {
    return this.#parent.level;
  }

  fatal(...words: Words): void {
    this.#log.fatal(...words);
  }

  error(...words: Words): void {
    this.#log.error(...words);
  }

  warn(...words: Words): void {
    this.#log.warn(...words);
  }

  info(...words: Words): void {
    this.#log.info(...words);
  }

  debug(...words: Words): void {
    this.#log.debug(...words);
  }

  trace(...words: Words): void {
    this.#log.trace(...words);
  }

  silent(): void {
    // Says nothing, as its name tells.
  }

  child(bindings: object): FastifyBaseLogger {
    return this.#log.child(bindings);
  }

  get #log(): FastifyBaseLogger {
    return (this.#made ??= this.#parent.child(this.#bindings));
  }
}
