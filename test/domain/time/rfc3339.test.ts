import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { epochMs, STORABLE, WRITABLE } from '../../../src/domain/time/instant.ts';
import { formatRfc3339Utc, formatWithOffset, localStamp, parseRfc3339 } from '../../../src/domain/time/rfc3339.ts';
import { allZones } from '../../../src/domain/time/zones.ts';
import { zone } from './literals.ts';

describe('parseRfc3339', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2024-03-01T09:30:00Z', 1_709_285_400_000],
    ['2024-03-01t09:30:00z', 1_709_285_400_000],
    ['2024-03-01T09:30:00+00:00', 1_709_285_400_000],
    ['2024-03-01T09:30:00-00:00', 1_709_285_400_000],
    ['2024-03-01T15:00:00+05:30', 1_709_285_400_000],
    ['2024-02-29T23:30:00-10:00', 1_709_285_400_000],
    ['2024-03-01T09:30:00.5Z', 1_709_285_400_500],
    ['2024-03-01T09:30:00.25+00:00', 1_709_285_400_250],
    ['2024-03-01T09:30:00.123Z', 1_709_285_400_123],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2000-02-29T00:00:00Z', 951_782_400_000],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['0099-12-31T00:00:00Z', -59_011_545_600_000],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ])('%s is an instant', (text, expected) => {
    expect(parseRfc3339(text)).toBe(expected);
  });

  test.each([
    ['2024-03-01T09:30:00.1239Z', 1_709_285_400_123],
    ['2024-03-01T09:30:00.999999999Z', 1_709_285_400_999],
    ['1969-12-31T23:59:59.9999Z', -1],
  ])('%s: digits beyond milliseconds are cut, not rounded', (text, expected) => {
    expect(parseRfc3339(text)).toBe(expected);
  });

  test.each([
    ['2016-12-31T23:59:60Z', 1_483_228_799_999],
    ['2015-06-30T23:59:60.75Z', 1_435_708_799_999],
    ['2016-12-31T15:59:60-08:00', 1_483_228_799_999],
    ['1990-12-31T15:59:60-08:00', 662_687_999_999],
  ])('%s: a leap second is the last millisecond of its day', (text, expected) => {
    expect(parseRfc3339(text)).toBe(expected);
  });

  test.each([
    '2016-12-31T23:59:60-08:00', // 07:59:60 UTC
    '2024-03-01T09:30:60Z',
    '2024-03-31T23:59:60Z',
    '2024-12-31T23:58:60Z',
    '2024-12-31T23:59:61Z',
    '2024-03-01T09:30:00', // no offset
    '2024-03-01T09:30Z',
    '2024-03-01 09:30:00Z',
    '2024-03-01',
    '2024-02-30T09:30:00Z',
    '2023-02-29T09:30:00Z',
    '1900-02-29T09:30:00Z',
    '2024-04-31T09:30:00Z',
    '2024-00-01T09:30:00Z',
    '2024-13-01T09:30:00Z',
    '2024-03-00T09:30:00Z',
    '2024-03-32T09:30:00Z',
    '2024-03-01T24:00:00Z',
    '2024-03-01T09:60:00Z',
    '2024-03-01T09:30:00+24:00',
    '2024-03-01T09:30:00+05:60',
    '2024-03-01T09:30:00+0530',
    '2024-03-01T09:30:00+05',
    '2024-03-01T09:30:00 05:30',
    '2024-03-01T09:30:00±05:30',
    '2024-03-01T09:30:00.Z',
    '2024-03-01T09:30:00.1234567890Z',
    '2024-03-01T09:30:00,5Z',
    '2024-03-01T09:30:00ZZ',
    '2024-03-01T09:30:00Z ',
    ' 2024-03-01T09:30:00Z',
    '2024-03-01T09:30:00Z[UTC]',
    '+002024-03-01T09:30:00Z',
    '24-03-01T09:30:00Z',
    '2024-3-01T09:30:00.00Z',
    '٢٠٢٤-03-01T09:30:00Z',
    '0000-01-01T00:00:00+00:01', // year -1 in UTC
    '9999-12-31T23:59:59-00:01',
    '1709285400000',
    '',
  ])('%s is refused', (text) => {
    expect(parseRfc3339(text)).toBeNull();
  });

  test('reads what Temporal writes, for any instant, offset and number of digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: WRITABLE.from + 86_400_000, max: WRITABLE.to - 86_400_001 }),
        fc.integer({ min: -1439, max: 1439 }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 3, max: 9 }),
        (at, offsetMinutes, nanoseconds, digits) => {
          const sign = offsetMinutes < 0 ? '-' : '+';
          const size = Math.abs(offsetMinutes);
          const offset = `${sign}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
          const text = new Temporal.Instant(BigInt(at) * 1_000_000n + BigInt(nanoseconds)).toString({
            timeZone: offset,
            fractionalSecondDigits: digits as 3,
            roundingMode: 'floor',
          });
          expect(parseRfc3339(text)).toBe(at);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('a changed character gives null or what Temporal reads, never a throw', () => {
    const valid = '2024-02-29T23:59:59.120+05:30';
    fc.assert(
      fc.property(
        fc.nat(valid.length - 1),
        fc.constantFrom(...'0123456789-+:.TtZz 9\u0000é'),
        (position, character) => {
          const text = valid.slice(0, position) + character + valid.slice(position + 1);
          const read = parseRfc3339(text);
          if (read !== null) expect(read).toBe(Temporal.Instant.from(text).epochMilliseconds);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('formatRfc3339Utc', () => {
  test.each([
    [0, '1970-01-01T00:00:00Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [1_709_285_400_000, '2024-03-01T09:30:00Z'],
    [1_709_285_400_007, '2024-03-01T09:30:00.007Z'],
    [-62_167_219_200_000, '0000-01-01T00:00:00Z'],
    [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
    [-62_167_219_200_001, '-000001-12-31T23:59:59.999Z'],
    [253_402_300_800_000, '+010000-01-01T00:00:00Z'],
  ])('%d is %s: milliseconds only when there are any', (at, expected) => {
    expect(formatRfc3339Utc(epochMs(at))).toBe(expected);
  });

  test('milliseconds always or never when asked so', () => {
    expect(formatRfc3339Utc(epochMs(1_709_285_400_000), 'always')).toBe('2024-03-01T09:30:00.000Z');
    expect(formatRfc3339Utc(epochMs(1_709_285_400_999), 'never')).toBe('2024-03-01T09:30:00Z');
  });

  test('comes back the same through parseRfc3339', () => {
    fc.assert(
      fc.property(fc.integer({ min: WRITABLE.from, max: WRITABLE.to - 1 }), (at) => {
        expect(parseRfc3339(formatRfc3339Utc(epochMs(at)))).toBe(at);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('formatWithOffset', () => {
  test.each([
    ['2024-11-03T05:00:00Z', 'America/New_York', '2024-11-03T01:00:00-04:00'],
    ['2024-11-03T06:00:00Z', 'America/New_York', '2024-11-03T01:00:00-05:00'],
    ['2024-03-01T09:30:00Z', 'UTC', '2024-03-01T09:30:00+00:00'],
    ['2024-03-01T09:30:00Z', 'Europe/London', '2024-03-01T09:30:00+00:00'],
    ['2024-03-01T09:30:00Z', 'Asia/Kathmandu', '2024-03-01T15:15:00+05:45'],
    ['2024-04-06T15:00:00Z', 'Australia/Lord_Howe', '2024-04-07T01:30:00+10:30'],
    ['2024-03-01T09:30:00Z', 'Pacific/Marquesas', '2024-03-01T00:00:00-09:30'],
    ['2024-12-31T23:59:59.999Z', 'Pacific/Kiritimati', '2025-01-01T13:59:59+14:00'],
    ['1969-12-31T23:59:59.999Z', 'UTC', '1969-12-31T23:59:59+00:00'],
    // -00:44:30: the same instant, the time moved by 30 seconds
    ['1970-01-01T00:00:00Z', 'Africa/Monrovia', '1969-12-31T23:16:00-00:44'],
    ['1925-01-01T00:00:00Z', 'America/La_Paz', '1924-12-31T19:27:00-04:33'], // -04:32:36
  ])('%s in %s is %s', (at, name, expected) => {
    expect(formatWithOffset(epochMs(Temporal.Instant.from(at).epochMilliseconds), zone(name))).toBe(expected);
  });

  test('parts for other spellings', () => {
    expect(localStamp(epochMs(1_730_613_600_000), zone('America/New_York'))).toEqual({
      date: '2024-11-03',
      time: '01:00:00',
      offset: '-05:00',
    });
  });

  test('names the same instant again, in every zone, and what Temporal writes since 1973', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...allZones()),
        fc.integer({ min: STORABLE.from / 1000, max: STORABLE.to / 1000 - 1 }),
        (name, seconds) => {
          const at = epochMs(seconds * 1000);
          const text = formatWithOffset(at, name);
          expect(parseRfc3339(text)).toBe(at);
          if (seconds > 94_694_400) {
            const options = { timeZoneName: 'never', smallestUnit: 'second' } as const;
            expect(text).toBe(Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).toString(options));
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});
