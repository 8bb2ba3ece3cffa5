import type { Readable } from 'node:stream';

/** The pieces a stream of bytes comes in. */
export async function* bytePieces(stream: Readable): AsyncGenerator<Buffer, null> {
  for await (const value of stream) {
    const piece: unknown = value;
    if (!(piece instanceof Uint8Array)) throw new TypeError('a stream of bytes sent something else');
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  }
  return null;
}
