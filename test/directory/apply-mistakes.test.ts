import { describe, expect, test } from 'vitest';
import { directoryVersion } from '../../src/store/records/directory-version.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { worldOn } from './support/world.ts';

const PRODUCTS = `products:
      - {system_name: maps}
      - system_name: weather
        metrics: [{system_name: hits, methods: [{system_name: search}]}]
        plans: [{system_name: free}]`;

describe.each(engines)('mistakes that applying finds, on $name', ({ newStore }) => {
  const newWorld = async () => worldOn(await migrated(newStore));

  test('a name that nobody has is told with its path, and nothing is changed', async () => {
    const world = await newWorld();
    const file = `
organizations:
  - key: NORTH
    name: North
    parent: WEST
    members: [{user: nobody@north.example, role: owner}]
    products:
      - {system_name: maps}
      - system_name: weather
        plans: [{system_name: free, limits: [{metric: hit, period: day, value: 1}, {metric: search, period: day, value: 1}]}]
    accounts:
      - {org_name: Lab, applications: [{product: wether, plan: free, name: W}, {product: weather, plan: fre, name: W}, {product: maps, plan: free, name: M}]}
    apps: [{name: Shop, members: [{user: nobody@north.example}]}]
    deployments: [{name: Hall, permissions: [{user: nobody@north.example, right: view}]}]
    oauth_clients: [{type: public, grant: password, owner: nobody@north.example}]
`;
    expect(await world.mistakes(file)).toEqual([
      'organizations[0].parent: unknown organization "WEST" (line 5)',
      'organizations[0].members[0].user: unknown user "nobody@north.example" (line 6)',
      'organizations[0].products[1].plans[0].limits[0].metric: unknown metric "hit" (line 10)',
      'organizations[0].products[1].plans[0].limits[1].metric: unknown metric "search" (line 10)',
      'organizations[0].accounts[0].applications[0].product: unknown product "wether" (line 12)',
      'organizations[0].accounts[0].applications[1].plan: unknown plan "fre" (line 12)',
      'organizations[0].accounts[0].applications[2].plan: unknown plan "free" (line 12)',
      'organizations[0].apps[0].members[0].user: unknown user "nobody@north.example" (line 13)',
      'organizations[0].deployments[0].permissions[0].user: unknown user "nobody@north.example" (line 14)',
      'organizations[0].oauth_clients[0].owner: unknown user "nobody@north.example" (line 15)',
    ]);
    expect(await directoryVersion(world.records.db)).toBe(0);
    expect(await world.records.db.selectFrom('organizations').selectAll().execute()).toEqual([]);
  });

  test('names of another tenant are unknown', async () => {
    const world = await newWorld();
    await world.apply(
      `organizations: [{key: SOUTH, name: S, ${'products: [{system_name: weather, plans: [{system_name: free}]}]'}}]`,
    );
    expect(
      await world.mistakes(
        'organizations: [{key: NORTH, name: N, accounts: [{org_name: L, applications: [{product: weather, plan: free, name: W}]}]}]',
      ),
    ).toEqual(['organizations[0].accounts[0].applications[0].product: unknown product "weather" (line 1)']);
  });

  test('a limit may name a method, and a file what is stored', async () => {
    const world = await newWorld();
    await world.apply(`organizations:
  - key: NORTH
    name: North
    ${PRODUCTS}`);
    expect(
      await world.apply(
        'organizations: [{key: NORTH, products: [{system_name: weather, plans: [{system_name: free, limits: [{metric: search, period: hour, value: 0}]}]}]}]',
      ),
    ).toEqual(['created limit hour in NORTH']);
  });

  test('a new entry needs its required keys; one that is meant to be there is named', async () => {
    const world = await newWorld();
    expect(
      await world.mistakes(
        'organizations: [{key: NORHT, accounts: [{id: 5, applications: [{name: W}]}], native_keys: [{key: th_1}]}]',
      ),
    ).toEqual([
      'organizations[0].name: is missing, and no organization has the key "NORHT" (line 1)',
      'organizations[0].native_keys[0].scopes: is missing (line 1)',
      'organizations[0].accounts[0].org_name: is missing, and no account has the id "5" (line 1)',
      'organizations[0].accounts[0].applications[0].product: is missing (line 1)',
      'organizations[0].accounts[0].applications[0].plan: is missing (line 1)',
    ]);
  });

  test.each([
    ['users: [{email: ada@b.example}, {email: ADA@b.example}]', ['users[1].email: is also that of users[0] (line 1)']],
    [
      'users: [{email: a@b.example, username: x}, {email: b@b.example, username: x}]',
      ['users[1].username: is also that of users[0] (line 1)'],
    ],
    [
      'organizations: [{key: A, name: A}, {key: A, name: B}]',
      ['organizations[1].key: is also that of organizations[0] (line 1)'],
    ],
    [
      'organizations: [{key: A, name: A, native_keys: [{key: th_1, scopes: [read]}]}, {key: B, name: B, native_keys: [{key: th_1, scopes: [read]}]}]',
      ['organizations[1].native_keys[0].key: is also that of organizations[0].native_keys[0] (line 1)'],
    ],
    [
      'organizations: [{key: A, name: A, app_tokens: [t, t]}]',
      ['organizations[0].app_tokens[1]: is also that of organizations[0].app_tokens[0] (line 1)'],
    ],
    [
      'organizations: [{key: A, name: A, products: [{system_name: p, metrics: [{system_name: m, methods: [{system_name: m}]}]}]}]',
      [
        'organizations[0].products[0].metrics[0].methods[0].system_name: is also that of organizations[0].products[0].metrics[0] (line 1)',
      ],
    ],
    [
      'organizations: [{key: A, name: A, accounts: [{id: 1, org_name: L}, {id: 1, org_name: M}]}]',
      ['organizations[0].accounts[1].id: is also that of organizations[0].accounts[0] (line 1)'],
    ],
    [
      'organizations: [{key: A, name: A, deployments: [{key: D, name: D, arrays: [{key: X, name: X}]}, {key: E, name: E, arrays: [{key: X, name: X}]}]}]',
      [
        'organizations[0].deployments[1].arrays[0].key: is also that of organizations[0].deployments[0].arrays[0] (line 1)',
      ],
    ],
    [
      'organizations: [{key: A, name: A, parent: C}, {key: B, name: B, parent: A}, {key: C, name: C, parent: B}, {key: D, name: D, parent: A}]',
      [
        'organizations[0].parent: makes the organization its own ancestor (line 1)',
        'organizations[1].parent: makes the organization its own ancestor (line 1)',
        'organizations[2].parent: makes the organization its own ancestor (line 1)',
      ],
    ],
    [
      'organizations: [{key: A, name: A, parent: A}]',
      ['organizations[0].parent: makes the organization its own ancestor (line 1)'],
    ],
    [
      'users: [{email: a@b.example, password: x, sso_only: true}]',
      ['users[0].sso_only: cannot be true beside a password (line 1)'],
    ],
    [
      'users: [{email: a@b.example}]\norganizations: [{key: A, name: A, oauth_clients: [{type: public, grant: client-credentials, owner: a@b.example}]}]',
      ['organizations[0].oauth_clients[0].type: must be confidential for the grant client-credentials (line 2)'],
    ],
    [
      'organizations: [{key: A, name: A, deployments: [{key: list, name: D}]}]',
      ['organizations[0].deployments[0].key: cannot be "list", which is a route (line 1)'],
    ],
  ])('%s', async (file, said) => {
    const world = await newWorld();
    expect(await world.mistakes(file)).toEqual(said);
    expect(await directoryVersion(world.records.db)).toBe(0);
  });

  test('a circle through what is stored is found', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: A, name: A}, {key: B, name: B, parent: A}, {key: C, name: C, parent: B}]');
    expect(await world.mistakes('organizations: [{key: A, parent: C}]')).toEqual([
      'organizations[0].parent: makes the organization its own ancestor (line 1)',
    ]);
    expect(await world.apply('organizations: [{key: A, parent: C}, {key: B, parent: null}]')).toEqual([
      'changed organization A: parent',
      'changed organization B: parent',
    ]);
  });

  test('what belongs to another tenant cannot be taken', async () => {
    const world = await newWorld();
    await world.apply(`organizations:
      - key: SOUTH
        name: South
        native_keys: [{key: th_s, scopes: [read]}]
        app_tokens: [tok_s]
        provider: {provider_key: pk_s}
        products: [{system_name: p, service_tokens: [st_s]}]
        apps: [{id: 5f0000000000000000000001, key: appkey, name: S}]`);
    expect(
      await world.mistakes(`organizations:
      - key: NORTH
        name: North
        native_keys: [{key: th_s, scopes: [admin]}]
        app_tokens: [tok_s]
        provider: {provider_key: pk_s}
        products: [{system_name: p, service_tokens: [st_s]}]
        apps: [{id: 5f0000000000000000000001, name: N}, {key: appkey, name: N}]`),
    ).toEqual([
      'organizations[0].native_keys[0].key: is used by another organization (line 4)',
      'organizations[0].app_tokens[0]: is used by another organization (line 5)',
      'organizations[0].provider.provider_key: is taken by another provider (line 6)',
      'organizations[0].products[0].service_tokens[0]: is used by another organization (line 7)',
      'organizations[0].apps[0].id: is used by another organization (line 8)',
      'organizations[0].apps[1].key: is used by another organization (line 8)',
    ]);
  });

  test('one entry cannot be two stored ones, nor two entries the same', async () => {
    const world = await newWorld();
    await world.apply(
      `organizations: [{key: N, name: N, products: [{id: 1, system_name: a}, {id: 2, system_name: b}]}]`,
    );
    expect(await world.mistakes('organizations: [{key: N, products: [{id: 1, system_name: b}]}]')).toEqual([
      'organizations[0].products[0].system_name: is that of another product (line 1)',
    ]);
    expect(await world.mistakes('organizations: [{key: N, products: [{id: 1}, {system_name: a}]}]')).toEqual([
      'organizations[0].products[1].system_name: is the product of organizations[0].products[0] (line 1)',
    ]);
  });

  test('an application that changes its product needs a plan of the new one', async () => {
    const world = await newWorld();
    const plan = 'plans: [{system_name: free}]';
    await world.apply(`organizations: [{key: N, name: N, products: [{system_name: a, ${plan}}, {system_name: b, ${plan}}],
      accounts: [{id: 1, org_name: L, applications: [{id: 41, product: a, plan: free, name: W}]}]}]`);
    const file = (text: string) => `organizations: [{key: N, accounts: [{id: 1, applications: [{id: 41, ${text}}]}]}]`;
    expect(await world.mistakes(file('product: b'))).toEqual([
      'organizations[0].accounts[0].applications[0].plan: is missing: give a plan of the new product (line 1)',
    ]);
    expect(await world.mistakes(file('plan: gold'))).toEqual([
      'organizations[0].accounts[0].applications[0].plan: unknown plan "gold" (line 1)',
    ]);
    expect(await world.apply(file('product: b, plan: free'))).toEqual(['changed application 41 in N: product, plan']);
    expect(await world.apply(file('plan: free'))).toEqual([]);
  });

  test('an id never changes', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: N, name: N, products: [{id: 1, system_name: a}]}]');
    expect(await world.mistakes('organizations: [{key: N, products: [{id: 2, system_name: a}]}]')).toEqual([
      'organizations[0].products[0].id: cannot be changed from 1 (line 1)',
    ]);
  });

  test('a user name that is taken is refused, one that is made up avoids it', async () => {
    const world = await newWorld();
    await world.apply('users: [{email: ada@north.example}]');
    expect(await world.mistakes('users: [{email: b@north.example, username: ada}]')).toEqual([
      'users[0].username: is taken by another user (line 1)',
    ]);
    await world.apply('users: [{email: ada@south.example}, {email: ada@west.example}]');
    const users = await world.records.db.selectFrom('users').select('username').orderBy('id').execute();
    expect(users).toEqual([
      { username: 'ada' },
      { username: expect.stringMatching(/^ada-[0-9a-f]{4}$/) },
      { username: expect.stringMatching(/^ada-[0-9a-f]{4}$/) },
    ]);
  });

  test('a revoked key does not come back with the file', async () => {
    const world = await newWorld();
    const file = 'organizations: [{key: N, name: N, native_keys: [{key: th_1, scopes: [read]}]}]';
    await world.apply(file);
    await world.records.db.updateTable('native_keys').set({ revoked_at: world.clock.at }).execute();
    expect(await world.mistakes(file)).toEqual([
      'organizations[0].native_keys[0].key: was revoked: choose another (line 1)',
    ]);
  });
});
