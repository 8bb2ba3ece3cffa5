import { describe, expect, test } from 'vitest';
import { createSeriesReads, type SeriesQuestion, type SeriesReads } from '../../../src/queries/series/series.ts';
import { factsEngines } from '../../support/facts.ts';
import { bucket, NOW, range, scope, worldOf, type World } from '../world.ts';

describe.each(factsEngines)('$name', (engine) => {
  const world = worldOf(engine);
  const reads = (of: World): SeriesReads => createSeriesReads({ facts: of.facts, barrier: () => Promise.resolve(NOW) });
  const DAYS = range('2025-03-28T23:00:00Z', '2025-04-01T22:00:00Z');

  async function read(
    organization: ReturnType<World['newOrganization']>,
    more: Partial<SeriesQuestion> = {},
  ): Promise<unknown> {
    const found = await reads(world).read(
      {
        stream: 'usage',
        scope: scope(organization),
        range: DAYS,
        // 30 March has 23 hours.
        bucket: bucket('day', 'Europe/Berlin'),
        dimensions: ['product', 'application'],
        filters: [{ dimension: 'metric', operator: 'in', values: ['hits'] }],
        measure: 'value',
        ...more,
      },
      { tag: 'test' },
    );
    if (!found.ok) return found.problem;
    return found.value
      .map(({ dimensions, values }) => [...dimensions, values])
      .toSorted((a, b) => Number(a[1]) - Number(b[1]));
  }

  const row = (time: string, application: number, value: number, metric = 'hits', product = 'p') => ({
    time,
    application,
    value,
    metric,
    product,
  });

  test('each combination has a value for each bucket, and only who has rows is there', async () => {
    const [organization, other] = [world.newOrganization(), world.newOrganization()];
    await world.insert('usage', organization, [
      row('2025-03-28T22:59:59.999Z', 1, 100),
      row('2025-03-28T23:00:00Z', 1, 1),
      row('2025-03-29T22:59:59.999Z', 1, 2),
      row('2025-03-29T23:00:00Z', 1, 4),
      row('2025-03-30T21:59:59.999Z', 1, 8),
      row('2025-03-30T22:00:00Z', 2, 16),
      row('2025-04-01T21:59:59.999Z', 2, 32),
      row('2025-04-01T22:00:00Z', 2, 100),
      row('2025-03-30T12:00:00Z', 3, 5, 'search'),
      row('2025-03-30T12:00:00Z', 1, 64, 'hits', 'q'),
    ]);
    await world.insert('usage', other, [row('2025-03-30T12:00:00Z', 1, 1000)]);
    const all = [
      ['p', 1, [3, 12, 0, 0]],
      ['q', 1, [0, 64, 0, 0]],
      ['p', 2, [0, 0, 16, 32]],
    ];
    for (const rollups of ['auto', 'never'] as const) {
      const found = (await read(organization, { rollups })) as unknown[][];
      expect(found.toSorted((a, b) => Number(a[1]) - Number(b[1]) || String(a[0]).localeCompare(String(b[0])))).toEqual(
        all,
      );
    }
    expect(
      await read(organization, { scope: { organizations: [organization], only: { application: [2, 3] } } }),
    ).toEqual([all[2]]);
    expect(await read(world.newOrganization())).toEqual([]);
    expect(await read(organization, { scope: { organizations: [] } })).toEqual([]);
  });

  test('more than a question may answer, and tens of thousands of names to look for', async () => {
    const organization = world.newOrganization();
    const rows = Array.from({ length: 30_000 }, (_, index) =>
      row('2025-03-30T12:00:00Z', 1 + index * 7, 1 + (index % 5)),
    );
    await world.insert('usage', organization, rows);
    const wanted = rows.slice(0, 25_000).map(({ application }) => application);
    const found = (await read(organization, {
      scope: { organizations: [organization], only: { application: wanted } },
    })) as [string, number, number[]][];
    expect(found.length).toBe(25_000);
    expect(found[24_999]).toEqual(['p', 1 + 24_999 * 7, [0, 1 + (24_999 % 5), 0, 0]]);
  });

  test('what cannot be asked is told', async () => {
    const organization = world.newOrganization();
    expect(await read(organization, { measure: 'hits' })).toMatchObject({
      kind: 'invalid_field',
      field: 'measures[0]',
    });
    expect(
      await read(organization, {
        bucket: bucket('second'),
        range: range('2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z'),
      }),
    ).toEqual({
      kind: 'too_many_buckets',
      field: 'bucket',
      limit: 10_000,
    });
  });
});
