import { bucketEdges, type BucketUnit } from '../../../src/domain/time/buckets.ts';
import type { EpochMs, ZoneId } from '../../../src/domain/time/instant.ts';
import { formatWithOffset, parseRfc3339 } from '../../../src/domain/time/rfc3339.ts';
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

/** All edges as local text, the last one being the end of the last bucket. */
export function edges(from: string, to: string, count: number, unit: BucketUnit, name: string): string[] {
  const found = bucketEdges({ from: at(from), to: at(to) }, { unit, count, zone: zone(name) }, 10_000);
  if (!found.ok) throw new Error('too many');
  return found.edges.map((edge) => formatWithOffset(edge, zone(name)));
}
