import { fail, ok, type Result } from '../../../domain/result.ts';
import { BAD_REQUEST, type ServiceRefusal } from './refusals.ts';

/** A parameter as it was written; null when it has no `=`. */
export type Pair = readonly [name: string, value: string | null];

export interface Pairs {
  readonly pairs: readonly Pair[];
  /** Some name or value is not UTF-8; U+FFFD stands where it is not. */
  readonly isMalformed: boolean;
}

/** More than this many are refused, in query and body together (contract 5.2). */
export const MAX_PARAMETERS = 16_384;

/**
 * Reads a query or form. The text has a character for each byte, as it travelled, because bytes that are not UTF-8 are
 * told apart from bad percent-encoding.
 */
export function readForm(text: string): Result<Pairs, ServiceRefusal> {
  const pairs: Pair[] = [];
  let isMalformed = false;
  for (const part of text.split('&')) {
    if (part === '') continue;
    if (pairs.length >= MAX_PARAMETERS) return fail(BAD_REQUEST);
    const at = part.indexOf('=');
    const name = decoded(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? { text: null, isMalformed: false } : decoded(part.slice(at + 1));
    if (name === null || value === null) return fail(BAD_REQUEST);
    isMalformed ||= name.isMalformed || value.isMalformed;
    pairs.push([name.text, value.text]);
  }
  return ok({ pairs, isMalformed });
}

/** Null when a `%` is not followed by two hex digits. */
function decoded(part: string): { readonly text: string; readonly isMalformed: boolean } | null {
  if (!/[%+\u0080-\uffff]/.test(part)) return { text: part, isMalformed: false };
  if (/%(?![0-9A-Fa-f]{2})/.test(part)) return null;
  const spaced = part.replaceAll('+', ' ');
  const escaped = spaced.replace(/[\u0080-\uffff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  try {
    return { text: decodeURIComponent(escaped), isMalformed: false };
  } catch {
    const bytes = escaped.replace(/%(..)/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return { text: Buffer.from(bytes, 'latin1').toString('utf8'), isMalformed: true };
  }
}
