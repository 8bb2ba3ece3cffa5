import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RowsPayload } from './facts-store.ts';

/** What is turned into bytes before others get a turn: about a millisecond. */
const TURN_BYTES = 1024 * 1024;

/** One buffer of all pieces, made without holding up the event loop for long. */
export async function payloadBuffer(payload: RowsPayload): Promise<Buffer> {
  if (payload instanceof Uint8Array) return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const pieces = typeof payload === 'string' ? [payload] : payload;
  const total = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const buffer = Buffer.allocUnsafe(total);
  let end = 0;
  let turn = 0;
  for (const piece of pieces) {
    const written = typeof piece === 'string' ? buffer.write(piece, end) : copy(piece, buffer, end);
    end += written;
    turn += written;
    if (turn < TURN_BYTES) continue;
    turn = 0;
    await nextTurn();
  }
  return buffer;
}

function copy(piece: Uint8Array, buffer: Buffer, at: number): number {
  buffer.set(piece, at);
  return piece.length;
}
