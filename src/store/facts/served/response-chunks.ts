import type { Readable } from 'node:stream';
import type { Chunks } from '../engine.ts';

/** The server cuts its messages at 16 KiB; with the marks around it an exception fits. */
const TAIL_BYTES = 20 * 1024;
const MARK = '__exception__';

/**
 * The body of an answer. A server that fails after the status line appends `__exception__`, the tag of the response's
 * header, the message and its length, and so would turn an error into data: the end of the body is held back until it is
 * known to be none.
 */
export function responseChunks(body: Readable, tag: string | null): Chunks {
  const pieces = body[Symbol.asyncIterator]();
  let tail = Buffer.alloc(0);
  let ended = false;
  return {
    async next() {
      while (!ended) {
        const { done, value } = await pieces.next();
        if (done !== true) {
          const piece = Buffer.from(value);
          if (tag === null) return piece;
          tail = Buffer.concat([tail, piece]);
          if (tail.length <= TAIL_BYTES) continue;
          const ready = tail.subarray(0, tail.length - TAIL_BYTES);
          tail = tail.subarray(tail.length - TAIL_BYTES);
          return ready;
        }
        ended = true;
        const at = tag === null ? -1 : tail.lastIndexOf(`${MARK}\r\n${tag}\r\n`);
        if (at >= 0) throw new Error(tail.subarray(at + MARK.length + 2).toString());
        if (tail.length > 0) return tail;
      }
      return null;
    },
    async close() {
      body.destroy();
    },
  };
}
