import type { Readable } from 'node:stream';
import { bytePieces } from '../byte-pieces.ts';
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
  const pieces = bytePieces(body);
  let tail = Buffer.alloc(0);
  let ended = false;
  return {
    async next() {
      while (!ended) {
        const { value: piece } = await pieces.next();
        if (piece !== null) {
          if (tag === null) return piece;
          tail = Buffer.concat([tail, piece]);
          if (tail.length <= TAIL_BYTES) continue;
          const ready = tail.subarray(0, tail.length - TAIL_BYTES);
          tail = tail.subarray(tail.length - TAIL_BYTES);
          return ready;
        }
        ended = true;
        const message = tag === null ? null : exceptionIn(tail.toString(), tag);
        if (message !== null) throw new Error(message);
        if (tail.length > 0) return tail;
      }
      return null;
    },
    async close() {
      body.destroy();
    },
  };
}

function exceptionIn(text: string, tag: string): string | null {
  const open = `\r\n${MARK}\r\n${tag}\r\n`;
  const start = text.lastIndexOf(open);
  if (start < 0) return null;
  const message = text.slice(start + open.length);
  const end = message.lastIndexOf(` ${tag}\r\n${MARK}`);
  // The last line is the message's length.
  return message.slice(0, end < 0 ? undefined : end).replace(/\n\d+$/, '');
}
