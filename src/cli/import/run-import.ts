import { CliError } from '../command.ts';
import { BatchBuilder, FormatProbe, type RowBatch } from './batches.ts';
import { chunksOf, type ByteSource } from './byte-source.ts';
import type { RowReader } from './row-format.ts';
import { RowIds } from './row-ids.ts';
import type { ImportTally } from './tally.ts';

/** Requests on their way at the same time: while the server commits one, the next is read and compressed. */
const IN_FLIGHT = 3;

export interface ImportSource {
  readonly source: ByteSource;
  readonly reader: RowReader;
}

export interface ImportParts {
  readonly sources: readonly ImportSource[];
  readonly tally: ImportTally;
  readonly send: (batch: RowBatch) => Promise<void>;
  /** Bytes of the files taken so far. */
  readonly consumed: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads all sources in their order and sends their rows. Rejects with the first failure, after what was on its way; what
 * was read before a file failed is sent.
 */
export async function runImport({ sources, tally, send, consumed, signal }: ImportParts): Promise<void> {
  const builder = new BatchBuilder(new RowIds());
  const lane = new Lane(send);
  const readSource = async ({ source, reader }: ImportSource): Promise<void> => {
    const probe = new FormatProbe();
    for await (const read of reader(chunksOf(source, consumed, signal))) {
      signal.throwIfAborted();
      const wrong = probe.looksWrong(read);
      if (wrong !== null) throw new CliError(`line ${wrong.line} ${wrong.problem}, and so on: is --format right?`);
      tally.lines += read.rows.length + read.refused.length;
      for (const refused of read.refused) tally.reject({ file: source.name, ...refused });
      for (const batch of builder.add(source.name, read.rows)) await lane.add(batch);
    }
  };

  let unreadable: CliError | null = null;
  try {
    for (const source of sources) {
      try {
        await readSource(source);
      } catch (error) {
        signal.throwIfAborted();
        if (lane.failed) throw error;
        unreadable = readFailure(error, source.source);
        break;
      }
    }
    for (const batch of builder.flush()) await lane.add(batch);
  } finally {
    await lane.end();
  }
  lane.throwIfFailed();
  if (unreadable !== null) throw unreadable;
}

/** Sends a few batches at a time; the first one alone, so that a wrong address or key is one answer and not three. */
class Lane {
  readonly #send: (batch: RowBatch) => Promise<void>;
  readonly #running = new Set<Promise<void>>();
  #first = true;
  #failure: { readonly error: unknown } | null = null;

  constructor(send: (batch: RowBatch) => Promise<void>) {
    this.#send = send;
  }

  get failed(): boolean {
    return this.#failure !== null;
  }

  /** Resolves when there is room for another batch. */
  async add(batch: RowBatch): Promise<void> {
    this.throwIfFailed();
    const sent: Promise<void> = this.#send(batch)
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#running.delete(sent));
    this.#running.add(sent);
    if (this.#first) await sent;
    this.#first = false;
    while (this.#running.size >= IN_FLIGHT) await Promise.race(this.#running);
    this.throwIfFailed();
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
  }

  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

function readFailure(error: unknown, { name }: ByteSource): CliError {
  if (error instanceof CliError) return new CliError(`${name}: ${error.message}`, error.exitCode);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'Z_BUF_ERROR') return new CliError(`${name}: the gzip data ends early; what came before was imported`);
  if (code === 'Z_DATA_ERROR') return new CliError(`${name}: the gzip data is damaged; what came before was imported`);
  const reason = error instanceof Error ? error.message : String(error);
  return new CliError(`${name}: cannot be read: ${reason}`, 2);
}
