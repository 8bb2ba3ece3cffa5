import { Readable } from 'node:stream';
import type { Chunks } from './engine.ts';
import type { FactsError } from './facts-error.ts';

/**
 * An answer as a stream: pulled piece by piece, so that a slow reader slows the engine down instead of filling memory.
 * `ended` is called exactly once, when nothing of the answer runs any more; with false if it was not read to its end.
 */
export function chunkStream(
  chunks: Chunks,
  options: {
    readonly mapError: (error: unknown) => FactsError;
    /** Asks the engine to stop; the reader went away in the middle. */
    readonly stop: () => void;
    readonly ended: (complete: boolean) => void;
  },
): Readable {
  let complete = false;
  return new Readable({
    read() {
      chunks.next().then(
        (piece) => {
          if (piece === null) complete = true;
          this.push(piece);
        },
        (error: unknown) => this.destroy(options.mapError(error)),
      );
    },
    destroy(error, callback) {
      if (!complete) options.stop();
      chunks
        .close()
        .catch(() => {})
        .finally(() => {
          options.ended(complete && error === null);
          callback(error);
        });
    },
  });
}
