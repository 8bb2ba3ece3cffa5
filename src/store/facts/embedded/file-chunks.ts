import { once } from 'node:events';
import type { ReadStream } from 'node:fs';
import type { Chunks } from '../engine.ts';

/** Resolves when the file is open, so that its name may go. */
export async function fileChunks(file: ReadStream): Promise<Chunks> {
  await once(file, 'open');
  const pieces = file[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await pieces.next();
      return done === true ? null : Buffer.from(value);
    },
    async close() {
      file.destroy();
    },
  };
}
