import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../../domain/result.ts';

const MAX_BYTES = 64 * 1024;

/**
 * Parameters in the body of a read: a form or a JSON object. The framework reads no body of a GET, and the Python client
 * sends one (contract 2.1). Other media types carry no parameters.
 */
export async function bodyParameters(request: IncomingMessage): Promise<Result<Iterable<readonly [string, unknown]>>> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isForm = type === 'application/x-www-form-urlencoded';
  const isJson = type === 'application/json' || type.endsWith('+json');
  if (!announcesBody(request) || (!isForm && !isJson)) return ok([]);
  const text = await readText(request);
  if (text === null) return fail({ kind: 'body_too_large', limitBytes: MAX_BYTES });
  if (isForm) return ok(new URLSearchParams(text));
  if (text.trim() === '') return ok([]);
  try {
    const value: unknown = JSON.parse(text);
    return ok(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
  } catch {
    return fail({ kind: 'malformed_body', reason: 'it is not JSON' });
  }
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Null when there is more than a read needs. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    // The rest is read and dropped, so that the refusal reaches who sends it.
    if (bytes <= MAX_BYTES) pieces.push(piece);
  }
  return bytes > MAX_BYTES ? null : Buffer.concat(pieces).toString('utf8');
}
