import { civilFromDays, daysFromCivil, daysInMonth, type LocalMs } from './civil.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts';
import { epochMs, WRITABLE, type EpochMs, type ZoneId } from './instant.ts';
import { offsetMsAt } from './zone-offsets.ts';

const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const COLON = 58;

/** Shortest accepted text is `2024-03-01T09:30:00Z`. */
const MIN_LENGTH = 20;
const FRACTION_AT = 19;

/**
 * Reads an RFC 3339 timestamp; null when it is not one. On the path of every ingested row, hence by hand.
 *
 * - The offset is required: `Z`, `z`, `+hh:mm`, `-hh:mm`, and `-00:00` (UTC). `T` may be `t`, but not a space.
 * - A fraction has 1 to 9 digits and is cut to milliseconds, towards the past.
 * - The date exists, hours are 00 to 23, and the instant in UTC has a year from 0000 to 9999.
 * - A leap second is accepted where one can stand, at 23:59:60 UTC on 30 June and 31 December, and counts as the last
 *   millisecond before midnight, so that it stays in its day; any other `:60` is refused.
 */
export function parseRfc3339(text: string): EpochMs | null {
  const length = text.length;
  if (length < MIN_LENGTH) return null;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  // A pair that is not two digits is NaN; the comparisons below are phrased so that NaN fails them.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60)) return null;
  if (day > 28 && day > daysInMonth(year, month)) return null;
  const separator = text.charCodeAt(10) | 0x20;
  if (separator !== 116 || text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return null;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return null;

  let at = FRACTION_AT;
  let milliseconds = 0;
  if (text.charCodeAt(at) === DOT) {
    let scale = 100;
    for (at += 1; at < length; at += 1) {
      const digit = text.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      milliseconds += digit * scale;
      scale = Math.floor(scale / 10); // 100, 10, 1, then 0
    }
    const digits = at - FRACTION_AT - 1;
    if (digits < 1 || digits > 9) return null;
  }
  const offsetMs = offsetAtEnd(text, at);
  if (offsetMs === null) return null;

  const leap = second === 60;
  const inMinute = leap ? MINUTE_MS - 1 : second * SECOND_MS + milliseconds;
  const instant = daysFromCivil(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + inMinute - offsetMs;
  if (leap && !endsHalfYear(instant + 1)) return null;
  return instant >= WRITABLE.from && instant < WRITABLE.to ? epochMs(instant) : null;
}

/** Two digits as a number, NaN when they are not digits. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** The offset that stands at `at` and ends the text; null when something else stands there. */
export function offsetAtEnd(text: string, at: number): number | null {
  const sign = text.charCodeAt(at);
  if (text.length === at + 1) return (sign | 0x20) === 122 ? 0 : null;
  if (text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return null;
  const hours = pair(text, at + 1);
  const minutes = pair(text, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return null;
  const size = hours * HOUR_MS + minutes * MINUTE_MS;
  return sign === PLUS ? size : sign === MINUS ? 0 - size : null;
}

/** Leap seconds stand before 1 July and 1 January. */
function endsHalfYear(midnight: number): boolean {
  if (midnight % DAY_MS !== 0) return false;
  const { month, day } = civilFromDays(midnight / DAY_MS);
  return day === 1 && (month === 7 || month === 1);
}

/**
 * `2024-03-01T09:30:00Z`; with milliseconds (`…:00.250Z`) when there are any, or `always`, or cut off with `never`.
 * Years outside of 0000 to 9999, which RFC 3339 has not, get the sign and six digits of ISO 8601.
 */
export function formatRfc3339Utc(
  at: EpochMs,
  milliseconds: 'when_present' | 'always' | 'never' = 'when_present',
): string {
  const text = `${dateText(at)}T${timeText(at)}`;
  const fraction = at - Math.floor(at / SECOND_MS) * SECOND_MS;
  if (milliseconds === 'never' || (milliseconds === 'when_present' && fraction === 0)) return `${text}Z`;
  return `${text}.${String(fraction).padStart(3, '0')}Z`;
}

/**
 * `2024-11-03T01:00:00-05:00`: the zone's local time in whole seconds with the numeric offset in force, `+00:00` for UTC
 * (tr50.md 5.4, scanalytics.md 7.4). Milliseconds are cut.
 *
 * Offsets with seconds (Monrovia until 1972) cannot be written; as RFC 3339 5.8 does, the nearest whole minute is
 * written and the time moved with it, so that the text still names the same instant. Years as in `formatRfc3339Utc`.
 */
export function formatWithOffset(at: EpochMs, zone: ZoneId): string {
  const { date, time, offset } = localStamp(at, zone);
  return `${date}T${time}${offset}`;
}

/** The parts of `formatWithOffset`, for dialects that join them otherwise: `2024-11-03`, `01:00:00`, `-05:00`. */
export function localStamp(at: EpochMs, zone: ZoneId): { date: string; time: string; offset: string } {
  const offsetMinutes = Math.round(offsetMsAt(zone, at) / MINUTE_MS);
  const local = at + offsetMinutes * MINUTE_MS;
  return { date: dateText(local), time: timeText(local), offset: offsetText(offsetMinutes) };
}

function dateText(local: LocalMs): string {
  const { year, month, day } = civilFromDays(Math.floor(local / DAY_MS));
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function timeText(local: LocalMs): string {
  const seconds = Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / SECOND_MS);
  return `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}
