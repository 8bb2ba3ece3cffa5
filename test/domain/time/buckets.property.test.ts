import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { bucketEdges, bucketIndexOf, type Bucketing } from '../../../src/domain/time/buckets.ts';
import { epochMs, type EpochMs, type TimeRange, type ZoneId } from '../../../src/domain/time/instant.ts';
import { allZones } from '../../../src/domain/time/zones.ts';
import { NASTY_ZONES } from '../../support/nasty-zones.ts';
import { slowEdges } from './bucket-oracle.ts';
import { zone } from './literals.ts';

const SHAPES: readonly Pick<Bucketing, 'unit' | 'count'>[] = [
  { unit: 'second', count: 1 },
  { unit: 'second', count: 50 },
  { unit: 'minute', count: 1 },
  { unit: 'minute', count: 15 },
  { unit: 'minute', count: 45 },
  { unit: 'minute', count: 90 },
  { unit: 'hour', count: 1 },
  { unit: 'hour', count: 2 },
  { unit: 'hour', count: 6 },
  { unit: 'hour', count: 7 },
  { unit: 'hour', count: 24 },
  { unit: 'day', count: 1 },
  { unit: 'day', count: 3 },
  { unit: 'week', count: 1 },
  { unit: 'week', count: 2 },
  { unit: 'month', count: 1 },
  { unit: 'month', count: 5 },
  { unit: 'year', count: 1 },
  { unit: 'year', count: 4 },
];

const USUAL_MS = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
  year: 31_536_000_000,
};

function fastEdges(range: TimeRange, bucketing: Bucketing): readonly EpochMs[] {
  const found = bucketEdges(range, bucketing, 1_000_000);
  if (!found.ok) throw new Error('refused');
  return found.edges;
}

/** Broken promises of `bucketEdges` that can be seen without knowing the right edges. */
function faults(edges: readonly EpochMs[], range: TimeRange, { unit, count, zone: name }: Bucketing): string[] {
  const found: string[] = [];
  const [first = NaN, second = NaN] = edges;
  if (!(first <= range.from && range.from < second)) found.push('does not begin with the bucket that holds range.from');
  if (!((edges.at(-2) ?? NaN) < range.to && range.to <= (edges.at(-1) ?? NaN))) found.push('does not end at range.to');
  const stepMs = unit === 'second' || unit === 'minute' || unit === 'hour' ? USUAL_MS[unit] * count : 86_400_000;
  edges.forEach((edge, index) => {
    const shown = Temporal.Instant.fromEpochMilliseconds(edge).toZonedDateTimeISO(name);
    const fault = (words: string): number => found.push(`${words}: ${shown.toString()}`);
    if (index > 0 && !(edge > (edges[index - 1] ?? NaN))) fault('not ascending');
    if (bucketIndexOf(edges, edge) !== (index === edges.length - 1 ? -1 : index)) fault('not found');
    if (shown.subtract({ seconds: 1 }).offsetNanoseconds !== shown.offsetNanoseconds) return; // begins with a change
    const inDay = ((shown.hour * 60 + shown.minute) * 60 + shown.second) * 1000 + shown.millisecond;
    if (inDay % stepMs !== 0) fault('not aligned to the clock');
    if (unit === 'week' && shown.dayOfWeek !== 1) fault('no Monday');
    if (unit === 'month' && shown.day !== 1) fault('no first of the month');
    if (unit === 'year' && shown.dayOfYear !== 1) fault('no New Year');
  });
  return found;
}

describe('all zones of this machine', () => {
  // Up to 200 years of buckets follow: the oracle knows nothing of the bound at 2300.
  const instant = fc.integer({ min: Date.UTC(1910, 0, 1), max: Date.UTC(2099, 0, 1) });
  const recent = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2037, 11, 31) });
  const question = fc.record({
    from: fc.oneof({ weight: 1, arbitrary: instant }, { weight: 3, arbitrary: recent }),
    buckets: fc.double({ min: 0, max: 12, noNaN: true }),
    shape: fc.constantFrom(...SHAPES),
  });

  test('edges equal those of the slow oracle and keep their promises', () => {
    for (const name of allZones()) {
      fc.assert(
        fc.property(question, ({ from, buckets, shape }) => {
          const bucketing: Bucketing = { ...shape, zone: name };
          const lengthMs = Math.floor(buckets * USUAL_MS[shape.unit] * shape.count) + 1;
          const range = { from: epochMs(from), to: epochMs(from + lengthMs) };
          const edges = fastEdges(range, bucketing);
          expect(faults(edges, range, bucketing)).toEqual([]);
          expect(edges).toEqual(slowEdges(range, bucketing));
        }),
        { numRuns: 4 },
      );
    }
  });

  test('the newest buckets are the tail of all', () => {
    fc.assert(
      fc.property(fc.constantFrom(...allZones()), question, fc.integer({ min: 1, max: 12 }), (name, asked, limit) => {
        const { from, buckets, shape } = asked;
        const bucketing: Bucketing = { ...shape, zone: name };
        const lengthMs = Math.floor(buckets * 4 * USUAL_MS[shape.unit] * shape.count) + 1;
        const range = { from: epochMs(from), to: epochMs(from + lengthMs) };
        const all = fastEdges(range, bucketing);
        const newest = bucketEdges(range, bucketing, limit, 'newest');
        expect(newest).toMatchObject({ ok: true, truncated: all.length - 1 > limit });
        expect(newest.ok && newest.edges).toEqual(all.slice(-limit - 1));
        expect(bucketEdges(range, bucketing, limit).ok).toBe(all.length - 1 <= limit);
      }),
      { numRuns: 500 },
    );
  });
});

describe('every clock change from 1985 to 2030', () => {
  const NASTY = [...NASTY_ZONES, 'Africa/El_Aaiun', 'America/Asuncion', 'America/Godthab'];
  const HOUR = 3_600_000;
  const WINDOWS: readonly (Pick<Bucketing, 'unit' | 'count'> & { before: number; after: number })[] = [
    { unit: 'hour', count: 1, before: 4 * HOUR + 1, after: 4 * HOUR },
    { unit: 'minute', count: 15, before: 0.5 * HOUR, after: 1.25 * HOUR + 1 },
    { unit: 'day', count: 1, before: 30 * HOUR, after: 30 * HOUR },
    { unit: 'hour', count: 6, before: 9 * HOUR, after: 9 * HOUR },
    // begins inside what the clock repeats, so that the first bucket lies before the change
    { unit: 'hour', count: 2, before: -20 * 60_000, after: 2 * HOUR },
    // begins with the change itself
    { unit: 'day', count: 1, before: 0, after: 1 },
    { unit: 'hour', count: 1, before: 0, after: 1 },
    { unit: 'minute', count: 45, before: 0, after: 1 },
  ];

  function changes(name: ZoneId): number[] {
    const found: number[] = [];
    let at = Temporal.PlainDate.from('1985-01-01').toZonedDateTime(name);
    for (;;) {
      const next = at.getTimeZoneTransition('next');
      if (next === null || next.year > 2030) return found;
      found.push(next.epochMilliseconds);
      at = next;
    }
  }

  test.each(NASTY)('%s', (text) => {
    const name = zone(text);
    for (const change of changes(name)) {
      for (const { unit, count, before, after } of WINDOWS) {
        const range = { from: epochMs(change - before), to: epochMs(change + after) };
        const bucketing: Bucketing = { unit, count, zone: name };
        const edges = fastEdges(range, bucketing);
        const where = `${String(count)} ${unit} at ${new Date(change).toISOString()}`;
        expect(edges, where).toEqual(slowEdges(range, bucketing));
      }
    }
  });

  test('the list has what it is there for', () => {
    const found = NASTY.map((name) => changes(zone(name)).length);
    expect(Math.min(...found)).toBeGreaterThan(0);
    expect(found.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1500);
  });
});
