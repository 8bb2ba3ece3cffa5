import type { Readable } from 'node:stream';
import type { Rows } from './rows.ts';

const LINE_FEED = 0x0a;

/** The lines of an answer, some at a time, however its bytes are cut; without the last line feed of each piece. */
export async function* linePieces(stream: Readable): AsyncGenerator<string> {
  for await (const lines of wholeLines(stream)) yield lines.toString();
}

/** Reads an answer in JSONCompactEachRowWithNames, however its bytes are cut. */
export async function* rowPieces<T>(stream: Readable, rows: Rows<T>): AsyncGenerator<readonly T[]> {
  let read: ((values: readonly unknown[]) => T) | null = null;
  for await (const bytes of wholeLines(stream)) {
    const lines = arraysIn(bytes);
    read ??= rows.reader((lines.shift() ?? []) as readonly string[]);
    if (lines.length > 0) yield lines.map(read);
  }
}

/** The engine ends every line, also the last. */
async function* wholeLines(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    const end = bytes.lastIndexOf(LINE_FEED);
    if (end < 0) {
      rest = Buffer.concat([rest, bytes]);
      continue;
    }
    yield Buffer.concat([rest, bytes.subarray(0, end)]);
    rest = bytes.subarray(end + 1);
  }
}

/** Line feeds inside of texts are escaped, so those that are left end rows. */
function arraysIn(lines: Buffer): (readonly unknown[])[] {
  return JSON.parse(`[${lines.toString().replaceAll('\n', ',')}]`) as (readonly unknown[])[];
}
