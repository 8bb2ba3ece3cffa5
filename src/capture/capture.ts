import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { observe } from './observe.ts';
import type { CaptureOptions, CaptureStats } from './options.ts';
import { arrivalOf, rowOf } from './request-row.ts';
import { Sender } from './sender.ts';

const DEFAULT_CLOSE_MS = 5_000;

/** Captures the requests of one application. None of its methods throws. */
export interface Capture {
  /** Watches one exchange; `framework` is the framework's own request. */
  watch(request: IncomingMessage, response: ServerResponse, framework: object): void;
  stats(): CaptureStats;
  /** Sends what waits now; resolves when it was answered or the time (default 5,000 ms) is over. */
  flush(timeoutMs?: number): Promise<void>;
  /** Flushes and ends; what is left is dropped and counted. */
  close(timeoutMs?: number): Promise<void>;
}

/** Without an address or a key it watches nothing and says so: a missing variable must not keep a shop closed. */
export function createCapture(options: CaptureOptions = {}): Capture {
  const url = textOf(options.url ?? process.env['TALLYHOUSE_URL']).replace(/\/+$/, '');
  const key = textOf(options.key ?? process.env['TALLYHOUSE_KEY']);
  const onProblem = harmlessly(options.onProblem ?? warn);
  const wrong = whatIsWrong(url, key);
  if (wrong !== null) onProblem(`nothing is captured: ${wrong}`);

  const service = options.service ?? 'web';
  const sender = new Sender({
    address: { url, key },
    sendEveryMs: atLeast(1, options.sendEveryMs, 1_000),
    batchRows: atLeast(1, options.batchRows, 1_000),
    bufferBytes: atLeast(0, options.bufferBytes, 32 * 1024 * 1024),
    timeoutMs: atLeast(1, options.timeoutMs, 10_000),
    onProblem,
  });
  const prefix = randomBytes(12).toString('base64url');
  const servers = new WeakSet<object>();
  let count = 0;
  let failed = 0;
  const harmless = (work: () => void): void => {
    try {
      work();
    } catch {
      failed += 1;
    }
  };

  /** Express has no end of its own, so that of its server is taken. */
  const flushWith = ({ socket }: IncomingMessage): void => {
    const { server } = socket as { server?: { once?(event: 'close', then: () => void): unknown } };
    if (server?.once === undefined || servers.has(server)) return;
    servers.add(server);
    server.once('close', () => void sender.flush(DEFAULT_CLOSE_MS));
  };

  return {
    watch(request, response, framework) {
      if (wrong !== null) return;
      harmless(() => {
        flushWith(request);
        const arrival = arrivalOf(request, framework);
        observe(request, response, (ending) =>
          harmless(() => {
            const id = `${prefix}-${(count += 1).toString(36)}`;
            const row = rowOf({ id, service, arrival, request, response, ending });
            const kept = options.row === undefined ? row : options.row(row, framework);
            if (isRow(kept)) sender.add(JSON.stringify(kept));
            else if (kept !== null) failed += 1;
          }),
        );
      });
    },
    stats: () => ({ ...sender.stats(), failed }),
    flush: (timeoutMs = DEFAULT_CLOSE_MS) => sender.flush(timeoutMs),
    close: (timeoutMs = DEFAULT_CLOSE_MS) => sender.close(timeoutMs),
  };
}

/** Applications without types may give anything. */
function textOf(given: unknown): string {
  return typeof given === 'string' ? given : '';
}

/** What listens to problems must not become one, now or later. */
function harmlessly(listen: (problem: string) => unknown): (problem: string) => void {
  return (problem) => {
    try {
      ignore(listen(problem));
    } catch {
      // There is nobody left to tell.
    }
  };
}

/** A hook that forgets to return, or is asynchronous, gives no row. */
function isRow(kept: unknown): kept is object {
  ignore(kept);
  return typeof kept === 'object' && kept !== null && !(kept instanceof Promise);
}

/** A promise that nobody waits for would end the process when it fails. */
function ignore(given: unknown): void {
  if (given instanceof Promise) given.catch(() => undefined);
}

function whatIsWrong(url: string, key: string): string | null {
  if (url === '') return 'give the address of the server as url or in TALLYHOUSE_URL';
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) return `"${url}" is no address of a server`;
  if (key === '') return 'give a native key as key or in TALLYHOUSE_KEY';
  return /^[\x21-\x7e]+$/.test(key) ? null : 'the key has characters that no key has';
}

function atLeast(least: number, given: number | undefined, otherwise: number): number {
  return given !== undefined && Number.isFinite(given) ? Math.max(least, given) : otherwise;
}

function warn(problem: string): void {
  process.emitWarning(problem, { type: 'TallyhouseCapture' });
}
