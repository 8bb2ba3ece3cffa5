import { once } from 'node:events';
import type { ReadStream } from 'node:fs';
import { bytePieces } from '../byte-pieces.ts';
import type { Chunks } from '../engine.ts';

/** Resolves when the file is open, so that its name may go. */
export async function fileChunks(file: ReadStream): Promise<Chunks> {
  await once(file, 'open');
  const pieces = bytePieces(file);
  return {
    async next() {
      const { value } = await pieces.next();
      return value;
    },
    async close() {
      file.destroy();
    },
  };
}
