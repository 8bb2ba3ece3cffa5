import type { Readable } from 'node:stream';
import type { Rows } from './rows.ts';

const LINE_FEED = 0x0a;

/** Reads an answer in JSONCompactEachRowWithNames, however its bytes are cut. */
export async function* rowPieces<T>(stream: Readable, rows: Rows<T>): AsyncGenerator<readonly T[]> {
  let read: ((values: readonly unknown[]) => T) | null = null;
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    const end = bytes.lastIndexOf(LINE_FEED);
    if (end < 0) {
      rest = Buffer.concat([rest, bytes]);
      continue;
    }
    const lines = arraysIn(Buffer.concat([rest, bytes.subarray(0, end)]));
    rest = bytes.subarray(end + 1);
    read ??= rows.reader((lines.shift() ?? []) as readonly string[]);
    if (lines.length > 0) yield lines.map(read);
  }
}

/** Line feeds inside of texts are escaped, so those that are left end rows. */
function arraysIn(lines: Buffer): (readonly unknown[])[] {
  return JSON.parse(`[${lines.toString().replaceAll('\n', ',')}]`) as (readonly unknown[])[];
}
