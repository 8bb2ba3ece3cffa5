import { daysFromCivil, daysInMonth, type LocalMs } from './civil.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts';
import { epochMs, type EpochMs, type ZoneId } from './instant.ts';
import { instantOfLocal } from './local.ts';
import { offsetAtEnd } from './rfc3339.ts';

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?)?(.*)$/;

/**
 * Reads a date or a local date and time without offset: `2018-03-01`, `2018-03-01T12:45`, with `:SS` and a fraction of
 * 1 to 9 digits, a space allowed for `T`. A date alone is its midnight. Skipped and repeated local times are decided
 * as `instantOfLocal` says (scanalytics.md 7.2). Null when the text is anything else, an offset included.
 */
export function parseLocal(text: string, zone: ZoneId): EpochMs | null {
  const read = parseDateTime(text);
  return read === null || read.offsetMs !== null ? null : instantOfLocal(read.local, zone);
}

/** As `parseLocal`, but a time may end with `Z` or `±hh:mm`, and then the zone has no say in what it means. */
export function parseLocalOrOffset(text: string, zone: ZoneId): EpochMs | null {
  const read = parseDateTime(text);
  if (read === null) return null;
  return read.offsetMs === null ? instantOfLocal(read.local, zone) : epochMs(read.local - read.offsetMs);
}

function parseDateTime(text: string): { local: LocalMs; offsetMs: number | null } | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, rest = ''] = match;
  const local = localMidnightOf(Number(year), Number(month), Number(day));
  if (local === null) return null;
  const offsetMs = rest === '' ? null : offsetAtEnd(rest, 0);
  // Something else than an offset, or an offset behind a bare date.
  if (rest !== '' && (offsetMs === null || hour === undefined)) return null;
  const time = Number(hour ?? 0) * HOUR_MS + Number(minute ?? 0) * MINUTE_MS + Number(second ?? 0) * SECOND_MS;
  return { local: local + time + Number((fraction ?? '').slice(0, 3).padEnd(3, '0')), offsetMs };
}

/** Midnight of a date in a local calendar, for `instantOfLocal`; null when the date does not exist. */
export function localMidnightOf(year: number, month: number, day: number): LocalMs | null {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return null;
  return daysFromCivil(year, month, day) * DAY_MS;
}
