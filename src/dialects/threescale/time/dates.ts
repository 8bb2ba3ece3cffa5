import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/time/durations.ts';
import { epochMs, type EpochMs, type ZoneId } from '../../../domain/time/instant.ts';
import { instantOfLocal } from '../../../domain/time/local.ts';
import { localMidnightOf } from '../../../domain/time/local-text.ts';

const DATE = /^(?:(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})|(?<compact>\d{8}))/;
const TIME = /^[T ](?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:\.(?<fraction>\d{1,9}))?)?/;
/** A `+` that was not encoded arrives as a blank, so a blank may be a sign. */
const ZONE = /^(?: ?(?<utc>Z|UTC)| ?(?<sign>[+\- ])(?<hours>[01]\d|2[0-3]):?(?<minutes>[0-5]\d))$/;

/**
 * Reads `since`, `until` and their like (contract 4.3): a date in one of three forms, alone or with a time, and that
 * with or without a zone. Without a zone it is local in `zone`. Null for anything else, numbers of seconds included.
 */
export function parseDate(text: string, zone: ZoneId): EpochMs | null {
  const date = DATE.exec(text);
  if (date === null) return null;
  const { year = '', month = '', day = '', compact } = date.groups ?? {};
  const [y, m, d] =
    compact === undefined ? [year, month, day] : [compact.slice(0, 4), compact.slice(4, 6), compact.slice(6)];
  const midnight = localMidnightOf(Number(y), Number(m), Number(d));
  if (midnight === null) return null;
  const rest = text.slice(date[0].length);
  if (rest === '') return instantOfLocal(midnight, zone);

  const time = TIME.exec(rest);
  if (time === null) return null;
  const { hour, minute, second = '0', fraction = '' } = time.groups ?? {};
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local =
    midnight + Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS + milliseconds;
  const named = rest.slice(time[0].length);
  if (named === '') return instantOfLocal(local, zone);

  const offset = ZONE.exec(named);
  if (offset === null) return null;
  const { utc, sign, hours, minutes } = offset.groups ?? {};
  if (utc !== undefined) return epochMs(local);
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return epochMs(sign === '-' ? local + size : local - size);
}
