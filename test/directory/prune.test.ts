import { describe, expect, test } from 'vitest';
import { engines, migrated } from '../store/records/engines.ts';
import { worldOn } from './support/world.ts';

describe.each(engines)('prune on $name', ({ newStore }) => {
  const newWorld = async () => worldOn(await migrated(newStore));

  test('without it nothing is removed', async () => {
    const world = await newWorld();
    await world.apply(
      'users: [{email: a@b.example}]\norganizations: [{key: N, name: N, native_keys: [{key: th_1, scopes: [read]}]}]',
    );
    expect(await world.apply('users: []\norganizations: [{key: N, native_keys: []}]')).toEqual([]);
    expect(await world.apply('organizations: []')).toEqual([]);
  });

  test('with it goes what a list in the file does not name', async () => {
    const world = await newWorld();
    await world.apply(`
users: [{email: a@b.example}, {email: c@d.example}]
organizations:
  - key: N
    name: N
    members: [{user: a@b.example, role: owner}, {user: c@d.example, role: member}]
    native_keys: [{key: th_key_one, scopes: [read]}, {key: th_key_two, scopes: [read]}]
    app_tokens: [t1, t2]
    products: [{system_name: p, plans: [{system_name: x}, {system_name: y}], service_tokens: [s1, s2]}]`);
    expect(
      await world.apply(
        `
organizations:
  - key: N
    members: [{user: a@b.example}]
    native_keys: [{key: th_key_one}]
    app_tokens: [t2]
    products: [{system_name: p, plans: [{system_name: y}], service_tokens: []}]`,
        { prune: true },
      ),
    ).toEqual([
      'removed member c@d.example in N',
      'removed native key th_ke… in N',
      'removed application token in N',
      'removed service token in N',
      'removed service token in N',
      'removed plan x in N',
    ]);
  });

  test('a list that the file does not have is not touched', async () => {
    const world = await newWorld();
    await world.apply(`
users: [{email: a@b.example}]
organizations: [{key: N, name: N, app_tokens: [t1], products: [{system_name: p, plans: [{system_name: x}]}]}]`);
    expect(await world.apply('organizations: [{key: N, products: [{system_name: p}]}]', { prune: true })).toEqual([]);
  });

  test('the metric hits stays, its methods go', async () => {
    const world = await newWorld();
    await world.apply(
      'organizations: [{key: N, name: N, products: [{system_name: p, metrics: [{system_name: hits, methods: [{system_name: a}]}, {system_name: m}]}]}]',
    );
    expect(
      await world.apply('organizations: [{key: N, products: [{system_name: p, metrics: []}]}]', { prune: true }),
    ).toEqual(['removed metric m in N']);
    expect(
      await world.apply(
        'organizations: [{key: N, products: [{system_name: p, metrics: [{system_name: hits, methods: []}]}]}]',
        { prune: true },
      ),
    ).toEqual(['removed method a in N']);
  });

  test('what stands in a removed entry goes with it', async () => {
    const world = await newWorld();
    await world.apply(`
users: [{email: a@b.example}]
organizations:
  - {key: N, name: N}
  - key: S
    name: S
    parent: N
    members: [{user: a@b.example, role: owner}]
    accounts: [{org_name: L, users: [{username: u, email: u@l.example}]}]
    deployments: [{key: D, name: D, arrays: [{key: A, name: A, devices: [{key: X, name: X}]}]}]`);
    expect(await world.apply('organizations: [{key: N}]', { prune: true })).toEqual(['removed organization S']);
    for (const table of ['memberships', 'accounts', 'account_users', 'deployments', 'arrays', 'devices'] as const) {
      expect(await world.records.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  test('the number of a removed organization is never given again', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: A, name: A}, {key: B, name: B}]');
    await world.apply('organizations: [{key: A}]', { prune: true });
    await world.apply('organizations: [{key: C, name: C}]');
    const rows = await world.records.db.selectFrom('organizations').select(['id', 'key']).orderBy('id').execute();
    expect(rows).toEqual([
      { id: 1, key: 'A' },
      { id: 3, key: 'C' },
    ]);
  });

  test('what something that stays needs is not removed, and nothing else either', async () => {
    const world = await newWorld();
    await world.apply(`
users: [{email: a@b.example}]
organizations:
  - key: N
    name: N
    products: [{system_name: p, plans: [{system_name: x}, {system_name: y}]}]
    accounts: [{id: 1, org_name: L, applications: [{id: 41, product: p, plan: x, name: W}]}]
  - {key: S, name: S, parent: N}`);
    expect(
      await world.mistakes(
        `users: []
organizations:
  - {key: S, members: [{user: a@b.example, role: owner}]}`,
        { prune: true },
      ),
    ).toEqual([
      'organizations[0].members[0].user: unknown user "a@b.example" (line 3)',
      'organizations: cannot do without "N": it is the parent of organizations[0] (line 3)',
    ]);
    const plans = 'organizations: [{key: N, products: [{system_name: p, plans: [{system_name: y}]}]';
    expect(await world.mistakes(`${plans}}, {key: S}]`, { prune: true })).toEqual([
      'organizations[0].products[0].plans: cannot do without "x": application 41 is on it (line 1)',
    ]);
    // Moved to the other plan in the same file, or gone with its account, it is no hindrance.
    const moved = 'accounts: [{id: 1, applications: [{id: 41, plan: y}]}]';
    expect(await world.apply(`${plans}, ${moved}}, {key: S}]`, { prune: true })).toEqual([
      'changed application 41 in N: plan',
      'removed plan x in N',
    ]);
    expect(
      await world.apply('organizations: [{key: N, products: [{system_name: p, plans: []}], accounts: []}, {key: S}]', {
        prune: true,
      }),
    ).toEqual(['removed plan y in N', 'removed account 1 in N']);
  });

  test('a removed user makes room for its name, a moved device survives its array', async () => {
    const world = await newWorld();
    await world.apply('users: [{email: old@b.example, username: ada}]');
    expect(await world.apply('users: [{email: new@b.example, username: ada}]', { prune: true })).toEqual([
      'created user new@b.example',
      'removed user old@b.example',
    ]);
    const arrays = (text: string) =>
      `organizations: [{key: N, name: N, deployments: [{key: D, name: D, arrays: [${text}]}]}]`;
    await world.apply(arrays('{key: A1, name: A, devices: [{key: X, name: X}, {key: Y, name: Y}]}'));
    expect(await world.apply(arrays('{key: A2, name: B, devices: [{key: X}]}'), { prune: true })).toEqual([
      'created array A2 in N',
      'changed device X in N: array',
      'removed array A1 in N',
    ]);
    expect(await world.records.db.selectFrom('devices').select('key').execute()).toEqual([{ key: 'X' }]);
  });

  test('a key that was pruned may come back, unlike one that was revoked', async () => {
    const world = await newWorld();
    const file = 'organizations: [{key: N, name: N, native_keys: [{key: th_1, scopes: [read]}]}]';
    await world.apply(file);
    await world.apply('organizations: [{key: N, native_keys: []}]', { prune: true });
    expect(await world.apply(file)).toEqual(['created native key th… in N']);
  });

  test('a new password and a disabled user end the sessions', async () => {
    const world = await newWorld();
    const { db } = world.records;
    await world.apply('users: [{email: a@b.example, password: one}]');
    const session = {
      kind: 't',
      principal: '{}',
      organization_id: null,
      app_token_id: null,
      data: '{}',
      expires_at: null,
    };
    const times = { created_at: world.clock.at, last_seen_at: world.clock.at };
    const open = async () =>
      db
        .insertInto('sessions')
        .values({ ...session, ...times, id_hash: 'x', user_id: 1 })
        .execute();
    const left = async () => (await db.selectFrom('sessions').selectAll().execute()).length;
    await open();
    await world.apply('users: [{email: a@b.example, first_name: Ada}]');
    expect(await left()).toBe(1);
    await world.apply('users: [{email: a@b.example, password: two}]');
    expect(await left()).toBe(0);
    await open();
    await world.apply('users: [{email: a@b.example, enabled: false}]');
    expect(await left()).toBe(0);
  });
});
