import type { RowsPayload } from './facts-store.ts';

/** One buffer of all pieces. */
export function payloadBuffer(payload: RowsPayload): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload);
  if (payload instanceof Uint8Array) return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return Buffer.concat(payload.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}
