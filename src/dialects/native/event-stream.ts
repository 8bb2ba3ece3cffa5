import { Readable } from 'node:stream';

/** Proxies close what is silent; a comment keeps them awake. */
const HEARTBEAT_MS = 15_000;

/** Server-sent events. A listener that does not read in time misses events instead of filling the memory. */
export class EventStream extends Readable {
  /** False while the listener has not taken what it was sent. */
  #ready = true;
  #finished = false;
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    super({ highWaterMark: 64 * 1024 });
    this.#heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS);
    this.push('retry: 2000\n\n');
  }

  override _read(): void {
    this.#ready = true;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.#heartbeat);
    callback(error);
  }

  /** @param id what a browser sends back as Last-Event-ID; null leaves the last one */
  event(name: string, id: number | null, data: unknown): void {
    this.#write(`event: ${name}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  /** The listener gets what it was sent and then the end; browsers connect again by themselves. */
  finish(): void {
    clearInterval(this.#heartbeat);
    if (this.#finished || this.destroyed) return;
    this.#finished = true;
    this.push(null);
  }

  #write(text: string): void {
    if (!this.#ready || this.#finished || this.destroyed) return;
    this.#heartbeat.refresh();
    this.#ready = this.push(text);
  }
}
