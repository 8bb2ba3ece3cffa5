import type { IncomingMessage, ServerResponse } from 'node:http';

/** How an exchange ended. */
export interface Ending {
  /** Null when the caller went before there was one. */
  readonly status: number | null;
  readonly bytes: number;
  readonly durationMs: number;
}

/** Watches one exchange without touching what is sent, and tells once how it ended. */
export function observe(request: IncomingMessage, response: ServerResponse, ended: (ending: Ending) => void): void {
  const began = performance.now();
  const bytes = countBytes(response);
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    const { statusCode, headersSent } = response;
    const bodiless = request.method === 'HEAD' || statusCode === 204 || statusCode === 304;
    ended({
      status: headersSent ? statusCode : null,
      bytes: bodiless ? 0 : bytes(),
      durationMs: Math.max(0, Math.round(performance.now() - began)),
    });
  };
  response.once('finish', tell);
  // The only one of the two when the caller goes away half-way.
  response.once('close', tell);
}

/** Counts what is written. What stands between us and the handler, a compression for instance, has done its work then. */
function countBytes(response: ServerResponse): () => number {
  let bytes = 0;
  let ending = false;
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  response.write = (...given: unknown[]) => {
    if (!ending) bytes += sizeOf(given[0], given[1]);
    return Reflect.apply(write, undefined, given) as boolean;
  };
  response.end = (...given: unknown[]) => {
    bytes += sizeOf(given[0], given[1]);
    // HTTP/2's end calls write.
    ending = true;
    return Reflect.apply(end, undefined, given) as ServerResponse;
  };
  return () => bytes;
}

function sizeOf(chunk: unknown, encoding: unknown): number {
  if (chunk instanceof Uint8Array) return chunk.byteLength;
  if (typeof chunk !== 'string') return 0;
  const known = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
  return Buffer.byteLength(chunk, known);
}
