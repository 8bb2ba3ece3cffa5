import type { EpochMs, ZoneId } from '../../../domain/time/instant.ts';
import { formatRfc3339Utc, formatWithOffset, localStamp } from '../../../domain/time/rfc3339.ts';

/** All names of UTC itself; other zones that stand at zero, like GMT, are none of them. */
const NAMES_OF_UTC: ReadonlySet<string> = new Set([
  'UTC',
  'UCT',
  'Universal',
  'Zulu',
  'Etc/UTC',
  'Etc/UCT',
  'Etc/Universal',
  'Etc/Zulu',
]);

function isUtc(zone: ZoneId): boolean {
  return NAMES_OF_UTC.has(zone);
}

/** `2024-03-01T00:00:00Z`, or with the offset in force; of JSON everywhere and of XML under `/admin/api`. */
export function timestamp(at: EpochMs, zone: ZoneId): string {
  return isUtc(zone) ? formatRfc3339Utc(at, 'never') : formatWithOffset(at, zone);
}

/** `2024-03-01 00:00:00 UTC`, or `… +0100`; of XML and tables under `/stats`. */
export function spacedTime(at: EpochMs, zone: ZoneId): string {
  const { date, time, offset } = localStamp(at, zone);
  return `${date} ${time} ${isUtc(zone) ? 'UTC' : offset.replace(':', '')}`;
}

/** The zone's name in an answer: UTC is called by its IANA name. */
export function zoneName(zone: ZoneId): string {
  return zone === 'UTC' ? 'Etc/UTC' : zone;
}
