import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { fail, ok, type Result } from '../../../domain/result.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/**
 * Undoes the Content-Encoding. Stops when the content grows beyond `limitBytes`, so a small body cannot become a large
 * one unseen.
 */
export async function decodeBody(
  body: Buffer,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Result<Buffer>> {
  const coding = (encoding ?? 'identity').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return ok(body);
  if (!isCoding(coding)) return fail({ kind: 'unsupported_media_type', mediaType: `Content-Encoding: ${coding}` });
  try {
    return ok(await DECODERS[coding](body, { maxOutputLength: limitBytes }));
  } catch (error) {
    if (error instanceof RangeError) return fail({ kind: 'body_too_large', limitBytes });
    return fail({ kind: 'malformed_body', reason: `the body is not ${coding}` });
  }
}

function isCoding(coding: string): coding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, coding);
}
