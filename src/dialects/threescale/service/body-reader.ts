import type { Readable } from 'node:stream';

/** Stands for a body that was longer than is read. */
export const TOO_LARGE = Symbol('too large');

/**
 * Reads a body whole. What comes after the limit is read and dropped, so that the refusal reaches whoever sends it; the
 * server ends requests that take too long.
 */
export function readBody(stream: Readable, limitBytes: number, done: (body: Buffer | typeof TOO_LARGE) => void): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= limitBytes) pieces.push(piece);
    else pieces = [];
  });
  // A request that is cut off ends without 'end', and nobody waits for its answer.
  stream.on('end', () => done(bytes > limitBytes ? TOO_LARGE : Buffer.concat(pieces)));
}
