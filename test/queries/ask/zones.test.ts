import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { bucketEdges, bucketIndexOf, type Bucketing, type BucketUnit } from '../../../src/domain/time/buckets.ts';
import { epochMs, type EpochMs, type TimeRange, type ZoneId } from '../../../src/domain/time/instant.ts';
import { allZones, parseZone } from '../../../src/domain/time/zones.ts';
import { bucketIndex, bucketOf } from '../../../src/queries/ask/bucket.sql.ts';
import { groupingOf } from '../../../src/queries/ask/grouping.ts';
import { join, param, sql } from '../../../src/store/facts/sql.ts';
import { column } from '../../../src/store/facts/rows.ts';
import { NASTY_ZONES } from '../../support/nasty-zones.ts';
import { worldOf } from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const world = worldOf();

interface Case {
  readonly name: string;
  readonly edges: readonly EpochMs[];
}

function caseOf(range: TimeRange, bucketing: Bucketing): Case {
  const found = bucketEdges(range, bucketing, 100_000);
  if (!found.ok) throw new Error('too many buckets');
  const { zone, unit, count } = bucketing;
  return { name: `${count} ${unit} ${zone} from ${new Date(range.from).toISOString()}`, edges: found.edges };
}

/** Asks the engine for the bucket of every instant in every case, and holds it against a search in the edges. */
async function agree(cases: readonly Case[], instants: readonly number[]): Promise<number> {
  const groupings = cases.map(({ edges }) => groupingOf(edges));
  const columns = groupings.map((grouping) => bucketOf(grouping, 'time'));
  const times = sql`SELECT fromUnixTimestamp64Milli(arrayJoin(${param.int64s(instants)}), 'UTC') AS time`;
  const rows = await world.facts.query(sql`SELECT toUnixTimestamp64Milli(time), ${join(columns)} FROM (${times})`, {
    tag: 'test',
    rows: { reader: () => (values) => values.map(column.integer) },
  });
  const wrong: string[] = [];
  let compared = 0;
  const read = groupings.map(bucketIndex);
  for (const [at, ...found] of rows) {
    if (at === undefined) continue;
    for (const [index, { edges, name }] of cases.entries()) {
      const expected = bucketIndexOf(edges, epochMs(at));
      // Rows outside of the edges are never asked about.
      if (expected < 0) continue;
      compared++;
      const actual = read[index]?.(found[index] ?? NaN);
      if (actual !== expected) wrong.push(`${name}: ${new Date(at).toISOString()} is in ${expected}, not ${actual}`);
    }
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  return compared;
}

describe('the engine finds the bucket that domain/time finds', () => {
  const units: readonly (readonly [BucketUnit, number, number])[] = [
    ['minute', 7, 3 * DAY],
    ['minute', 15, 20 * DAY],
    ['hour', 1, 90 * DAY],
    ['hour', 7, 90 * DAY],
    ['day', 1, 900 * DAY],
    ['day', 1, 40 * DAY],
    ['week', 1, 900 * DAY],
    ['month', 1, 900 * DAY],
    ['month', 5, 9_000 * DAY],
    ['year', 1, 36_500 * DAY],
  ];

  test('random rows of random ranges in every zone there is', async () => {
    const zones = allZones();
    expect(zones.length).toBeGreaterThan(400);
    const seed = Date.now() % 1_000_000;
    const batches = Math.ceil(zones.length / 60);
    const starts = fc.sample(fc.integer({ min: Date.UTC(1900, 0, 2), max: Date.UTC(2150, 0, 1) }), {
      numRuns: batches,
      seed,
    });
    let compared = 0;
    for (const [batch, from] of starts.entries()) {
      const cases = zones.slice(batch * 60, batch * 60 + 60).map((zone, index) => {
        const [unit, count, lengthMs] = units[(batch + index) % units.length] ?? ['day', 1, DAY];
        return caseOf({ from: epochMs(from), to: epochMs(from + lengthMs) }, { unit, count, zone });
      });
      const edges = cases.flatMap((one) => fc.sample(fc.constantFrom(...one.edges), { numRuns: 20, seed }));
      const lengths = fc.sample(
        fc.tuple(fc.constantFrom(...units.map(([, , ms]) => ms)), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          numRuns: 400,
          seed,
        },
      );
      const instants = [
        ...edges.flatMap((edge) => [edge - 1, edge, edge + 1]),
        ...lengths.map(([ms, part]) => from + Math.floor(ms * part)),
      ];
      compared += await agree(cases, [...new Set(instants)]).catch((error: unknown) => {
        throw new Error(`seed ${seed}, batch ${batch}`, { cause: error });
      });
    }
    expect(compared).toBeGreaterThan(200_000);
  });

  test.each(NASTY_ZONES)('around every clock change from 1985 to 2030: %s', async (name) => {
    const zone = parseZone(name);
    if (zone === null) throw new Error(name);
    const changes = changesOf(zone);
    expect(changes.length).toBeGreaterThan(0);
    const nearby = [
      -DAY - 1,
      -DAY,
      -2 * HOUR,
      -HOUR,
      -HOUR / 2,
      -1,
      0,
      1,
      HOUR / 2 - 1,
      HOUR / 2,
      HOUR - 1,
      HOUR,
      2 * HOUR,
      DAY,
    ];
    const instants = changes.flatMap((change) => nearby.map((ms) => change + ms));
    const years = Array.from({ length: 46 }, (_, index) => {
      const range = { from: epochMs(Date.UTC(1985 + index, 0, 1)), to: epochMs(Date.UTC(1986 + index, 0, 1)) };
      return (['hour', 'day', 'week'] as const).map((unit) => caseOf(range, { unit, count: 1, zone }));
    });
    const whole = { from: epochMs(Date.UTC(1985, 0, 1)), to: epochMs(Date.UTC(2031, 0, 1)) };
    const decades = (['day', 'week', 'month', 'year'] as const).map((unit) => caseOf(whole, { unit, count: 1, zone }));
    const sixHours = caseOf(whole, { unit: 'hour', count: 6, zone });
    const compared = await agree([...years.flat(), ...decades, sixHours], instants);
    // Each instant is in a bucket of each of five long cases and of three of its year at least.
    expect(compared).toBeGreaterThanOrEqual(instants.filter((at) => at >= whole.from && at < whole.to).length * 8);
  });
});

function changesOf(zone: ZoneId): number[] {
  const found: number[] = [];
  let at = Temporal.PlainDate.from('1985-01-01').toZonedDateTime(zone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.year > 2030) return found;
    found.push(next.epochMilliseconds);
    at = next;
  }
}
