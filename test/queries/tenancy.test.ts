import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OrganizationId, Scope } from '../../src/domain/scope.ts';
import { dimensionsOf } from '../../src/domain/streams/dimensions.ts';
import { streamNames, streams, type StreamName } from '../../src/domain/streams/index.ts';
import type { Question } from '../../src/domain/question.ts';
import type { ExportFormat } from '../../src/queries/export/export-question.ts';
import { createExports } from '../../src/queries/export/export.ts';
import { createLive } from '../../src/queries/live/live.ts';
import { bucket, NOW, worldOf, range, table, type FactRow } from './world.ts';

const DAY = range('2025-06-02T00:00:00Z', '2025-06-03T00:00:00Z');
const ROWS: Readonly<Record<StreamName, FactRow>> = {
  requests: { time: '2025-06-02T11:59:30Z', service: 'secret', url: '/secret', user: 'secret' },
  usage: { time: '2025-06-02T11:59:30Z', product: 'secret', application: 666, metric: 'secret' },
  sessions: { time: '2025-06-02T11:59:30Z', app: 'secret', device: 'secret', country: 'secret', begun: 1 },
  events: {
    time: '2025-06-02T11:59:30Z',
    app: 'secret',
    device: 'secret',
    key: 'secret',
    segmentation: '{"a":"secret"}',
  },
  visits: { time: '2025-06-02T11:59:30Z', device: 'secret', array: 'secret', deployment: 'secret' },
  inventory: { time: '2025-06-02T11:59:30Z', kind: 'project', uid: 'secret' },
};

const world = worldOf();
let mine: OrganizationId;
let theirs: OrganizationId;
let nobody: OrganizationId;
beforeAll(async () => {
  mine = world.newOrganization();
  theirs = world.newOrganization();
  nobody = world.newOrganization();
  for (const stream of streamNames) {
    const own = Object.fromEntries(
      Object.entries(ROWS[stream]).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replace('secret', 'open') : value === 666 ? 1 : value,
      ]),
    );
    await world.insert(stream, mine, [{ ...own, time: '2025-06-02T11:59:30Z' }]);
    await world.insert(stream, theirs, [ROWS[stream], ROWS[stream]]);
  }
});

/** Every question there can be about a stream, filters that try to reach beyond included. */
function anyQuestion(stream: StreamName, scope: Scope): fc.Arbitrary<Question> {
  const declaration = streams[stream];
  const names = [...dimensionsOf(declaration).keys()];
  const texts = names.filter((name) => dimensionsOf(declaration).get(name)?.type.kind === 'text');
  const text = fc.constantFrom('secret', '/secret', 'sec', "') OR 1=1 OR service IN ('", '%', '\\');
  return fc.record({
    stream: fc.constant(stream),
    scope: fc.constant(scope),
    range: fc.constantFrom(
      DAY,
      { from: DAY.from, to: NOW },
      { from: NOW, to: DAY.to },
      range('2020-01-01', '2030-01-01'),
    ),
    bucket: fc.constantFrom(null, bucket('year'), bucket('day', 'Asia/Kathmandu')),
    measures: fc.subarray(
      declaration.measures.map(({ name }) => name),
      { minLength: 1 },
    ),
    dimensions: fc.subarray(names, { maxLength: 3 }),
    filters: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      fc.array(
        fc.record({
          dimension: fc.constantFrom(...texts),
          operator: fc.constantFrom('in', 'not_in', 'contains', 'starts_with'),
          values: fc.array(text, { maxLength: 3 }),
        }),
        { maxLength: 2 },
      ),
      fc.constant([{ dimension: 'organization', operator: 'in' as const, values: [2] }]),
      fc.constant([{ dimension: 'organization', operator: 'not_in' as const, values: [1] }]),
    ),
    fill: fc.boolean(),
    rollups: fc.constantFrom('auto', 'never'),
    limit: fc.constantFrom(10, 0, 100_000),
    offset: fc.constantFrom(0, 1),
  });
}

describe('no question reads what its scope does not hold', () => {
  test.each(streamNames)('%s: another organization’s rows neither show nor count', async (stream) => {
    const questions = fc.sample(anyQuestion(stream, { organizations: [mine] }), { numRuns: 60, seed: 7 });
    for (const question of questions) {
      const answer = await world.ask(question);
      const seen = answer.rows.flatMap(({ dimensions }) => dimensions).filter((value) => /secret|666/.test(`${value}`));
      expect(seen).toEqual([]);
      const rows = question.measures.indexOf('rows');
      for (const { measures, dimensions } of answer.rows) {
        if (rows >= 0) expect(Number(measures[rows])).toBeLessThanOrEqual(1);
        const organization = question.dimensions.indexOf('organization');
        if (organization >= 0) expect(dimensions[organization]).toBe(mine);
      }
    }
  });

  test.each(streamNames)('%s: an organization without rows sees none, an empty scope asks nothing', async (stream) => {
    const measures = ['rows'];
    const asked = { stream, range: DAY, measures, fill: true, bucket: bucket('day') } as const;
    expect(table(await world.ask({ ...asked, scope: { organizations: [nobody] } }))).toEqual([[0, 0]]);
    expect(table(await world.ask({ ...asked, scope: { organizations: [] } }))).toEqual([[0, 0]]);
    expect(table(await world.ask({ ...asked, bucket: null, scope: { organizations: [] } }))).toEqual([[0]]);
    const page = { ...asked, bucket: null, scope: { organizations: [] }, dimensions: ['organization'], limit: 5 };
    expect(await world.ask(page)).toMatchObject({ rows: [], totalRows: 0 });
  });

  test('the scope decides, whatever the filters say', async () => {
    const asked = { stream: 'requests', range: DAY, measures: ['rows'], dimensions: ['organization'] } as const;
    const of = async (...organizations: OrganizationId[]): Promise<unknown> =>
      table(await world.ask({ ...asked, scope: { organizations } }));
    expect(await of(mine)).toEqual([[mine, 1]]);
    expect(await of(mine, theirs, nobody)).toEqual([
      [mine, 1],
      [theirs, 2],
    ]);
    expect(table(await world.ask({ ...asked, scope: { organizations: 'all' } }))).toEqual([
      [mine, 1],
      [theirs, 2],
    ]);
    const filters = [{ dimension: 'organization', operator: 'in', values: [theirs] }] as const;
    expect(table(await world.ask({ ...asked, filters, scope: { organizations: [mine] } }))).toEqual([]);
  });

  test('a scope narrowed further', async () => {
    const asked = { stream: 'events', range: DAY, measures: ['rows'] } as const;
    const seen = async (only: Scope['only'], rollups: 'auto' | 'never'): Promise<unknown> =>
      table(
        await world.ask({
          ...asked,
          rollups,
          scope: { organizations: [mine, theirs], ...(only === undefined ? {} : { only }) },
        }),
      );
    for (const rollups of ['auto', 'never'] as const) {
      expect(await seen({ app: ['open'] }, rollups)).toEqual([[1]]);
      expect(await seen({ app: ['open', 'secret'], key: ['secret'] }, rollups)).toEqual([[2]]);
      expect(await seen({ app: [] }, rollups)).toEqual([[0]]);
      // The rollup of events knows no device.
      expect(await seen({ device: ['open'] }, rollups)).toEqual([[1]]);
      expect(await seen(undefined, rollups)).toEqual([[3]]);
    }
  });

  test('live counts and exports keep to the scope', async () => {
    const live = createLive({ facts: world.facts, clock: { now: () => NOW } });
    const counts = await live.counts({ scope: { organizations: [mine] }, step: 'minute', steps: 5 }, { tag: 'test' });
    expect(counts.ok && counts.value.streams).toEqual({
      requests: [0, 0, 0, 1, 0],
      usage: [0, 0, 0, 1, 0],
      sessions: [0, 0, 0, 1, 0],
      events: [0, 0, 0, 1, 0],
      visits: [0, 0, 0, 1, 0],
      inventory: [0, 0, 0, 1, 0],
    });
    const exports = createExports({ facts: world.facts, barrier: () => Promise.resolve(NOW) });
    const names = new Map([
      [mine, 'me'],
      [theirs, 'them'],
    ]);
    for (const stream of streamNames) {
      for (const format of ['csv', 'ndjson', 'parquet'] satisfies ExportFormat[]) {
        const read = async (scope: Scope, organizations: typeof names): Promise<string> => {
          const opened = await exports.open({ stream, scope, range: DAY, format, organizations }, { tag: 'test' });
          if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
          return Buffer.concat(await opened.value.toArray()).toString('latin1');
        };
        expect(await read({ organizations: [mine] }, names)).not.toMatch(/them|secret|666/);
        expect(await read({ organizations: 'all' }, new Map([[mine, 'me']]))).not.toMatch(/secret|666/);
        expect(await read({ organizations: [mine, theirs] }, names)).toMatch(/them/);
      }
    }
  });
});
