import { describe, expect, test } from 'vitest';
import { Parameters } from '../../../../src/dialects/threescale/parameters/parameters.ts';
import { calendarPeriod, usageRange, type UsageRange } from '../../../../src/dialects/threescale/stats/range.ts';
import { spacedTime } from '../../../../src/dialects/threescale/time/texts.ts';
import { zoneNamed } from '../../../../src/dialects/threescale/time/zone-names.ts';
import { epochMs } from '../../../../src/domain/time/instant.ts';
import { UTC } from '../../../../src/domain/time/zones.ts';

const NOW = epochMs(Date.UTC(2026, 10, 21, 10, 15));

function rangeOf(query: string): { range: UsageRange; told: string } {
  const parameters = Parameters.of(new URLSearchParams(query));
  const zone = zoneNamed(parameters.get('timezone'), UTC);
  const found = usageRange(parameters, { zone, now: NOW });
  if (!found.ok) throw new Error(found.problem.message);
  const range = found.value;
  return { range, told: `${spacedTime(range.since, zone)} … ${spacedTime(range.until, zone)}` };
}

describe('ranges are rounded outward (contract 4.4)', () => {
  test.each<[string, string, number]>([
    [
      'granularity=hour&since=2024-03-01T09:30&until=2024-03-01T11:00',
      '2024-03-01 09:00:00 UTC … 2024-03-01 11:59:59 UTC',
      3,
    ],
    ['granularity=hour&since=2024-03-01&until=2024-03-01', '2024-03-01 00:00:00 UTC … 2024-03-01 00:59:59 UTC', 1],
    ['granularity=day&since=2024-03-01&until=2024-03-01', '2024-03-01 00:00:00 UTC … 2024-03-01 23:59:59 UTC', 1],
    [
      'granularity=day&since=2024-03-01T23:00&until=2024-03-01T01:00',
      '2024-03-01 00:00:00 UTC … 2024-03-01 23:59:59 UTC',
      1,
    ],
    ['granularity=month&since=2024-02-10&until=2024-03-01', '2024-02-01 00:00:00 UTC … 2024-03-31 23:59:59 UTC', 2],
    [
      'granularity=21600&since=2024-03-01T07:00&until=2024-03-01T18:00',
      '2024-03-01 06:00:00 UTC … 2024-03-01 23:59:59 UTC',
      3,
    ],
    [
      'granularity=6h&since=2024-03-01T05:59&until=2024-03-01T05:59:59',
      '2024-03-01 00:00:00 UTC … 2024-03-01 05:59:59 UTC',
      1,
    ],
    // No `since`: both ends are rounded, so there is one bucket more than one expects.
    ['period=day', '2026-11-20 10:00:00 UTC … 2026-11-21 10:59:59 UTC', 25],
    ['period=week', '2026-11-14 06:00:00 UTC … 2026-11-21 11:59:59 UTC', 29],
    ['period=month', '2026-10-21 00:00:00 UTC … 2026-11-21 23:59:59 UTC', 32],
    ['period=year', '2025-11-01 00:00:00 UTC … 2026-11-30 23:59:59 UTC', 13],
    ['period=month&since=', '2026-10-21 00:00:00 UTC … 2026-11-21 23:59:59 UTC', 32],
    ['period=week&granularity=day', '2026-11-14 00:00:00 UTC … 2026-11-21 23:59:59 UTC', 8],
    // With `since`.
    ['period=month&since=2020-03-19', '2020-03-19 00:00:00 UTC … 2020-04-18 23:59:59 UTC', 31],
    ['period=month&since=2020-01-31', '2020-01-31 00:00:00 UTC … 2020-02-28 23:59:59 UTC', 29],
    ['period=year&since=2020-03-19', '2020-03-01 00:00:00 UTC … 2021-03-31 23:59:59 UTC', 13],
    ['period=day&since=2020-03-19', '2020-03-19 00:00:00 UTC … 2020-03-19 23:59:59 UTC', 24],
    ['period=day&since=2020-03-19T10:30', '2020-03-19 10:00:00 UTC … 2020-03-20 10:59:59 UTC', 25],
    ['period=week&since=2020-03-19', '2020-03-19 00:00:00 UTC … 2020-03-25 23:59:59 UTC', 28],
    ['period=month&since=2020-03-19&until=1990-01-01', '2020-03-19 00:00:00 UTC … 2020-04-18 23:59:59 UTC', 31],
    ['period=day&since=2020-03-19&until=no-date', '2020-03-19 00:00:00 UTC … 2020-03-19 23:59:59 UTC', 24],
    ['period=year&since=2020-03-19&granularity=day', '2020-03-19 00:00:00 UTC … 2021-03-18 23:59:59 UTC', 365],
    // Limits, in calendar terms.
    ['granularity=day&since=2010-01-01&until=2010-12-31', '2010-01-01 00:00:00 UTC … 2010-12-31 23:59:59 UTC', 365],
    ['granularity=day&since=2012-01-01&until=2012-12-31', '2012-01-01 00:00:00 UTC … 2012-12-31 23:59:59 UTC', 366],
    [
      'granularity=hour&since=2010-01-01&until=2010-03-31T23:10',
      '2010-01-01 00:00:00 UTC … 2010-03-31 23:59:59 UTC',
      2160,
    ],
    ['granularity=month&since=2010-01-15&until=2019-12-01', '2010-01-01 00:00:00 UTC … 2019-12-31 23:59:59 UTC', 120],
    [
      'granularity=21600&since=2010-01-01&until=2010-06-30T20:00',
      '2010-01-01 00:00:00 UTC … 2010-06-30 23:59:59 UTC',
      724,
    ],
    // Zones.
    [
      'granularity=day&since=2024-03-01&until=2024-03-02&timezone=Europe/Madrid',
      '2024-03-01 00:00:00 +0100 … 2024-03-02 23:59:59 +0100',
      2,
    ],
    [
      'granularity=hour&since=2024-03-31&until=2024-03-31T23:00&timezone=Madrid',
      '2024-03-31 00:00:00 +0100 … 2024-03-31 23:59:59 +0200',
      23,
    ],
    [
      'granularity=hour&since=2024-10-27&until=2024-10-27T23:00&timezone=Madrid',
      '2024-10-27 00:00:00 +0200 … 2024-10-27 23:59:59 +0100',
      25,
    ],
    ['period=week&since=2024-03-28&timezone=Madrid', '2024-03-28 00:00:00 +0100 … 2024-04-03 23:59:59 +0200', 28],
    ['period=week&since=2024-10-24&timezone=Madrid', '2024-10-24 00:00:00 +0200 … 2024-10-30 23:59:59 +0100', 29],
    [
      'granularity=hour&since=2024-03-01T09:40&until=2024-03-01T10:10&timezone=Kolkata',
      '2024-03-01 09:00:00 +0530 … 2024-03-01 10:59:59 +0530',
      2,
    ],
    [
      'granularity=hour&since=2024-03-01T00:00Z&until=2024-03-01T00:00Z&timezone=Asia/Kathmandu',
      '2024-03-01 05:00:00 +0545 … 2024-03-01 05:59:59 +0545',
      1,
    ],
    [
      'granularity=day&since=2024-03-01T20:00:00-05:00&until=2024-03-01T20:00:00-0500&timezone=Tokyo',
      '2024-03-02 00:00:00 +0900 … 2024-03-02 23:59:59 +0900',
      1,
    ],
    [
      'granularity=day&since=2024-03-01&until=2024-03-01&timezone=London',
      '2024-03-01 00:00:00 +0000 … 2024-03-01 23:59:59 +0000',
      1,
    ],
    [
      'granularity=day&since=2024-03-01&until=2024-03-01&timezone=Nowhere',
      '2024-03-01 00:00:00 UTC … 2024-03-01 23:59:59 UTC',
      1,
    ],
    [
      'granularity=day&since=2011-12-29&until=2011-12-31&timezone=Samoa',
      '2011-12-29 00:00:00 -1000 … 2011-12-31 23:59:59 +1400',
      2,
    ],
    [
      'granularity=day&since=2018-11-04&until=2018-11-04&timezone=Brasilia',
      '2018-11-04 01:00:00 -0200 … 2018-11-04 23:59:59 -0200',
      1,
    ],
  ])('%s', (query, told, buckets) => {
    const found = rangeOf(query);
    expect([found.told, found.range.edges.length - 1]).toEqual([told, buckets]);
  });

  test.each(['day', 'hour', 'month', '21600'])('an inverted range of %s has no buckets', (granularity) => {
    const { range } = rangeOf(`granularity=${granularity}&since=2024-03-10&until=2024-01-01`);
    expect(range.edges).toEqual([]);
  });

  test('six hours go on from the first quarter; the last bucket is cut at the end', () => {
    const hours = (query: string) => {
      const { edges } = rangeOf(query).range;
      return edges.slice(1).map((edge, index) => (edge - (edges[index] ?? 0)) / 3_600_000);
    };
    const sixes = (count: number) => Array.from({ length: count }, () => 6);
    expect(hours('period=week&since=2024-03-28&timezone=Madrid')).toEqual([...sixes(27), 5]);
    expect(hours('period=week&since=2024-10-24&timezone=Madrid')).toEqual([...sixes(28), 1]);
    expect(hours('period=week&since=2024-05-01&timezone=Madrid')).toEqual(sixes(28));
  });
});

describe('the range before has the same number of buckets (contract 4.6)', () => {
  test.each([
    ['granularity=day&since=2024-03-01&until=2024-03-10', '2024-02-20 00:00:00 UTC'],
    ['granularity=month&since=2024-03-01&until=2024-04-01', '2024-01-01 00:00:00 UTC'],
    ['granularity=month&since=2025-02-01&until=2025-02-01', '2025-01-01 00:00:00 UTC'],
    ['granularity=hour&since=2024-03-01&until=2024-03-01T05:00', '2024-02-29 18:00:00 UTC'],
    ['granularity=21600&since=2024-03-01&until=2024-03-01', '2024-02-29 18:00:00 UTC'],
    ['granularity=day&since=2024-03-31&until=2024-04-01&timezone=Madrid', '2024-03-29 00:00:00 +0100'],
    ['granularity=day&since=2018-11-04&until=2018-11-05&timezone=Brasilia', '2018-11-02 00:00:00 -0300'],
  ])('%s', (query, from) => {
    const { range } = rangeOf(query);
    expect(range.before).not.toBeNull();
    expect(spacedTime(range.before?.from ?? epochMs(0), range.zone)).toBe(from);
    expect(range.before?.to).toBe(range.since);
  });

  test('eternity has none', () => {
    expect(rangeOf('period=eternity').range.before).toBeNull();
  });
});

describe('the calendar period of a ranking (contract 4.9)', () => {
  test.each([
    ['year', '2009-12-04', '2009-01-01 00:00:00 UTC … 2009-12-31 23:59:59 UTC'],
    ['month', '2009-12-04', '2009-12-01 00:00:00 UTC … 2009-12-31 23:59:59 UTC'],
    ['week', '2009-12-06', '2009-11-30 00:00:00 UTC … 2009-12-06 23:59:59 UTC'],
    ['week', '2009-12-07', '2009-12-07 00:00:00 UTC … 2009-12-13 23:59:59 UTC'],
    ['day', '2009-12-04T23:59:59', '2009-12-04 00:00:00 UTC … 2009-12-04 23:59:59 UTC'],
  ])('%s of %s', (period, since, told) => {
    const found = calendarPeriod(Parameters.of(Object.entries({ period, since })), UTC);
    if (!found.ok) throw new Error(found.problem.message);
    const { from, to } = found.value;
    expect(`${spacedTime(from, UTC)} … ${spacedTime(epochMs(to - 1000), UTC)}`).toBe(told);
  });
});
