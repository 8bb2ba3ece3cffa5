import { isStorable } from '../../domain/time/instant.ts';
import { parseRfc3339 } from '../../domain/time/rfc3339.ts';
import { parseZone } from '../../domain/time/zones.ts';
import { passwordHashMistake } from '../secrets/passwords.ts';

/** Checks that a pattern cannot do: what is wrong with the text, or null. The names stand in schemas as `format`. */
export const FORMATS: Readonly<Record<string, (text: string) => string | null>> = {
  zone: (text) => (parseZone(text) === null ? `unknown time zone ${quoted(text)}` : null),
  instant: (text) => {
    const at = parseRfc3339(text);
    return at === null || !isStorable(at) ? 'must be a time with offset, e.g. 2026-11-12T08:15:00Z' : null;
  },
  email: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? null : 'must be an e-mail address'),
  password_hash: passwordHashMistake,
};

/** A value in a message: quoted, and cut when it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
