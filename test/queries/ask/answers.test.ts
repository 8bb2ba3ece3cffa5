import { beforeAll, describe, expect, test } from 'vitest';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { bucket, worldOf, range, scope, table } from '../world.ts';
import type { EpochMs } from '../../../src/domain/time/instant.ts';
import { streams, type StreamDeclaration } from '../../../src/domain/streams/index.ts';
import { askSql } from '../../../src/queries/ask/ask.sql.ts';
import { planOf } from '../../../src/queries/ask/plan.ts';
import { answerRows } from '../../../src/queries/ask/rows.ts';
import { factsEngines } from '../../support/facts.ts';

describe.each(factsEngines)('$name', (engine) => {
  const world = worldOf(engine);
  let north: OrganizationId;
  beforeAll(async () => {
    north = world.newOrganization();
    await world.insert('requests', north, [
      { time: '2025-06-02T07:59:59.999Z', service: 'search', status: 200, bytes: 100, duration_ms: 10, user: 'ada' },
      { time: '2025-06-02T08:00:00.000Z', service: 'search', status: 500, bytes: 0, duration_ms: 0, user: 'ada' },
      { time: '2025-06-02T08:14:59.999Z', service: 'search', count: 3, bytes: 300, user: 'bob' },
      { time: '2025-06-02T09:30:00.000Z', service: 'images', status: 200, bytes: 7, duration_ms: 25, user: 'bob' },
      { time: '2025-06-03T00:00:00.000Z', service: 'images', status: 200 },
    ]);
  });

  const DAY = range('2025-06-02T00:00:00Z', '2025-06-03T00:00:00Z');
  const MORNING = range('2025-06-02T08:00:00Z', '2025-06-02T10:00:00Z');

  test('buckets by edges that no calendar lays', async () => {
    const edges = ['06:30', '08:00', '08:01', '09:30', '13:00'].map((time) => Date.parse(`2025-06-02T${time}:00Z`));
    const asked = {
      stream: 'requests',
      scope: scope(north),
      range: range('2025-06-02T07:00:00Z', '2025-06-02T10:00:00Z'),
      bucket: { edges: edges as EpochMs[] },
      measures: ['count'],
      fill: true,
    } as const;
    expect(table(await world.ask(asked))).toEqual([
      [0, 1],
      [1, 1],
      [2, 3],
      [3, 1],
    ]);
    for (const wrong of [[], edges.slice(2), edges.slice(0, 2), edges.toReversed()]) {
      expect(await world.refusal({ ...asked, bucket: { edges: wrong as EpochMs[] } })).toMatchObject({
        kind: 'invalid_field',
        field: 'bucket.edges',
      });
    }
  });

  describe('totals', () => {
    test('sums, rows, uniques and the mean of the rows that have a value, over a half-open range', async () => {
      const measures = ['count', 'rows', 'bytes', 'duration_ms', 'unique_users', 'unique_things'];
      expect(await world.ask({ stream: 'requests', scope: scope(north), range: DAY, measures })).toEqual({
        rows: [{ bucket: -1, dimensions: [], measures: [6, 4, 407, 35 / 3, 2, 0] }],
        range: DAY,
        buckets: [],
        watermark: Date.UTC(2025, 5, 2, 12),
      });
    });

    test('nothing to count: one row of zeros, and no mean', async () => {
      const measures = ['count', 'duration_ms', 'unique_users'];
      const empty = range('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z');
      for (const rollups of ['auto', 'never'] as const) {
        const answer = await world.ask({ stream: 'requests', scope: scope(north), range: empty, measures, rollups });
        expect(table(answer)).toEqual([[0, null, 0]]);
      }
      const never = { from: DAY.from, to: DAY.from };
      expect(table(await world.ask({ stream: 'requests', scope: scope(north), range: never, measures }))).toEqual([
        [0, null, 0],
      ]);
    });

    test('sums beyond 2^53 arrive exact', async () => {
      const large = world.newOrganization();
      const max = Number.MAX_SAFE_INTEGER;
      await world.insert('requests', large, [
        { time: '2025-06-02T08:00:00Z', service: 'a', bytes: max },
        { time: '2025-06-02T08:01:00Z', service: 'a', bytes: max },
        { time: '2025-06-02T08:02:00Z', service: 'a', bytes: 1 },
        { time: '2025-06-02T08:03:00Z', service: 'b', bytes: max, application: max },
      ]);
      const asked = { stream: 'requests', scope: scope(large), range: DAY, measures: ['bytes'] } as const;
      expect(table(await world.ask({ ...asked, dimensions: ['service'] }))).toEqual([
        ['a', 18_014_398_509_481_983n],
        ['b', 9_007_199_254_740_991],
      ]);
      expect(table(await world.ask({ ...asked, dimensions: ['application'] }))).toEqual([
        [null, 18_014_398_509_481_983n],
        [9_007_199_254_740_991, 9_007_199_254_740_991],
      ]);
    });

    test('extremes, for a stream that declares them: null where nothing has a value', async () => {
      const floor = world.newOrganization();
      await world.insert('visits', floor, [
        { time: '2025-06-02T08:00:00Z', array: 'A', dwell_ms: 0 },
        { time: '2025-06-02T08:00:00Z', array: 'A', dwell_ms: Number.MAX_SAFE_INTEGER },
        { time: '2025-06-02T08:00:00Z', array: 'A' },
        { time: '2025-06-02T08:00:00Z', array: 'B' },
      ]);
      const stream: StreamDeclaration = {
        ...streams.visits,
        measures: (['min', 'max'] as const).map((kind) => ({
          name: kind,
          description: kind,
          unit: 'ms',
          aggregate: { kind, field: 'dwell_ms' },
        })),
      };
      const question = {
        stream: 'visits',
        scope: scope(floor),
        range: DAY,
        bucket: null,
        measures: ['min', 'max'],
        dimensions: ['array'],
        filters: [],
      } as const;
      const { rows } = askSql(stream, question, planOf(stream, question, []), null, null);
      expect(await world.facts.query(rows, { tag: 'test', rows: answerRows(stream, question, null) })).toEqual([
        { bucket: -1, dimensions: ['A'], measures: [0, Number.MAX_SAFE_INTEGER] },
        { bucket: -1, dimensions: ['B'], measures: [null, null] },
      ]);
    });

    test('sums of fractions', async () => {
      const shop = world.newOrganization();
      const row = { time: '2025-06-02T08:00:00Z', app: 'a', device: 'd', key: 'buy' };
      await world.insert('events', shop, [
        { ...row, sum: 0.1, count: 2 },
        { ...row, sum: 0.2 },
        { ...row, sum: 1e17, device: 'e' },
        { ...row, sum: -1e17 },
      ]);
      const measures = ['sum', 'duration', 'count', 'unique_devices'];
      const answer = await world.ask({ stream: 'events', scope: scope(shop), range: DAY, measures });
      expect(answer.rows[0]?.measures).toEqual([expect.closeTo(0.3, 10), 0, 5, 2]);
    });
  });

  describe('buckets', () => {
    test('only buckets with rows, each with its bounds and whether it is over', async () => {
      const answer = await world.ask({
        stream: 'requests',
        scope: scope(north),
        range: { from: MORNING.from, to: range('2025-06-02T08:00:00Z', '2025-06-02T12:30:00Z').to },
        bucket: bucket('hour', 'Asia/Kolkata'),
        measures: ['count'],
      });
      // Half past the hour in Kolkata is the full hour of UTC.
      expect(table(answer)).toEqual([
        [0, 4],
        [2, 1],
      ]);
      expect(
        answer.buckets.map(({ from, to, complete }) => [new Date(from).toISOString(), to - from, complete]),
      ).toEqual([
        ['2025-06-02T07:30:00.000Z', 3_600_000, true],
        ['2025-06-02T08:30:00.000Z', 3_600_000, true],
        ['2025-06-02T09:30:00.000Z', 3_600_000, true],
        ['2025-06-02T10:30:00.000Z', 3_600_000, true],
        ['2025-06-02T11:30:00.000Z', 3_600_000, false],
      ]);
    });

    test('filled: every bucket, zeros where nothing happened, for each combination that occurs', async () => {
      const asked = {
        stream: 'requests',
        scope: scope(north),
        range: MORNING,
        bucket: bucket('hour'),
        fill: true,
      } as const;
      expect(table(await world.ask({ ...asked, measures: ['count', 'duration_ms'] }))).toEqual([
        [0, 4, 0],
        [1, 1, 25],
      ]);
      expect(table(await world.ask({ ...asked, measures: ['count', 'duration_ms'], dimensions: ['service'] }))).toEqual(
        [
          [0, 'images', 0, null],
          [0, 'search', 4, 0],
          [1, 'images', 1, 25],
          [1, 'search', 0, null],
        ],
      );
      expect(
        table(
          await world.ask({
            ...asked,
            measures: ['count'],
            dimensions: ['service'],
            order: [{ by: 'count', direction: 'descending' }],
            limit: 2,
            offset: 1,
          }),
        ),
      ).toEqual([
        [1, 'images', 1],
        [0, 'images', 0],
      ]);
    });

    test('a day of 25 hours', async () => {
      const berlin = world.newOrganization();
      await world.insert('requests', berlin, [
        { time: '2025-10-25T21:59:59.999Z', service: 'a' },
        { time: '2025-10-25T22:00:00.000Z', service: 'a', count: 10 },
        { time: '2025-10-26T22:59:59.999Z', service: 'a', count: 100 },
        { time: '2025-10-26T23:00:00.000Z', service: 'a', count: 1000 },
      ]);
      const answer = await world.ask({
        stream: 'requests',
        scope: scope(berlin),
        range: range('2025-10-24T22:00:00Z', '2025-10-27T23:00:00Z'),
        bucket: bucket('day', 'Europe/Berlin'),
        measures: ['count'],
      });
      expect(table(answer)).toEqual([
        [0, 1],
        [1, 110],
        [2, 1000],
      ]);
      expect(answer.buckets.map(({ from, to }) => (to - from) / 3_600_000)).toEqual([24, 25, 24]);
    });
  });

  describe('dimensions', () => {
    test('rows in ascending byte order; absent values are null and come first', async () => {
      const odd = world.newOrganization();
      await world.insert('requests', odd, [
        { time: '2025-06-02T08:00:00Z', service: 's', url: '/z' },
        { time: '2025-06-02T08:00:00Z', service: 's', url: '/\u00e9' },
        { time: '2025-06-02T08:00:00Z', service: 's', url: '/Z', status: 404 },
        { time: '2025-06-02T08:00:00Z', service: 's', url: '/😀' },
        { time: '2025-06-02T08:00:00Z', service: 's', url: '/\uff5e' },
        { time: '2025-06-02T08:00:00Z', service: 's' },
      ]);
      const answer = await world.ask({
        stream: 'requests',
        scope: scope(odd),
        range: DAY,
        measures: ['rows'],
        dimensions: ['url', 'status', 'organization'],
      });
      expect(table(answer)).toEqual([
        [null, null, odd, 1],
        ['/Z', 404, odd, 1],
        ['/z', null, odd, 1],
        ['/\u00e9', null, odd, 1],
        ['/\uff5e', null, odd, 1],
        ['/😀', null, odd, 1],
      ]);
    });

    test('a page in an order of its own, with the number of all rows; ties in the default order', async () => {
      const paged = world.newOrganization();
      const rows = ['a', 'b', 'c', 'd', 'e'].flatMap((service, index) =>
        Array.from({ length: index === 2 ? 3 : 1 }, () => ({ time: '2025-06-02T08:00:00Z', service })),
      );
      await world.insert('requests', paged, rows);
      const asked = {
        stream: 'requests',
        scope: scope(paged),
        range: DAY,
        measures: ['count'],
        dimensions: ['service'],
        order: [{ by: 'count', direction: 'descending' }],
      } as const;
      const first = await world.ask({ ...asked, limit: 2 });
      expect([table(first), first.totalRows]).toEqual([
        [
          ['c', 3],
          ['a', 1],
        ],
        5,
      ]);
      const second = await world.ask({ ...asked, limit: 2, offset: 2 });
      expect([table(second), second.totalRows]).toEqual([
        [
          ['b', 1],
          ['d', 1],
        ],
        5,
      ]);
      const rest = await world.ask({ ...asked, offset: 4 });
      expect([table(rest), rest.totalRows]).toEqual([[['e', 1]], 5]);
      const beyond = await world.ask({ ...asked, limit: 2, offset: 6 });
      expect([table(beyond), beyond.totalRows]).toEqual([[], 5]);
      const none = await world.ask({ ...asked, limit: 0 });
      expect([table(none), none.totalRows]).toEqual([[], 5]);
      expect(await world.ask({ ...asked })).not.toHaveProperty('totalRows');
    });

    test('ordered by a mean, the unknown one is smallest', async () => {
      const slow = world.newOrganization();
      await world.insert('visits', slow, [
        { time: '2025-06-02T08:00:00Z', device: 'D1', dwell_ms: 30 },
        { time: '2025-06-02T08:00:00Z', device: 'D2' },
        { time: '2025-06-02T08:00:00Z', device: 'D3', dwell_ms: 10 },
      ]);
      const by = async (direction: 'ascending' | 'descending', rollups: 'auto' | 'never'): Promise<unknown> =>
        table(
          await world.ask({
            stream: 'visits',
            scope: scope(slow),
            range: DAY,
            measures: ['dwell_ms'],
            dimensions: ['device'],
            order: [{ by: 'dwell_ms', direction }],
            rollups,
          }),
        ).map(([device]) => device);
      for (const rollups of ['auto', 'never'] as const) {
        expect(await by('ascending', rollups)).toEqual(['D2', 'D3', 'D1']);
        expect(await by('descending', rollups)).toEqual(['D1', 'D3', 'D2']);
      }
    });
  });

  describe('what is refused', () => {
    test('a question that is wrong, before anything is read', async () => {
      const asked = { stream: 'requests', scope: scope(north), range: DAY, measures: ['count'] } as const;
      expect(await world.refusal({ ...asked, measures: ['count', 'hits'] })).toMatchObject({ field: 'measures[1]' });
      expect(
        await world.refusal({ ...asked, bucket: bucket('second', 'UTC'), range: range('2025-01-01', '2025-01-03') }),
      ).toEqual({ kind: 'too_many_buckets', field: 'bucket', limit: 100_000 });
    });

    test('an answer of too many rows', async () => {
      const wide = world.newOrganization();
      const rows = Array.from({ length: 100_001 }, (_, index) => ({
        time: DAY.from + index,
        service: 's',
        url: `/${index}`,
      }));
      await world.insert('requests', wide, rows);
      const asked = {
        stream: 'requests',
        scope: scope(wide),
        range: DAY,
        measures: ['rows'],
        dimensions: ['url'],
      } as const;
      expect(await world.refusal(asked)).toEqual({ kind: 'query_limit', limit: 'rows' });
      const page = await world.ask({ ...asked, limit: 1, order: [{ by: 'url', direction: 'descending' }] });
      expect([table(page), page.totalRows]).toEqual([[['/99999', 1]], 100_001]);
      expect(await world.refusal({ ...asked, limit: 10, bucket: bucket('day'), fill: true })).toEqual({
        kind: 'query_limit',
        limit: 'rows',
      });
      const few = { ...asked, filters: [{ dimension: 'url', operator: 'starts_with', values: ['/9999'] }] } as const;
      expect(await world.refusal({ ...few, bucket: bucket('second'), fill: true })).toEqual({
        kind: 'query_limit',
        limit: 'rows',
      });
    });
  });
});
