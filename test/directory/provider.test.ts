import { describe, expect, test } from 'vitest';
import type { ApplicationFilter } from '../../src/directory/provider/applications.ts';
import { createProviderDirectory } from '../../src/directory/provider/provider-directory.ts';
import { organizationId } from '../../src/domain/scope.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import { DIRECTORY } from '../dialects/threescale/support/world.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { worldOn } from './support/world.ts';

const ALL = { page: 1, perPage: 500 };

describe.each(engines)('what a provider has configured, on $name', ({ newStore }) => {
  test('lists, pages and filters are the same on every engine', async () => {
    const world = worldOn(await migrated(newStore));
    await world.apply(DIRECTORY);
    const directory = createProviderDirectory(world);
    const organization = async (key: string) => {
      const query = world.records.db.selectFrom('organizations').select('id').where('key', '=', key);
      return organizationId((await query.executeTakeFirstOrThrow()).id);
    };
    const [north, south] = [await organization('NORTH'), await organization('SOUTH')];
    const ids = async (filter: ApplicationFilter, page = ALL) => {
      const { items, total } = await directory.applications(north, filter, page);
      return [items.map(({ id }) => id), total];
    };

    expect(await ids({})).toEqual([[41, 42, 43, 44, 45, 46], 6]);
    expect(await ids({}, { page: 2, perPage: 4 })).toEqual([[45, 46], 6]);
    expect(await ids({}, { page: Number.MAX_SAFE_INTEGER, perPage: 500 })).toEqual([[], 6]);
    expect(await ids({ planType: 'free' })).toEqual([[41, 42, 43, 44], 4]);
    expect(await ids({ planType: 'paid' })).toEqual([[45, 46], 2]);
    expect(await ids({ nameContains: 'ÄD' })).toEqual([[43], 1]);
    expect(await ids({ userKey: 'uk_45' })).toEqual([[45], 1]);
    expect(await ids({ product: 7, account: 18, state: 'live', plan: 4 })).toEqual([[45], 1]);
    expect(await ids({ createdFrom: epochMs(Date.parse('2024-03-05T00:00:00Z')) })).toEqual([[44, 45, 46], 3]);
    expect(await ids({ keeps: (id, first) => id === 41 || first !== null })).toEqual([[41, 45], 2]);
    expect(await ids({ state: 'live', keeps: () => true }, { page: 2, perPage: 3 })).toEqual([[46], 4]);

    expect(await directory.application(north, { appId: 'a1b2c3d4' })).toMatchObject({
      id: 42,
      account: { id: 17, orgName: "Ann's lab" },
      product: { id: 8, systemName: 'maps', backendVersion: '2' },
      plan: { id: 6, costPerMonth: 0, isDefault: false },
      userKey: null,
      appKeys: ['k1', 'k2'],
    });
    expect(await directory.application(north, { userKey: 'uk_45' })).toMatchObject({ id: 45, userKey: 'uk_45' });
    expect(await directory.application(north, { userKey: 'uk_sol' })).toBeNull();
    expect(await directory.application(south, { id: 41 })).toMatchObject({ name: 'Sol' });
    expect((await directory.applicationsById(north, [46, 41, 410, 46])).map(({ id }) => id)).toEqual([41, 46]);

    expect(await directory.accounts(north, { state: null }, { page: 2, perPage: 2 })).toMatchObject({
      items: [{ id: 19, plans: [] }],
      total: 3,
    });
    expect(await directory.account(north, 17)).toMatchObject({ plans: [{ id: 1, name: 'Default', default: true }] });
    expect(await directory.account(south, 18)).toBeNull();
    expect(await directory.accountOfUser(north, { email: 'zoe@beta.example' })).toMatchObject({ id: 18 });
    expect(await directory.accountOfUser(south, { username: 'zoe' })).toBeNull();
    expect((await directory.users(north, [18, 17])).map(({ id }) => id)).toEqual([23, 30, 31]);
    expect(await directory.users(north, [18], { state: null, role: 'owner' })).toEqual([]);

    expect(await directory.products(north, { page: 1, perPage: 2 })).toMatchObject({
      total: 3,
      items: [{ id: 7 }, { id: 8 }],
    });
    expect((await directory.metrics(north, [7])).map(({ id, parent, unit }) => [id, parent, unit])).toEqual([
      [11, null, 'hit'],
      [12, 11, 'hit'],
      [13, 11, 'hit'],
      [14, null, 'byte'],
    ]);
    expect((await directory.plans(north, { product: 7 })).map(({ id, setupFee }) => [id, setupFee])).toEqual([
      [3, 0],
      [4, 0],
      [5, 10],
    ]);
    expect(await directory.limits(north, { plan: 3 }, { page: 2, perPage: 2 })).toMatchObject({
      items: [{ metric: 12, period: 'hour', value: 50 }],
      total: 3,
    });
    expect(await directory.limits(south, { plan: 3 }, null)).toEqual({ items: [], total: 0 });
  });
});
