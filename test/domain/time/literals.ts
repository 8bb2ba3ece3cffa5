import type { EpochMs, ZoneId } from '../../../src/domain/time/instant.ts';
import { parseRfc3339 } from '../../../src/domain/time/rfc3339.ts';
import { parseZone } from '../../../src/domain/time/zones.ts';

/** A zone that has to exist, for literals in tests. */
export function zone(name: string): ZoneId {
  const found = parseZone(name);
  if (found === null) throw new Error(`no zone ${name}`);
  return found;
}

/** An instant written as RFC 3339, for literals in tests. */
export function at(text: string): EpochMs {
  const read = parseRfc3339(text);
  if (read === null) throw new Error(`not RFC 3339: ${text}`);
  return read;
}
