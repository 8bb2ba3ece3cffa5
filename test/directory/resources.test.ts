import { describe, expect, test } from 'vitest';
import { mistakeText } from '../../src/directory/file/mistake.ts';
import type { Reach } from '../../src/directory/resources/reach.ts';
import { createResources, type Refusal } from '../../src/directory/resources/resources.ts';
import { organizationId } from '../../src/domain/scope.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { NOON, worldOn } from './support/world.ts';

const FILE = `
users:
  - {email: ada@north.example, password: correct-horse, username: ada, timezone: America/New_York}
  - {email: eve@south.example, password: eve-of-south, username: eve}
organizations:
  - key: NORTH
    uid: blt0000000000000001
    name: North
    members: [{user: ada@north.example, role: owner}]
    native_keys: [{key: th_north_key_1, scopes: [ingest, read, admin], label: first}]
    app_tokens: [tok_1]
    provider: {provider_key: pk, access_tokens: [{token: at_1, scopes: [stats]}]}
    products:
      - {id: 7, system_name: weather, service_tokens: [st_1], metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}],
         plans: [{id: 3, system_name: free, limits: [{metric: search, period: day, value: 5}]}]}
    accounts: [{id: 17, org_name: Lab, users: [{id: 23, username: ann, email: ann@lab.example}],
      applications: [{id: 41, product: weather, plan: free, name: Widget, user_key: uk_41, referrer_filters: [a.example]}]}]
    apps: [{id: 5f0000000000000000000001, name: Shop, members: [{user: ada@north.example}]}]
    deployments: [{key: HALL1, name: Hall, permissions: [{user: ada@north.example, right: edit}], arrays: [{key: DOOR1, name: Door, devices: [{key: MAT1, name: Mat}]}]}]
    oauth_clients: [{client_id: cid1, type: public, grant: password, owner: ada@north.example}]
  - {key: LAB, name: Lab, parent: NORTH}
  - {key: SOUTH, name: South, members: [{user: eve@south.example, role: owner}], products: [{id: 7, system_name: maps}]}
`;

const everything: Reach = { organizations: 'all', home: null, actor: 'test' };

describe.each(engines)('the directory entry by entry, on $name', ({ newStore }) => {
  const newWorld = async () => {
    const world = worldOn(await migrated(newStore));
    await world.apply(FILE);
    let refreshed = 0;
    const resources = createResources({ ...world, refresh: async () => void refreshed++ });
    const named = (name: string) => {
      const resource = resources.all.find((one) => one.name === name);
      if (resource === undefined) throw new Error(`no resource ${name}`);
      return resource;
    };
    const ids = await world.records.db.selectFrom('organizations').select(['id', 'key']).execute();
    const idOf = (key: string) => organizationId(ids.find((one) => one.key === key)?.id ?? 0);
    const north: Reach = {
      organizations: new Set([idOf('NORTH'), idOf('LAB')]),
      home: idOf('NORTH'),
      actor: 'key th_nort…',
    };
    return {
      ...world,
      north,
      refreshes: () => refreshed,
      names: resources.all.map(({ name }) => name),
      list: async (name: string, path: string[] = [], reach = everything, limit = 100) => {
        const page = await resources.list(named(name), reach, path, { limit });
        return page.ok ? page.value.items.map(({ address }) => address) : page.problem;
      },
      page: (name: string, path: string[], page: { limit: number; after?: string }) =>
        resources.list(named(name), everything, path, page),
      get: async (name: string, path: string[], reach = everything) => {
        const item = await resources.get(named(name), reach, path);
        return item.ok ? item.value : item.problem;
      },
      create: async (name: string, path: string[], body: unknown, reach = everything) => {
        const written = await resources.create(named(name), reach, path, body);
        return written.ok ? written.value : said(written.problem);
      },
      update: async (name: string, path: string[], body: unknown, reach = everything) => {
        const written = await resources.update(named(name), reach, path, body);
        return written.ok ? written.value : said(written.problem);
      },
      remove: async (name: string, path: string[], reach = everything) => {
        const removed = await resources.remove(named(name), reach, path);
        return removed.ok ? 'removed' : said(removed.problem);
      },
    };
  };
  const said = (refusal: Refusal) => (refusal.kind === 'problem' ? refusal.problem : refusal.mistakes.map(mistakeText));

  test('there is one for each list of the file', async () => {
    expect((await newWorld()).names).toEqual([
      'users',
      'organizations',
      'organizations.members',
      'organizations.native_keys',
      'organizations.app_tokens',
      'organizations.stacks',
      'organizations.provider',
      'organizations.provider.access_tokens',
      'organizations.products',
      'organizations.products.service_tokens',
      'organizations.products.metrics',
      'organizations.products.metrics.methods',
      'organizations.products.plans',
      'organizations.products.plans.limits',
      'organizations.accounts',
      'organizations.accounts.users',
      'organizations.accounts.applications',
      'organizations.accounts.applications.app_keys',
      'organizations.accounts.applications.referrer_filters',
      'organizations.apps',
      'organizations.apps.members',
      'organizations.deployments',
      'organizations.deployments.permissions',
      'organizations.deployments.arrays',
      'organizations.deployments.arrays.devices',
      'organizations.oauth_clients',
    ]);
  });

  test('entries are shown as the file would have them, without secrets', async () => {
    const { get } = await newWorld();
    expect(await get('organizations', ['NORTH'])).toEqual({
      address: 'NORTH',
      entry: {
        name: 'North',
        uid: 'blt0000000000000001',
        key: 'NORTH',
        parent: null,
        timezone: null,
        sso: false,
        analytics_enabled: true,
        suspended: false,
      },
      prefix: null,
      createdAt: NOON,
      updatedAt: NOON,
    });
    expect(await get('organizations', ['blt0000000000000001'])).toMatchObject({ address: 'NORTH' });
    expect(await get('organizations', ['LAB'])).toMatchObject({ entry: { parent: 'NORTH' } });
    expect(await get('users', ['ADA@north.example'])).toEqual({
      address: 'ada@north.example',
      entry: {
        email: 'ada@north.example',
        sso_only: false,
        username: 'ada',
        uid: expect.stringMatching(/^blt/),
        first_name: null,
        last_name: null,
        timezone: 'America/New_York',
        super_ops: false,
        enabled: true,
      },
      prefix: null,
      createdAt: NOON,
      updatedAt: NOON,
    });
    expect(await get('organizations.native_keys', ['NORTH', '1'])).toEqual({
      address: '1',
      entry: { scopes: ['ingest', 'read', 'admin'], label: 'first' },
      prefix: 'th_nort',
      createdAt: NOON,
      updatedAt: null,
    });
    expect(await get('organizations.products.plans.limits', ['NORTH', 'weather', 'free', '1'])).toMatchObject({
      entry: { metric: 'search', period: 'day', value: 5 },
    });
    expect(await get('organizations.accounts.applications', ['NORTH', '17', '41'])).toMatchObject({
      address: '41',
      entry: {
        id: 41,
        product: 'weather',
        plan: 'free',
        name: 'Widget',
        state: 'live',
        app_id: null,
        created_at: '2026-11-12T08:15:00Z',
        first_traffic_at: null,
      },
    });
    expect(
      await get('organizations.apps.members', ['NORTH', '5f0000000000000000000001', 'ada@north.example']),
    ).toMatchObject({
      address: 'ada@north.example',
      entry: { user: 'ada@north.example', role: 'user' },
    });
    expect(await get('organizations.provider', ['NORTH'])).toMatchObject({ entry: {} });
    expect(await get('organizations.products.metrics.methods', ['NORTH', '7', 'hits', 'search'])).toMatchObject({
      entry: { id: 12, system_name: 'search', friendly_name: 'Search' },
    });
  });

  test('lists hold what stands in an entry, page by page', async () => {
    const { list, page, apply } = await newWorld();
    expect(await list('organizations')).toEqual(['NORTH', 'LAB', 'SOUTH']);
    expect(await list('organizations.products.metrics', ['NORTH', 'weather'])).toEqual(['11']);
    expect(await list('organizations.deployments.arrays.devices', ['NORTH', 'HALL1', 'DOOR1'])).toEqual(['MAT1']);
    expect(await list('organizations.accounts.applications.referrer_filters', ['NORTH', '17', '41'])).toEqual([
      'a.example',
    ]);
    expect(await list('organizations.provider', ['SOUTH'])).toEqual([]);
    const accounts = Array.from({ length: 25 }, (_, i) => `{id: ${100 + i}, org_name: A${i}}`);
    await apply(`organizations: [{key: SOUTH, accounts: [${accounts.join()}]}]`);
    const first = await page('organizations.accounts', ['SOUTH'], { limit: 10 });
    expect(first).toMatchObject({ ok: true, value: { next: '109' } });
    const last = await page('organizations.accounts', ['SOUTH'], { limit: 10, after: '119' });
    expect(last).toMatchObject({ ok: true, value: { next: null } });
    expect(last.ok && last.value.items.map(({ address }) => address)).toEqual(['120', '121', '122', '123', '124']);
    expect(await page('organizations.accounts', ['SOUTH'], { limit: 10, after: 'x' })).toEqual({
      ok: false,
      problem: { kind: 'invalid_field', field: 'after', reason: 'is not the end of a page' },
    });
  });

  test('what is not there is named', async () => {
    const { get, list, remove, update } = await newWorld();
    expect(await get('organizations', ['WEST'])).toEqual({ kind: 'not_found', what: 'organization', key: 'WEST' });
    expect(await list('organizations.products.plans', ['NORTH', 'maps'])).toEqual({
      kind: 'not_found',
      what: 'product',
      key: 'maps',
    });
    for (const address of ['', '0', '99999999999999999999', 'a\u0000b', '\ud800', 'x'.repeat(1000), '__proto__']) {
      const missing = { kind: 'not_found', what: 'product', key: address };
      expect(await get('organizations.products', ['NORTH', address])).toEqual(missing);
      expect(await update('organizations.products', ['NORTH', address], {})).toEqual(missing);
      expect(await remove('organizations.products', ['NORTH', address])).toEqual(missing);
    }
  });

  test('an entry is made by the rules of the file', async () => {
    const { create, get, refreshes } = await newWorld();
    const key = await create('organizations.native_keys', ['NORTH'], { scopes: ['read'], label: 'second' });
    expect(key).toEqual({
      item: {
        address: '2',
        entry: { scopes: ['read'], label: 'second' },
        prefix: expect.stringMatching(/^th_[0-9a-f]{5}$/),
        createdAt: NOON,
        updatedAt: null,
      },
      created: true,
      secrets: [
        {
          kind: 'native key',
          name: expect.stringMatching(/^th_/),
          organization: 'NORTH',
          path: '',
          field: 'key',
          value: expect.stringMatching(/^th_[0-9a-f]{40}$/),
        },
      ],
    });
    expect(refreshes()).toBe(1);
    // An equal one is another one.
    expect(await create('organizations.native_keys', ['NORTH'], { scopes: ['read'], label: 'second' })).toMatchObject({
      item: { address: '3' },
    });
    expect(
      await create('organizations.accounts.applications', ['NORTH', '17'], {
        product: 'weather',
        plan: 'free',
        name: 'Next',
      }),
    ).toMatchObject({ item: { address: '42', entry: { id: 42 } }, secrets: [{ field: 'user_key' }] });
    expect(await create('organizations.products', ['NORTH'], { system_name: 'maps' })).toMatchObject({
      item: { entry: { id: 8, name: 'maps', backend_version: '1' } },
    });
    expect(await get('organizations.products.metrics', ['NORTH', 'maps', 'hits'])).toMatchObject({
      entry: { friendly_name: 'Hits', unit: 'hit' },
    });
    expect(await create('organizations', [], { name: 'West' })).toMatchObject({ item: { address: 'WEST' } });
    expect(await create('organizations.app_tokens', ['NORTH'], { token: 'tok_2' })).toMatchObject({ created: true });
    expect(
      await create('organizations.deployments.permissions', ['NORTH', 'HALL1'], {
        user: 'eve@south.example',
        right: 'view',
      }),
    ).toMatchObject({
      item: { address: 'eve@south.example' },
    });
  });

  test('mistakes have the field as their path', async () => {
    const { create, update } = await newWorld();
    expect(await create('organizations.native_keys', ['NORTH'], { scopes: ['write'], colour: 1 })).toEqual([
      'scopes[0]: must be one of ingest, read, admin',
      'colour: unknown key',
    ]);
    expect(await create('organizations.native_keys', ['NORTH'], {})).toEqual(['scopes: is missing']);
    expect(await create('organizations.native_keys', ['NORTH'], null)).toEqual(['must be a set of keys and values']);
    expect(await create('organizations.products', ['NORTH'], { system_name: 'weather' })).toEqual([
      'system_name: is that of another product',
    ]);
    expect(
      await create('organizations.accounts.applications', ['NORTH', '17'], {
        product: 'maps',
        plan: 'free',
        name: 'x',
      }),
    ).toEqual(['product: unknown product "maps"']);
    expect(
      await update('organizations.products.plans.limits', ['NORTH', 'weather', 'free', '1'], { metric: 'hit' }),
    ).toEqual(['metric: unknown metric "hit"']);
    expect(await update('organizations', ['NORTH'], { parent: 'LAB' })).toEqual([
      'parent: makes the organization its own ancestor',
    ]);
    expect(await update('organizations.accounts', ['NORTH', '17'], { id: 18 })).toEqual([
      'id: cannot be changed from 17',
    ]);
    expect(await create('organizations.provider', ['NORTH'], {})).toEqual({
      kind: 'conflict',
      what: 'provider',
      reason: 'exists already',
    });
  });

  test('a change leaves alone what it does not name', async () => {
    const { get, update, refreshes } = await newWorld();
    expect(await update('organizations', ['NORTH'], { timezone: 'europe/berlin' })).toMatchObject({
      created: false,
      item: { entry: { name: 'North', timezone: 'Europe/Berlin' } },
    });
    expect(await update('organizations', ['NORTH'], {})).toMatchObject({ created: false });
    expect(refreshes()).toBe(1);
    await update('organizations.native_keys', ['NORTH', '1'], { scopes: ['read'] });
    expect(await get('organizations.native_keys', ['NORTH', '1'])).toMatchObject({
      entry: { scopes: ['read'], label: 'first' },
    });
    await update('organizations.accounts.applications', ['NORTH', '17', '41'], { state: 'suspended' });
    expect(await get('organizations.accounts.applications', ['NORTH', '17', '41'])).toMatchObject({
      entry: { state: 'suspended', plan: 'free' },
    });
  });

  test('an entry is removed with what stands in it; a native key stays known as revoked', async () => {
    const { get, list, mistakes, remove, records } = await newWorld();
    expect(await remove('organizations.accounts', ['NORTH', '17'])).toBe('removed');
    expect(await records.db.selectFrom('applications').selectAll().execute()).toEqual([]);
    expect(await remove('organizations.native_keys', ['NORTH', '1'])).toBe('removed');
    expect(await get('organizations.native_keys', ['NORTH', '1'])).toMatchObject({ kind: 'not_found' });
    expect(await list('organizations.native_keys', ['NORTH'])).toEqual([]);
    expect(await mistakes(FILE)).toEqual([
      'organizations[0].native_keys[0].key: was revoked: choose another (line 10)',
    ]);
    expect(
      await records.db
        .selectFrom('audit')
        .select(['event', 'actor', 'subject'])
        .orderBy('id', 'desc')
        .limit(1)
        .execute(),
    ).toEqual([{ event: 'key.revoked', actor: 'test', subject: 'th_nort…' }]);
    expect(await remove('organizations.products.metrics', ['NORTH', 'weather', 'hits'])).toEqual({
      kind: 'conflict',
      what: 'metric',
      reason: 'every product has it',
    });
    expect(await remove('organizations.provider', ['NORTH'])).toBe('removed');
    expect(await remove('organizations', ['NORTH'])).toEqual(['cannot do without "NORTH": it is the parent of LAB']);
    expect(await remove('users', ['ada@north.example'])).toBe('removed');
    expect(await list('organizations.members', ['NORTH'])).toEqual([]);
  });

  test('a plan that an application is on cannot go', async () => {
    const { remove } = await newWorld();
    expect(await remove('organizations.products.plans', ['NORTH', 'weather', 'free'])).toEqual([
      'cannot do without "free": application 41 is on it',
    ]);
  });

  describe('in the hands of an organization', () => {
    test('what belongs to others is not there', async () => {
      const { north, get, list, create, update, remove } = await newWorld();
      expect(await list('organizations', [], north)).toEqual(['NORTH', 'LAB']);
      expect(await list('users', [], north)).toEqual(['ada@north.example']);
      const missing = { kind: 'not_found', what: 'organization', key: 'SOUTH' };
      expect(await get('organizations', ['SOUTH'], north)).toEqual(missing);
      expect(await list('organizations.products', ['SOUTH'], north)).toEqual(missing);
      expect(await create('organizations.native_keys', ['SOUTH'], { scopes: ['admin'] }, north)).toEqual(missing);
      expect(await update('organizations', ['SOUTH'], { name: 'Mine' }, north)).toEqual(missing);
      expect(await remove('organizations.products', ['SOUTH', '7'], north)).toEqual(missing);
      const stranger = { kind: 'not_found', what: 'user', key: 'eve@south.example' };
      expect(await get('users', ['eve@south.example'], north)).toEqual(stranger);
      expect(await update('users', ['eve@south.example'], { password: 'mine' }, north)).toEqual(stranger);
    });

    test('it makes tenants below itself and nowhere else, and does not lift itself', async () => {
      const { north, create, get, update, remove } = await newWorld();
      expect(await create('organizations', [], { name: 'Field' }, north)).toMatchObject({
        item: { entry: { parent: 'NORTH' } },
      });
      expect(await create('organizations', [], { name: 'Cold', parent: 'LAB' }, north)).toMatchObject({
        created: true,
      });
      expect(await create('organizations', [], { name: 'X', parent: 'SOUTH' }, north)).toEqual([
        'parent: unknown organization "SOUTH"',
      ]);
      expect(await create('organizations', [], { name: 'X', parent: null }, north)).toEqual([
        'parent: must stay below your organization',
      ]);
      expect(await update('organizations', ['LAB'], { parent: 'SOUTH' }, north)).toEqual([
        'parent: unknown organization "SOUTH"',
      ]);
      const notYours = { kind: 'not_permitted', needs: 'an administrator of the organization above' };
      expect(await update('organizations', ['NORTH'], { parent: 'SOUTH' }, north)).toEqual(notYours);
      expect(await remove('organizations', ['NORTH'], north)).toEqual(notYours);
      expect(await update('organizations', ['NORTH'], { name: 'N' }, north)).toMatchObject({ created: false });
      expect(await get('organizations', ['NORTH'])).toMatchObject({ entry: { name: 'N', parent: null } });
    });

    test('it changes only the people it made, and makes none of them mightier than itself', async () => {
      const { north, apply, create, update, remove } = await newWorld();
      const maker = { kind: 'not_permitted', needs: 'the administrator who made the user' };
      expect(await update('users', ['ada@north.example'], { password: 'taken-over' }, north)).toEqual(maker);
      expect(await remove('users', ['ada@north.example'], north)).toEqual(maker);
      const bob = { email: 'bob@north.example', password: 'bob-of-north' };
      expect(await create('users', [], { ...bob, super_ops: true }, north)).toEqual({
        kind: 'not_permitted',
        needs: 'an administrator of the instance',
      });
      expect(await create('users', [], bob, north)).toMatchObject({ created: true });
      expect(await update('users', ['bob@north.example'], { super_ops: true }, north)).toMatchObject({
        kind: 'not_permitted',
      });
      expect(await update('users', ['bob@north.example'], { first_name: 'Bob' }, north)).toMatchObject({
        created: false,
      });
      // Once somebody else has given him a right, he is no longer theirs alone.
      await apply('organizations: [{key: SOUTH, members: [{user: bob@north.example, role: admin}]}]');
      expect(await update('users', ['bob@north.example'], { password: 'taken-over' }, north)).toEqual(maker);
    });

    test('people that it does not see are unknown, and no client acts for people with rights elsewhere', async () => {
      const { north, apply, create } = await newWorld();
      expect(
        await create('organizations.members', ['NORTH'], { user: 'eve@south.example', role: 'member' }, north),
      ).toEqual(['user: unknown user "eve@south.example"']);
      const client = { type: 'confidential', grant: 'client-credentials', owner: 'ada@north.example' };
      expect(await create('organizations.oauth_clients', ['NORTH'], client, north)).toMatchObject({ created: true });
      await apply(
        'organizations: [{key: SOUTH, deployments: [{key: S, name: S, permissions: [{user: ada@north.example, right: edit}]}]}]',
      );
      expect(await create('organizations.oauth_clients', ['NORTH'], client, north)).toEqual([
        'owner: has rights outside of your organization, which the client would have too',
      ]);
    });

    test('a key of another tenant is taken, not shown', async () => {
      const { north, apply, create } = await newWorld();
      await apply('organizations: [{key: SOUTH, native_keys: [{key: th_south_1, scopes: [read]}]}]');
      expect(
        await create('organizations.native_keys', ['NORTH'], { key: 'th_south_1', scopes: ['read'] }, north),
      ).toEqual(['key: is that of another native key']);
    });
  });
});
