import { describe, expect, test } from 'vitest';
import { bucketAround, bucketEdges, bucketIndexOf } from '../../../src/domain/time/buckets.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { at, edges, zone } from './literals.ts';

describe('the range clips contents, not labels (scanalytics.md 7.3)', () => {
  test('12:45 to 14:30 in Chicago by 1h gives the labels 12:00, 13:00, 14:00', () => {
    expect(edges('2018-03-01T12:45:00-06:00', '2018-03-01T14:30:00-06:00', 1, 'hour', 'America/Chicago')).toEqual([
      '2018-03-01T12:00:00-06:00',
      '2018-03-01T13:00:00-06:00',
      '2018-03-01T14:00:00-06:00',
      '2018-03-01T15:00:00-06:00',
    ]);
  });

  test("the seed's week gives 173 hours", () => {
    const week = edges('2018-03-01T12:45:00-06:00', '2018-03-08T16:45:00-06:00', 1, 'hour', 'America/Chicago');
    expect(week).toHaveLength(174);
    expect([week[0], week[172]]).toEqual(['2018-03-01T12:00:00-06:00', '2018-03-08T16:00:00-06:00']);
  });

  test('a range that ends on a boundary has no bucket after it', () => {
    expect(edges('2024-01-01T00:00:00Z', '2024-01-03T00:00:00Z', 1, 'day', 'UTC')).toEqual([
      '2024-01-01T00:00:00+00:00',
      '2024-01-02T00:00:00+00:00',
      '2024-01-03T00:00:00+00:00',
    ]);
  });

  test('one millisecond is one bucket', () => {
    expect(edges('2024-01-01T23:59:59.999Z', '2024-01-02T00:00:00Z', 1, 'day', 'UTC')).toEqual([
      '2024-01-01T00:00:00+00:00',
      '2024-01-02T00:00:00+00:00',
    ]);
  });

  test('an empty or reversed range has no buckets', () => {
    expect(edges('2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 1, 'hour', 'UTC')).toEqual([]);
    expect(edges('2024-01-02T00:00:00Z', '2024-01-01T00:00:00Z', 1, 'hour', 'UTC')).toEqual([]);
  });
});

describe('multiples counted from local midnight', () => {
  test('7h gives 0, 7, 14 and 21 o’clock, the last one 3 hours long', () => {
    expect(edges('2024-01-01T00:00:00+01:00', '2024-01-02T05:00:00+01:00', 7, 'hour', 'Europe/Paris')).toEqual([
      '2024-01-01T00:00:00+01:00',
      '2024-01-01T07:00:00+01:00',
      '2024-01-01T14:00:00+01:00',
      '2024-01-01T21:00:00+01:00',
      '2024-01-02T00:00:00+01:00',
      '2024-01-02T07:00:00+01:00',
    ]);
  });

  test('7m ends the day with a bucket of 5 minutes', () => {
    expect(edges('2024-01-01T23:50:00Z', '2024-01-02T00:08:00Z', 7, 'minute', 'UTC')).toEqual([
      '2024-01-01T23:48:00+00:00',
      '2024-01-01T23:55:00+00:00',
      '2024-01-02T00:00:00+00:00',
      '2024-01-02T00:07:00+00:00',
      '2024-01-02T00:14:00+00:00',
    ]);
  });

  test('more than a day of hours is one day', () => {
    expect(edges('2024-01-01T12:00:00Z', '2024-01-02T12:00:00Z', 36, 'hour', 'UTC')).toEqual([
      '2024-01-01T00:00:00+00:00',
      '2024-01-02T00:00:00+00:00',
      '2024-01-03T00:00:00+00:00',
    ]);
  });

  test('hours start at the local full hour in zones of half and quarter hours', () => {
    expect(edges('2024-01-01T00:00:00Z', '2024-01-01T01:00:00Z', 1, 'hour', 'Asia/Kathmandu')).toEqual([
      '2024-01-01T05:00:00+05:45',
      '2024-01-01T06:00:00+05:45',
      '2024-01-01T07:00:00+05:45',
    ]);
  });

  test('hours start at the local full hour where the offset had seconds', () => {
    const found = bucketEdges(
      { from: at('1971-01-01T00:00:00Z'), to: at('1971-01-01T01:00:00Z') },
      { unit: 'hour', count: 1, zone: zone('Africa/Monrovia') }, // -00:44:30
      10,
    );
    expect(found).toEqual({
      ok: true,
      edges: [at('1970-12-31T23:44:30Z'), at('1971-01-01T00:44:30Z'), at('1971-01-01T01:44:30Z')],
      uniform: 3_600_000,
      truncated: false,
    });
  });
});

describe('days, weeks, months, years', () => {
  test('groups of days are counted from the local date of the beginning', () => {
    expect(edges('2024-03-30T22:00:00Z', '2024-04-06T00:00:00+02:00', 3, 'day', 'Europe/Berlin')).toEqual([
      '2024-03-30T00:00:00+01:00',
      '2024-04-02T00:00:00+02:00',
      '2024-04-05T00:00:00+02:00',
      '2024-04-08T00:00:00+02:00',
    ]);
  });

  test('a missing day counts as a date of its group', () => {
    expect(edges('2011-12-29T12:00:00-10:00', '2012-01-03T00:00:00+14:00', 2, 'day', 'Pacific/Apia')).toEqual([
      '2011-12-29T00:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2012-01-02T00:00:00+14:00',
      '2012-01-04T00:00:00+14:00',
    ]);
  });

  test('weeks begin on Monday, groups with the Monday of the beginning', () => {
    expect(edges('2024-03-03T12:00:00Z', '2024-03-12T00:00:00Z', 1, 'week', 'UTC')).toEqual([
      '2024-02-26T00:00:00+00:00',
      '2024-03-04T00:00:00+00:00',
      '2024-03-11T00:00:00+00:00',
      '2024-03-18T00:00:00+00:00',
    ]);
    expect(edges('2024-03-03T12:00:00Z', '2024-03-12T00:00:00Z', 2, 'week', 'UTC')).toEqual([
      '2024-02-26T00:00:00+00:00',
      '2024-03-11T00:00:00+00:00',
      '2024-03-25T00:00:00+00:00',
    ]);
    expect(edges('1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z', 1, 'week', 'UTC')).toEqual([
      '1969-12-29T00:00:00+00:00',
      '1970-01-05T00:00:00+00:00',
    ]);
  });

  test('months and groups of months, over the end of the year', () => {
    expect(edges('2023-11-15T00:00:00Z', '2024-03-01T00:00:00+01:00', 1, 'month', 'Europe/Paris')).toEqual([
      '2023-11-01T00:00:00+01:00',
      '2023-12-01T00:00:00+01:00',
      '2024-01-01T00:00:00+01:00',
      '2024-02-01T00:00:00+01:00',
      '2024-03-01T00:00:00+01:00',
    ]);
    expect(edges('2023-11-15T00:00:00Z', '2024-09-01T00:00:00+02:00', 5, 'month', 'Europe/Paris')).toEqual([
      '2023-11-01T00:00:00+01:00',
      '2024-04-01T00:00:00+02:00',
      '2024-09-01T00:00:00+02:00',
    ]);
  });

  test('years and groups of years', () => {
    expect(edges('2023-06-15T00:00:00Z', '2025-01-01T00:00:00-05:00', 1, 'year', 'America/New_York')).toEqual([
      '2023-01-01T00:00:00-05:00',
      '2024-01-01T00:00:00-05:00',
      '2025-01-01T00:00:00-05:00',
    ]);
    expect(edges('2023-06-15T00:00:00Z', '2033-06-15T00:00:00Z', 10, 'year', 'UTC')).toEqual([
      '2023-01-01T00:00:00+00:00',
      '2033-01-01T00:00:00+00:00',
      '2043-01-01T00:00:00+00:00',
    ]);
  });
});

describe('limit', () => {
  const hours = { unit: 'hour', count: 1, zone: zone('America/New_York') } as const;
  const twoDays = { from: at('2024-11-02T04:00:00Z'), to: at('2024-11-04T05:00:00Z') }; // 24 and 25 hours

  test('exactly the limit is served, one more is refused', () => {
    expect(bucketEdges(twoDays, hours, 49)).toMatchObject({ ok: true, truncated: false, uniform: 3_600_000 });
    expect(bucketEdges(twoDays, hours, 48)).toEqual({ ok: false, limit: 48 });
  });

  test('the newest are kept, and said to be not all', () => {
    const all = bucketEdges(twoDays, hours, 49, 'newest');
    expect(all).toEqual(bucketEdges(twoDays, hours, 49));
    expect(bucketEdges(twoDays, hours, 2, 'newest')).toEqual({
      ok: true,
      edges: [at('2024-11-04T03:00:00Z'), at('2024-11-04T04:00:00Z'), at('2024-11-04T05:00:00Z')],
      uniform: 3_600_000,
      truncated: true,
    });
  });

  test('a long day at the limit is not cut', () => {
    const longDay = { from: at('2024-11-03T04:00:00Z'), to: at('2024-11-04T05:00:00Z') };
    expect(bucketEdges(longDay, { ...hours, unit: 'day' }, 1, 'newest')).toEqual({
      ok: true,
      edges: [longDay.from, longDay.to],
      uniform: 90_000_000,
      truncated: false,
    });
  });

  test('groups keep their anchor when the oldest are cut', () => {
    const range = { from: at('2000-01-02T00:00:00Z'), to: at('2024-03-10T00:00:00Z') };
    const threeDays = { unit: 'day', count: 3, zone: zone('UTC') } as const;
    const all = bucketEdges(range, threeDays, 100_000);
    const newest = bucketEdges(range, threeDays, 7, 'newest');
    if (!all.ok || !newest.ok) throw new Error('refused');
    expect(newest.edges).toEqual(all.edges.slice(-8));
  });

  test.each([
    ['second', 1],
    ['minute', 1],
    ['hour', 1],
    ['hour', 7],
    ['day', 1],
  ] as const)('5000 buckets of a window since the year 0, by %s × %d, cost no more than 5000', (unit, count) => {
    const range = { from: at('0000-01-01T00:00:00Z'), to: at('2026-11-21T10:15:00Z') };
    const bucketing = { unit, count, zone: zone('Asia/Tehran') };
    const started = performance.now();
    const newest = bucketEdges(range, bucketing, 5000, 'newest');
    const refused = bucketEdges(range, bucketing, 5000);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(newest).toMatchObject({ ok: true, truncated: true });
    expect(newest.ok && newest.edges).toHaveLength(5001);
    expect(refused).toEqual({ ok: false, limit: 5000 });
  });

  test('a range beyond the years 0000 to 9999 is taken within them', () => {
    const everything = { from: epochMs(-Infinity), to: epochMs(Infinity) };
    const found = bucketEdges(everything, { unit: 'year', count: 1000, zone: zone('UTC') }, 10);
    expect(found).toMatchObject({ ok: true, edges: { length: 11 } });
    expect(found.ok && found.edges[10]).toBe(253_402_300_800_000);
  });

  test('what no caller may ask is a bug', () => {
    expect(() => bucketEdges(twoDays, { ...hours, count: 0 }, 10)).toThrow(RangeError);
    expect(() => bucketEdges(twoDays, { ...hours, count: 1.5 }, 10)).toThrow(RangeError);
    expect(() => bucketEdges(twoDays, hours, 0)).toThrow(RangeError);
    expect(() => bucketEdges({ from: epochMs(NaN), to: twoDays.to }, hours, 10)).toThrow(RangeError);
  });
});

describe('uniform', () => {
  test.each([
    ['2024-11-01T00:00:00Z', '2024-11-05T00:00:00Z', 1, 'hour', 'America/New_York', 3_600_000],
    ['2024-11-01T00:00:00Z', '2024-11-05T00:00:00Z', 6, 'hour', 'America/New_York', null],
    ['2024-11-01T00:00:00Z', '2024-11-05T00:00:00Z', 1, 'day', 'America/New_York', null],
    ['2024-12-01T00:00:00Z', '2024-12-05T00:00:00Z', 1, 'day', 'America/New_York', 86_400_000],
    ['2024-04-06T00:00:00Z', '2024-04-08T00:00:00Z', 1, 'hour', 'Australia/Lord_Howe', null],
    ['2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', 7, 'hour', 'UTC', null],
    ['2024-01-15T00:00:00Z', '2024-01-16T00:00:00Z', 1, 'month', 'UTC', 2_678_400_000],
  ] as const)('%s to %s by %d %s in %s: %s', (from, to, count, unit, name, uniform) => {
    const range = { from: at(from), to: at(to) };
    expect(bucketEdges(range, { unit, count, zone: zone(name) }, 1000)).toMatchObject({ ok: true, uniform });
  });
});

test('bucketIndexOf finds the bucket, -1 outside', () => {
  const list = [0, 10, 20, 25].map(epochMs);
  expect([-1, 0, 9, 10, 19, 20, 24, 25, NaN].map((t) => bucketIndexOf(list, epochMs(t)))).toEqual([
    -1, 0, 0, 1, 1, 2, 2, -1, -1,
  ]);
  expect(bucketIndexOf([], epochMs(0))).toBe(-1);
  expect(bucketIndexOf([epochMs(0)], epochMs(0))).toBe(-1);
});

test('bucketAround rounds outward to the whole bucket', () => {
  const madrid = zone('Europe/Madrid');
  expect(bucketAround(at('2024-03-31T10:00:00Z'), { unit: 'day', count: 1, zone: madrid })).toEqual({
    from: at('2024-03-31T00:00:00+01:00'),
    to: at('2024-04-01T00:00:00+02:00'),
  });
  expect(() => bucketAround(epochMs(1e15), { unit: 'day', count: 1, zone: madrid })).toThrow(RangeError);
});
