import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CalendarQuestion, Filter, Question } from '../../../src/domain/question.ts';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { streams, type StreamName } from '../../../src/domain/streams/index.ts';
import { bucketEdges, type BucketUnit } from '../../../src/domain/time/buckets.ts';
import { epochMs, type ZoneId } from '../../../src/domain/time/instant.ts';
import { allZones, parseZone } from '../../../src/domain/time/zones.ts';
import { planOf } from '../../../src/queries/ask/plan.ts';
import { worldOf, type FactRow } from '../world.ts';

const DAY = 86_400_000;
const SLOT = 900_000;
const ROLLED = ['requests', 'usage', 'events', 'visits'] as const satisfies StreamName[];
/** Around clock changes, the epoch, a zone at -00:44:30, and the turn of a year that is also one of partitions. */
const CENTERS = [
  '2024-03-10T07:00:00Z',
  '2024-10-06T15:30:00Z',
  '1970-01-01T00:00:00Z',
  '1971-06-01T00:44:30Z',
  '2025-12-31T23:00:00Z',
];

const world = worldOf();
let organizations: readonly OrganizationId[];
beforeAll(async () => {
  organizations = [world.newOrganization(), world.newOrganization(), world.newOrganization()];
  for (const stream of ROLLED) {
    for (const organization of organizations) {
      // Several inserts, so that a slot's sums lie in several parts.
      for (let part = 0; part < 3; part++) await world.insert(stream, organization, randomRows(stream, 700));
    }
  }
});

function randomRows(stream: StreamName, rows: number): FactRow[] {
  const values = fc.record(columns[stream], { requiredKeys: [] });
  return fc.sample(fc.tuple(instants, values), rows).map(([time, row]) => ({ ...row, time }));
}

const centers = fc.constantFrom(...CENTERS.map((text) => Date.parse(text)));
const offsets = fc.oneof(
  fc.integer({ min: -3 * DAY, max: 3 * DAY }),
  // At the borders of slots, where half-open matters.
  fc.tuple(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -1, max: 1 })).map(([slot, ms]) => slot * SLOT + ms),
);
const instants = fc.tuple(centers, offsets).map(([center, ms]) => center + ms);
/** Some days mostly, decades sometimes. */
const ranges = fc
  .oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(centers, offsets, offsets).map(([center, a, b]) => [center + a, center + b] as const),
    },
    fc.tuple(instants, instants),
  )
  .map(([a, b]) => ({ from: epochMs(Math.min(a, b)), to: epochMs(Math.max(a, b)) }));
const few = (prefix: string): fc.Arbitrary<string> => fc.constantFrom('a', 'b', 'ü', 'c').map((text) => prefix + text);
const count = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000 }), fc.constant(Number.MAX_SAFE_INTEGER));
const statuses = fc.constantFrom(200, 404, 500);
const durations = fc.integer({ min: 0, max: 60_000 });
const columns: Readonly<Record<StreamName, Record<string, fc.Arbitrary<string | number>>>> = {
  requests: {
    service: few('s'),
    url: few('/'),
    method: fc.constantFrom('GET', 'POST'),
    status: statuses,
    cache: few('c'),
    stack: few('k'),
    bytes: count,
    count,
    duration_ms: durations,
  },
  usage: {
    product: few('p'),
    application: fc.constantFrom(1, 2, 2 ** 53 - 1),
    metric: few('m'),
    value: count,
    code: statuses,
  },
  sessions: { app: few('a'), device: few('d'), begun: fc.constantFrom(0, 1), duration: durations },
  events: { app: few('a'), device: few('d'), key: few('k'), count },
  visits: {
    device: few('D'),
    array: few('A'),
    deployment: few('X'),
    count,
    dwell_ms: durations,
    direction: fc.constantFrom('in', 'out'),
  },
  inventory: {},
};

const NASTY = ['Australia/Lord_Howe', 'America/New_York', 'Asia/Kathmandu', 'Africa/Monrovia', 'America/Guyana', 'UTC'];
const zones: fc.Arbitrary<ZoneId> = fc.oneof(
  fc.constantFrom(...NASTY.flatMap((name) => parseZone(name) ?? [])),
  fc.constantFrom(...allZones()),
);
const buckets = fc.option(
  fc.record({
    unit: fc.constantFrom<BucketUnit>('minute', 'hour', 'day', 'week', 'month', 'year'),
    count: fc.constantFrom(1, 15, 30, 6),
    zone: zones,
  }),
);

function filtersOf(stream: StreamName, dimensions: readonly string[]): fc.Arbitrary<readonly Filter[]> {
  const one = fc.constantFrom(...dimensions).chain((dimension) =>
    fc.record({
      dimension: fc.constant(dimension),
      operator: fc.constantFrom('in' as const, 'not_in' as const),
      values: fc.array(fc.option(columns[stream][dimension] ?? fc.constant('elsewhere')), { maxLength: 3 }),
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(one, { maxLength: 2 }));
}

function questions(name: StreamName): fc.Arbitrary<CalendarQuestion> {
  const stream = streams[name];
  return fc.constantFrom(...stream.rollups).chain((rollup) => {
    return fc
      .record({
        organizations: fc.oneof(fc.constant('all' as const), fc.subarray([...organizations], { minLength: 1 })),
        range: ranges,
        bucket: buckets,
        measures: fc.subarray([...rollup.measures], { minLength: 1 }),
        dimensions: fc.subarray(['organization', ...rollup.dimensions], { maxLength: 2 }),
        filters: filtersOf(name, rollup.dimensions),
        fill: fc.boolean(),
        page: fc.option(fc.record({ limit: fc.integer({ min: 0, max: 20 }), offset: fc.constantFrom(0, 3) })),
        descending: fc.boolean(),
      })
      .map(({ organizations: scope, page, descending, ...rest }): CalendarQuestion => ({
        stream: name,
        scope: { organizations: scope },
        ...rest,
        ...page,
        order: descending ? [{ by: rest.measures[0] ?? '', direction: 'descending' }] : [],
      }));
  });
}

describe('a rollup gives the answer of the raw rows', () => {
  test.each(ROLLED)('%s: any question a rollup covers, over any range, in any zone', async (name) => {
    let rolled = 0;
    let mixed = 0;
    await fc.assert(
      fc.asyncProperty(questions(name), async (question) => {
        const edges =
          question.bucket === null ? { ok: true, edges: [] } : bucketEdges(question.range, question.bucket, 2_000);
        fc.pre(edges.ok);
        const plan = planOf(streams[name], question, 'edges' in edges ? edges.edges : []);
        if (plan.rollup !== null) rolled++;
        if (plan.rollup !== null && plan.raw.length > 0) mixed++;
        const [auto, raw] = [await put(question, 'auto'), await put(question, 'never')];
        expect(auto).toEqual(raw);
      }),
      { numRuns: 80 },
    );
    expect(rolled).toBeGreaterThan(20);
    expect(mixed).toBeGreaterThan(10);
  });
});

/** The answer, or the problem of one that is too large. */
async function put(question: Question, rollups: 'auto' | 'never'): Promise<unknown> {
  const result = await world.questions.ask({ ...question, rollups }, { tag: 'test' });
  return result.ok ? result.value : result.problem;
}
