import { createReadStream } from 'node:fs';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 256 * 1024;

/** One thing to import: a file, or standard input. */
export interface ByteSource {
  /** As it appears in messages. */
  readonly name: string;
  /** The signal ends the reading, also while it waits for a pipe. */
  readonly open: (signal: AbortSignal) => AsyncIterable<Buffer>;
}

export function fileSource(path: string): ByteSource {
  return { name: path, open: (signal) => createReadStream(path, { highWaterMark: CHUNK_BYTES, signal }) };
}

export function streamSource(name: string, stream: Readable): ByteSource {
  return { name, open: (signal) => addAbortSignal(signal, stream) };
}

/**
 * The content in chunks, decompressed when it begins as gzip does, whatever the file is called.
 *
 * @param consumed told how many bytes of the file itself were taken, for a progress bar
 * @throws what reading throws, and zlib's errors (`Z_BUF_ERROR` when gzip data ends early)
 */
export async function* chunksOf(
  source: ByteSource,
  consumed: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const raw = countChunks(source.open(signal), consumed);
  const head = await firstBytes(raw);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield head;
    yield* raw;
    return;
  }
  const unzipped = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error of either side destroys the other, and comes out of the iteration.
  pipeline(Readable.from(followedBy(head, raw)), unzipped, () => undefined);
  yield* unzipped as AsyncIterable<Buffer>;
}

async function* countChunks(chunks: AsyncIterable<Buffer>, consumed: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    consumed(chunk.length);
    yield chunk;
  }
}

/** At least two bytes, unless there are fewer; a pipe may bring them one by one. */
async function firstBytes(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* followedBy(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}
