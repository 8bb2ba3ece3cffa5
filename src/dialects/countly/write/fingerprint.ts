import { hash } from 'node:crypto';
import type { Parameters } from '../transport/parameters.ts';
import { jsonText } from './text-values.ts';

/** Characters of a fingerprint: 60 bits, of which a device's memory holds some hundred. */
export const FINGERPRINT_LENGTH = 10;

/** What a retry may say differently; the app is known anyway. */
const LEFT_OUT: ReadonlySet<string> = new Set(['rr', 'checksum', 'checksum256', 'app_key']);

/** What was sent, so that it is recognised when it comes again (contract 2.9). */
export function fingerprintOf(parameters: Parameters): string {
  const parts: [name: string, value: string | null][] = [];
  for (const [name, value] of parameters) {
    if (!LEFT_OUT.has(name)) parts.push([name, typeof value === 'string' ? value : jsonText(value)]);
  }
  parts.sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, FINGERPRINT_LENGTH);
}
