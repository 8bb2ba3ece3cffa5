import { describe, expect, test } from 'vitest';
import type { OrganizationId } from '../../../src/domain/scope.ts';
import { createTraffic, type FirstTraffic } from '../../../src/queries/traffic/traffic.ts';
import { factsEngines } from '../../support/facts.ts';
import { instant, worldOf } from '../world.ts';

describe.each(factsEngines)('$name', (engine) => {
  const world = worldOf(engine);

  async function traffic(
    organization: OrganizationId,
    only?: readonly number[],
  ): Promise<Record<number, FirstTraffic>> {
    const reads = createTraffic({ facts: world.facts, barrier: async () => {} });
    const narrowed = only === undefined ? {} : { only: { application: only } };
    const found = await reads.firstOf({ organizations: [organization], ...narrowed }, { tag: 'test' });
    if (!found.ok) throw new Error(JSON.stringify(found.problem));
    return Object.fromEntries(found.value);
  }

  test('first use ever, and first use of the latest UTC day with any, of each application of the tenant', async () => {
    const [north, south] = [world.newOrganization(), world.newOrganization()];
    const use = (application: number, time: string, metric = 'hits', value = 1) => ({
      time,
      product: 'weather',
      application,
      metric,
      value,
    });
    await world.insert('usage', north, [
      use(41, '2025-03-02T10:00:00.500Z', 'search'),
      use(41, '2025-03-02T09:59:59.250Z'),
      use(41, '2025-03-09T23:59:59Z'),
      use(42, '1969-12-31T23:59:59.999Z'),
      use(43, '2025-03-09T00:00:00Z', 'hits', 0),
    ]);
    await world.insert('usage', north, [
      use(41, '2025-03-09T00:04:10Z'),
      use(41, '2025-03-08T00:00:00Z'),
      use(42, '1970-01-01T00:00:00Z'),
    ]);
    await world.insert('usage', south, [use(41, '2020-01-01T00:00:00Z')]);

    const of41 = { first: instant('2025-03-02T09:59:59.250Z'), daily: instant('2025-03-09T00:04:10Z') };
    const of42 = { first: instant('1969-12-31T23:59:59.999Z'), daily: instant('1970-01-01T00:00:00Z') };
    expect(await traffic(north)).toEqual({ 41: of41, 42: of42 });
    expect(await traffic(north, [41, 43])).toEqual({ 41: of41 });
    expect(await traffic(north, [])).toEqual({});
    expect(await traffic(world.newOrganization())).toEqual({});
  });
});
