import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { parseLocal, parseLocalOrOffset, localMidnightOf } from '../../../src/domain/time/local-text.ts';
import { epochMs, STORABLE } from '../../../src/domain/time/instant.ts';
import {
  addToLocal,
  firstInstantOf,
  instantOfLocal,
  localTimeAt,
  startOfLocalDay,
} from '../../../src/domain/time/local.ts';
import { formatRfc3339Utc, formatWithOffset } from '../../../src/domain/time/rfc3339.ts';
import { offsetMsAt, offsetSpanAt } from '../../../src/domain/time/zone-offsets.ts';
import { allZones } from '../../../src/domain/time/zones.ts';
import { at, zone } from './literals.ts';

describe('parseLocal', () => {
  test.each([
    ['2018-03-01T12:45', 'America/Chicago', '2018-03-01T12:45:00-06:00'],
    ['2018-03-01 12:45:30', 'America/Chicago', '2018-03-01T12:45:30-06:00'],
    ['2018-03-01', 'America/Chicago', '2018-03-01T00:00:00-06:00'],
    // in the gap: with the offset before it
    ['2018-03-11T02:30', 'America/Chicago', '2018-03-11T03:30:00-05:00'],
    ['2018-03-11T02:00', 'America/Chicago', '2018-03-11T03:00:00-05:00'],
    ['2018-03-11T03:00', 'America/Chicago', '2018-03-11T03:00:00-05:00'],
    // shown twice: the earlier one
    ['2018-11-04T01:30', 'America/Chicago', '2018-11-04T01:30:00-05:00'],
    ['2018-11-04T01:00', 'America/Chicago', '2018-11-04T01:00:00-05:00'],
    ['2018-11-04T02:00', 'America/Chicago', '2018-11-04T02:00:00-06:00'],
    // midnight is skipped, or comes twice
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T01:00:00-02:00'],
    ['2023-11-05', 'America/Havana', '2023-11-05T00:00:00-04:00'],
    // a day that never was
    ['2011-12-30T10:00', 'Pacific/Apia', '2011-12-31T10:00:00+14:00'],
    // half an hour is skipped, or comes twice
    ['2024-10-06T02:15', 'Australia/Lord_Howe', '2024-10-06T02:45:00+11:00'],
    ['2024-04-07T01:45', 'Australia/Lord_Howe', '2024-04-07T01:45:00+11:00'],
    ['1969-07-20T20:17', 'UTC', '1969-07-20T20:17:00+00:00'],
    ['0001-01-01', 'UTC', '0001-01-01T00:00:00+00:00'],
  ])('%s in %s is %s', (text, name, expected) => {
    const read = parseLocal(text, zone(name));
    expect(read === null ? null : formatWithOffset(read, zone(name))).toBe(expected);
  });

  test('a fraction of 1 to 9 digits is cut to milliseconds', () => {
    expect(parseLocal('1970-01-01T00:00:00.5', zone('UTC'))).toBe(500);
    expect(parseLocal('1970-01-01T00:00:00.123456789', zone('UTC'))).toBe(123);
  });

  test.each([
    '2018-02-29',
    '2018-3-1',
    '20180301',
    '2018-03-01T12',
    '2018-03-01T24:00',
    '2018-03-01T12:60',
    '2018-03-01T12:45:60',
    '2018-03-01t12:45',
    '2018-03-01  12:45',
    '2018-03-01T12:45:00.',
    '2018-03-01T12:45:00.1234567890',
    '2018-03-01T12:45Z',
    '2018-03-01T12:45:00-06:00',
    '2018-03-01T12:45 extra',
    '2018-03-01\n',
    'yesterday',
    '',
  ])('%j is refused', (text) => {
    expect(parseLocal(text, zone('America/Chicago'))).toBeNull();
  });

  test('with an offset allowed, the offset decides and the zone does not', () => {
    const chicago = zone('America/Chicago');
    expect(parseLocalOrOffset('2018-03-01T12:45:00Z', chicago)).toBe(at('2018-03-01T12:45:00Z'));
    expect(parseLocalOrOffset('2018-03-01T12:45+01:00', chicago)).toBe(at('2018-03-01T11:45:00Z'));
    expect(parseLocalOrOffset('2018-03-01 12:45:10.25-00:00', chicago)).toBe(at('2018-03-01T12:45:10.250Z'));
    expect(parseLocalOrOffset('2018-03-01T12:45', chicago)).toBe(at('2018-03-01T18:45:00Z'));
    expect(parseLocalOrOffset('2018-03-01', chicago)).toBe(at('2018-03-01T06:00:00Z'));
    expect(parseLocalOrOffset('2018-03-01Z', chicago)).toBeNull();
    expect(parseLocalOrOffset('2018-03-01T12:45+0100', chicago)).toBeNull();
    expect(parseLocalOrOffset('2018-03-01T12:45 01:00', chicago)).toBeNull();
  });
});

describe('localMidnightOf', () => {
  test('builds a local date for other grammars, or says that it does not exist', () => {
    expect(instantOfLocal(localMidnightOf(2024, 2, 29) ?? NaN, zone('Asia/Kolkata'))).toBe(at('2024-02-28T18:30:00Z'));
    expect(localMidnightOf(2023, 2, 29)).toBeNull();
    expect(localMidnightOf(2023, 13, 1)).toBeNull();
    expect(localMidnightOf(2023, 1, 0)).toBeNull();
    expect(localMidnightOf(NaN, 1, NaN)).toBeNull();
  });
});

describe('startOfLocalDay', () => {
  test.each([
    ['2024-11-03T12:00:00Z', 'America/New_York', '2024-11-03T00:00:00-04:00'],
    ['2018-11-04T12:00:00Z', 'America/Sao_Paulo', '2018-11-04T01:00:00-02:00'],
    ['2023-11-05T04:30:00Z', 'America/Havana', '2023-11-05T00:00:00-04:00'],
    ['2023-11-05T05:30:00Z', 'America/Havana', '2023-11-05T00:00:00-04:00'],
    ['2011-12-30T12:00:00Z', 'Pacific/Apia', '2011-12-31T00:00:00+14:00'],
    ['2024-03-01T18:29:59Z', 'Asia/Kolkata', '2024-03-01T00:00:00+05:30'],
    ['2024-03-01T18:30:00Z', 'Asia/Kolkata', '2024-03-02T00:00:00+05:30'],
  ])('of %s in %s is %s', (instant, name, expected) => {
    expect(formatWithOffset(startOfLocalDay(at(instant), zone(name)), zone(name))).toBe(expected);
  });
});

describe('localTimeAt', () => {
  test('shows date, time, ISO weekday, day of the year and offset', () => {
    expect(localTimeAt(at('2024-12-31T23:45:30.250Z'), zone('Asia/Kathmandu'))).toEqual({
      year: 2025,
      month: 1,
      day: 1,
      hour: 5,
      minute: 30,
      second: 30,
      millisecond: 250,
      weekday: 3,
      dayOfYear: 1,
      offsetMs: 20_700_000,
    });
    expect(localTimeAt(at('1969-12-28T23:59:59.999Z'), zone('UTC'))).toEqual({
      year: 1969,
      month: 12,
      day: 28,
      hour: 23,
      minute: 59,
      second: 59,
      millisecond: 999,
      weekday: 7,
      dayOfYear: 362,
      offsetMs: 0,
    });
  });
});

describe('addToLocal', () => {
  test.each([
    ['2020-01-31T00:00:00Z', 'UTC', { months: 1 }, '2020-02-29T00:00:00+00:00'],
    ['2021-01-31T10:00:00Z', 'UTC', { months: 1 }, '2021-02-28T10:00:00+00:00'],
    ['2020-02-29T00:00:00Z', 'UTC', { years: 1 }, '2021-02-28T00:00:00+00:00'],
    ['2020-03-19T00:00:00Z', 'UTC', { months: -15 }, '2018-12-19T00:00:00+00:00'],
    ['2024-11-02T16:00:00Z', 'America/New_York', { days: 1 }, '2024-11-03T12:00:00-05:00'],
    ['2024-03-09T17:00:00Z', 'America/New_York', { weeks: 1, days: -6 }, '2024-03-10T12:00:00-04:00'],
    ['2024-03-09T07:30:00Z', 'America/New_York', { days: 1 }, '2024-03-10T03:30:00-04:00'],
    ['2024-11-02T05:30:00Z', 'America/New_York', { days: 1 }, '2024-11-03T01:30:00-04:00'],
  ])('%s in %s plus %o is %s', (instant, name, step, expected) => {
    expect(formatWithOffset(addToLocal(at(instant), step, zone(name)), zone(name))).toBe(expected);
  });
});

describe('against Temporal', () => {
  const anyZone = fc.constantFrom(...allZones());
  const anySecond = fc.integer({ min: STORABLE.from / 1000, max: STORABLE.to / 1000 - 1 });

  test('offsets, local times and starts of days agree at any instant from 1900 to 2299', () => {
    fc.assert(
      fc.property(anyZone, anySecond, (name, second) => {
        const instant = epochMs(second * 1000);
        const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name);
        const shown = localTimeAt(instant, name);
        expect(shown.offsetMs * 1e6).toBe(zoned.offsetNanoseconds);
        expect([shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.second]).toEqual([
          zoned.year,
          zoned.month,
          zoned.day,
          zoned.hour,
          zoned.minute,
          zoned.second,
        ]);
        expect([shown.weekday, shown.dayOfYear]).toEqual([zoned.dayOfWeek, zoned.dayOfYear]);
        expect(startOfLocalDay(instant, name)).toBe(zoned.startOfDay().epochMilliseconds);
      }),
      { numRuns: 600 },
    );
  });

  test('local times mean the same instant, and adding calendar units gives the same', () => {
    fc.assert(
      fc.property(
        anyZone,
        anySecond,
        fc.integer({ min: -30, max: 30 }),
        fc.integer({ min: -400, max: 400 }),
        (name, second, months, days) => {
          const plain = Temporal.Instant.fromEpochMilliseconds(second * 1000)
            .toZonedDateTimeISO('UTC')
            .toPlainDateTime();
          expect(parseLocal(plain.toString(), name)).toBe(plain.toZonedDateTime(name).epochMilliseconds);
          fc.pre(second > STORABLE.from / 1000 + 2e8 && second < STORABLE.to / 1000 - 2e8);
          const zoned = plain.toZonedDateTime(name);
          expect(addToLocal(epochMs(zoned.epochMilliseconds), { months, days }, name)).toBe(
            zoned.toPlainDateTime().add({ months, days: 0 }).add({ days }).toZonedDateTime(name).epochMilliseconds,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('stretches of constant offset join without gap or overlap, and the first instant of a local time is the first', () => {
    fc.assert(
      fc.property(anyZone, anySecond, (name, second) => {
        const span = offsetSpanAt(name, epochMs(second * 1000));
        expect(span.from).toBeLessThanOrEqual(second * 1000);
        expect(span.to).toBeGreaterThan(second * 1000);
        expect(offsetSpanAt(name, span.to).from).toBe(span.to);
        expect(offsetSpanAt(name, epochMs(span.from - 1)).to).toBe(span.from);
        const local = span.to + span.offsetMs;
        const first = firstInstantOf(local, name);
        expect(first + offsetMsAt(name, first)).toBeGreaterThanOrEqual(local);
        const before = epochMs(first - 1);
        expect(before + offsetMsAt(name, before)).toBeLessThan(local);
      }),
      { numRuns: 300 },
    );
  });
});

test('beyond 1900 to 2299 a zone keeps the offset it has there, and years are written with sign and six digits', () => {
  const newYork = zone('America/New_York');
  expect(formatWithOffset(at('1500-06-01T00:00:00Z'), newYork)).toBe('1500-05-31T19:00:00-05:00');
  expect(formatWithOffset(at('2500-06-01T00:00:00Z'), newYork)).toBe('2500-05-31T19:00:00-05:00');
  expect(formatWithOffset(at('0000-01-01T00:00:00Z'), newYork)).toBe('-000001-12-31T19:00:00-05:00');
  expect(formatRfc3339Utc(startOfLocalDay(at('0000-01-01T00:00:00Z'), newYork))).toBe('-000001-12-31T05:00:00Z');
});
