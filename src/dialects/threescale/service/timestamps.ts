import { daysFromCivil, daysInMonth } from '../../../domain/time/civil.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../../../domain/time/instant.ts';
import type { ServiceRefusal } from './refusals.ts';

const EPOCH_SECONDS = /^\d{1,12}(?:\.\d+)?$/;
const DATE_TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(?:(Z|UTC|GMT)|([+-]?)(\d{2}):?(\d{2}))?$/i;

/**
 * When a transaction took place (contract 5.2): `YYYY-MM-DD HH:MM:SS` of UTC or with an offset, ISO 8601, or seconds
 * since 1970. A `+` that was sent unencoded has become a blank. Null for what cannot be read, which means now.
 */
export function parseTimestamp(text: string): EpochMs | null {
  const trimmed = text.trim();
  if (EPOCH_SECONDS.test(trimmed)) return epochMs(Math.floor(Number(trimmed) * SECOND_MS));
  const found = DATE_TIME.exec(trimmed);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = Math.floor(Number(`0.${found[7] ?? '0'}`) * SECOND_MS);
  const offset = (Number(found[10] ?? 0) * HOUR_MS + Number(found[11] ?? 0) * MINUTE_MS) * (found[9] === '-' ? -1 : 1);
  const inDay = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + fraction;
  return epochMs(daysFromCivil(year, month, day) * DAY_MS + inDay - offset);
}

const OLDEST_MS = DAY_MS;
const NEWEST_MS = HOUR_MS;

/** What is wrong with reporting usage of that time now; null when nothing is. Both ends are allowed. */
export function timestampMistake(at: EpochMs, now: EpochMs): ServiceRefusal['error'] {
  if (at < now - OLDEST_MS) {
    const message = `reporting transactions older than ${OLDEST_MS / SECOND_MS} seconds is not allowed`;
    return { code: 'transaction_timestamp_too_old', message };
  }
  if (at > now + NEWEST_MS) {
    const message = `reporting transactions more than ${NEWEST_MS / SECOND_MS} seconds in the future is not allowed`;
    return { code: 'transaction_timestamp_too_new', message };
  }
  return null;
}
