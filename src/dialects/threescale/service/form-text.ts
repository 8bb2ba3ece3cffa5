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
    const value = at < 0 ? null : decoded(part.slice(at + 1));
    if (name === BAD_ESCAPE || value === BAD_ESCAPE) return fail(BAD_REQUEST);
    isMalformed ||= name instanceof Malformed || value instanceof Malformed;
    pairs.push([textOf(name), value === null ? null : textOf(value)]);
  }
  return ok({ pairs, isMalformed });
}

/** A `%` that is not followed by two hex digits. */
const BAD_ESCAPE = Symbol('bad escape');

/** Text that is not UTF-8. */
class Malformed {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function textOf(decoded: string | Malformed): string {
  return typeof decoded === 'string' ? decoded : decoded.text;
}

function decoded(part: string): string | Malformed | typeof BAD_ESCAPE {
  if (!/[%+\u0080-\uffff]/.test(part)) return part;
  if (/%(?![0-9A-Fa-f]{2})/.test(part)) return BAD_ESCAPE;
  const spaced = part.replaceAll('+', ' ');
  const escaped = spaced.replace(/[\u0080-\uffff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  try {
    return decodeURIComponent(escaped);
  } catch {
    const bytes = escaped.replace(/%(..)/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return new Malformed(Buffer.from(bytes, 'latin1').toString('utf8'));
  }
}
