import type { ChdbExtension } from 'chdb/connection';
import type { Chunks } from '../engine.ts';
import type { StreamFormat } from '../facts-store.ts';

const WITH_HEADER: ReadonlySet<StreamFormat> = new Set(['CSVWithNames', 'JSONCompactEachRowWithNames']);

/**
 * The answer of the embedded engine piece by piece, at most one of them in memory. The engine writes every piece as a
 * document of its own, so all but the first lose their header.
 */
export async function sessionChunks(
  chdb: ChdbExtension,
  text: string,
  format: Exclude<StreamFormat, 'Parquet'>,
): Promise<Chunks> {
  const pieces = chdb.queryStream(text, { format })[Symbol.asyncIterator]();
  let header: Buffer | null = null;
  let pending: Promise<unknown> = Promise.resolve();

  async function next(): Promise<Buffer | null> {
    for (;;) {
      const fetch = pieces.next();
      pending = fetch.catch(() => {});
      const step = await fetch;
      if (step.done === true) return null;
      const bytes = step.value.raw();
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (!WITH_HEADER.has(format)) return piece;
      if (header === null) {
        header = piece.subarray(0, piece.indexOf('\n') + 1);
        return piece;
      }
      if (!piece.subarray(0, header.length).equals(header)) return piece;
      if (piece.length > header.length) return piece.subarray(header.length);
    }
  }

  let first: Buffer | null | undefined = await next();
  return {
    async next() {
      if (first === undefined) return next();
      const piece = first;
      first = undefined;
      return piece;
    },
    async close() {
      // Ending the query under a running fetch would pull it out from under the engine.
      await pending;
      await pieces.return?.(undefined);
    },
  };
}
