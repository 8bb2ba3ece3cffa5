import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { directoryVersion } from '../../src/store/records/directory-version.ts';
import { engines, migrated, opened } from '../store/records/engines.ts';
import { NOON, worldOn } from './support/world.ts';

const EXAMPLE = readFileSync('examples/directory.yaml', 'utf8');

describe.each(engines)('apply on $name', ({ newStore }) => {
  const newWorld = async () => worldOn(await migrated(newStore));

  test('what the file lists is created, each entry once', async () => {
    const world = await newWorld();
    expect(await world.apply(EXAMPLE)).toEqual([
      'created user ada@north.example',
      'created user olu@south.example',
      'created organization NORTH',
      'created organization NORTH_LAB',
      'created organization SOUTH',
      'created member ada@north.example in NORTH',
      'created member olu@south.example in SOUTH',
      'created native key th_no… in NORTH',
      'created native key th_nort… in NORTH_LAB',
      'created native key th_so… in SOUTH',
      'created application token in NORTH',
      'created stack Website in NORTH',
      'created provider in NORTH',
      'created access token in NORTH',
      'created product weather in NORTH',
      'created service token in NORTH',
      'created metric hits in NORTH',
      'created method search in NORTH',
      'created plan evaluation in NORTH',
      'created limit day in NORTH',
      'created account 17 in NORTH',
      'created account user ann in NORTH',
      'created application 41 in NORTH',
      'created app Shop app in NORTH',
      'created app member ada@north.example in NORTH',
      'created deployment 7QX2B in NORTH',
      'created permission ada@north.example in NORTH',
      'created array 1AMDK in NORTH',
      'created device D00017 in NORTH',
      'created OAuth client cid1 in NORTH',
      'created OAuth client cid2 in NORTH',
    ]);
  });

  test('the same file again changes nothing, not even the version', async () => {
    const world = await newWorld();
    await world.apply(EXAMPLE);
    const version = await directoryVersion(world.records.db);
    expect(await world.report(EXAMPLE)).toEqual({ changes: [], secrets: [] });
    expect(await world.report(EXAMPLE, { prune: true })).toEqual({ changes: [], secrets: [] });
    expect(await directoryVersion(world.records.db)).toBe(version);
  });

  test('the rows hold what the file says, and no secret', async () => {
    const world = await newWorld();
    await world.apply(EXAMPLE);
    const { db } = world.records;
    const organization = await db.selectFrom('organizations').selectAll().where('key', '=', 'NORTH').executeTakeFirst();
    expect(organization).toMatchObject({
      uid: 'blt0000000000000001',
      name: 'North',
      parent_id: null,
      timezone: 'America/New_York',
      sso: 0,
      analytics_enabled: 1,
      suspended: 0,
      public_id: expect.stringMatching(/^[0-9a-f]{24}$/),
      created_at: NOON,
    });
    const lab = await db.selectFrom('organizations').selectAll().where('key', '=', 'NORTH_LAB').executeTakeFirst();
    expect(lab?.parent_id).toBe(organization?.id);
    expect(
      await db.selectFrom('native_keys').selectAll().where('prefix', '=', 'th_no').executeTakeFirst(),
    ).toMatchObject({
      // sha256 of th_north_1
      key_hash: '9670bb406222982acf63bc8fd4c56778aec3a66801cb4431f61864e379d5e0d5',
      scopes: '["ingest","read","admin"]',
      revoked_at: null,
    });
    expect(await db.selectFrom('applications').selectAll().executeTakeFirst()).toMatchObject({
      id: 41,
      account_id: 17,
      product_id: 7,
      plan_id: 3,
      state: 'live',
      app_id: null,
      created_at: 1_794_471_300_000,
      first_traffic_at: null,
    });
    expect(
      await db.selectFrom('metrics').select(['id', 'parent_id', 'system_name', 'unit']).orderBy('id').execute(),
    ).toEqual([
      { id: 11, parent_id: null, system_name: 'hits', unit: 'hit' },
      { id: 12, parent_id: 11, system_name: 'search', unit: null },
    ]);
    expect(await db.selectFrom('plan_limits').select(['plan_id', 'metric_id', 'period', 'value']).execute()).toEqual([
      { plan_id: 3, metric_id: 11, period: 'day', value: 1000 },
    ]);
    const everything = JSON.stringify([
      await db.selectFrom('users').selectAll().execute(),
      await db.selectFrom('native_keys').selectAll().execute(),
      await db.selectFrom('app_tokens').selectAll().execute(),
      await db.selectFrom('providers').selectAll().execute(),
      await db.selectFrom('access_tokens').selectAll().execute(),
      await db.selectFrom('service_tokens').selectAll().execute(),
      await db.selectFrom('applications').selectAll().execute(),
      await db.selectFrom('apps').selectAll().execute(),
      await db.selectFrom('oauth_clients').selectAll().execute(),
      await db.selectFrom('audit').selectAll().execute(),
    ]);
    for (const secret of [
      'correct-horse',
      '0123456789abcdef0123456789abcdef',
      'th_north_1',
      'tok_tr50_1',
      'pk_north',
      'at_1',
      'st_1',
      'uk_41',
      'appkey1',
      's3cret',
    ]) {
      expect(everything).not.toContain(secret);
    }
  });

  test('secrets that have to be shown again are sealed', async () => {
    const world = await newWorld();
    await world.apply(EXAMPLE);
    const { db } = world.records;
    const open = (sealed: string | null | undefined, purpose: string) => world.sealing.open(sealed ?? '', purpose);
    const ada = await db.selectFrom('users').selectAll().where('username', '=', 'ada').executeTakeFirst();
    expect(open(ada?.countly_api_key_sealed, 'users.countly_api_key_sealed')).toBe('0123456789abcdef0123456789abcdef');
    const app = await db.selectFrom('apps').selectAll().executeTakeFirst();
    expect(open(app?.key_sealed, 'apps.key_sealed')).toBe('appkey1');
    const application = await db.selectFrom('applications').selectAll().executeTakeFirst();
    expect(open(application?.user_key_sealed, 'applications.user_key_sealed')).toBe('uk_41');
    const token = await db.selectFrom('service_tokens').selectAll().executeTakeFirst();
    expect(open(token?.token_sealed, 'service_tokens.token_sealed')).toBe('st_1');
  });

  test('a password is hashed with argon2id, verified and not hashed anew', async () => {
    const world = await newWorld();
    const file = (password: string) => `users: [{email: ada@north.example, password: ${password}}]`;
    const hash = async () => (await world.records.db.selectFrom('users').selectAll().executeTakeFirst())?.password_hash;
    await world.apply(file('correct-horse'));
    const first = await hash();
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await world.apply(file('correct-horse'))).toEqual([]);
    expect(await hash()).toBe(first);
    expect(await world.apply(file('battery-staple'))).toEqual(['changed user ada@north.example: password']);
    expect(await hash()).not.toBe(first);
    expect(await world.passwords.verify((await hash()) ?? null, 'battery-staple')).toBe(true);
  });

  test('a hash from outside is taken as it is', async () => {
    const world = await newWorld();
    const hashed = await world.passwords.hash('from-elsewhere');
    const file = `users: [{email: ada@north.example, password_hash: "${hashed}"}]`;
    await world.apply(file);
    expect(await world.apply(file)).toEqual([]);
    const user = await world.records.db.selectFrom('users').selectAll().executeTakeFirst();
    expect(user?.password_hash).toBe(hashed);
  });

  test('a user without password only comes through the identity provider when sso_only is set', async () => {
    const world = await newWorld();
    const { secrets } = await world.report(
      'users: [{email: sso@north.example, sso_only: true}, {email: new@north.example}]',
    );
    expect(secrets.filter(({ field }) => field === 'password')).toEqual([
      {
        kind: 'user',
        name: 'new@north.example',
        organization: null,
        path: 'users[1]',
        field: 'password',
        value: expect.stringMatching(/^[A-Za-z2-9]{20}$/),
      },
    ]);
    const users = await world.records.db
      .selectFrom('users')
      .select(['sso_only', 'password_hash'])
      .orderBy('id')
      .execute();
    expect(users).toEqual([
      { sso_only: 1, password_hash: null },
      { sso_only: 0, password_hash: expect.stringContaining('$argon2id$') },
    ]);
  });

  test('ids and secrets that are left out are made, told once, and kept', async () => {
    const world = await newWorld();
    const file = `
users: [{email: Ada.Lovelace@north.example, password: correct-horse}]
organizations:
  - name: North & Söns
    native_keys: [{scopes: [read]}, {scopes: [read]}, {scopes: [read, ingest]}]
    stacks: [{name: Website}]
    provider: {access_tokens: [{scopes: [stats]}]}
    products: [{system_name: weather, plans: [{system_name: free}]}, {system_name: maps, backend_version: "2", plans: [{system_name: free}]}]
    accounts:
      - org_name: Ann's lab
        users: [{username: ann, email: ann@lab.example}]
        applications: [{product: weather, plan: free, name: Widget}, {product: maps, plan: free, name: Globe}]
    apps: [{name: Shop}]
    deployments: [{name: Hall, arrays: [{name: Door, devices: [{name: Mat}]}]}]
    oauth_clients: [{type: confidential, grant: client-credentials, owner: ada.lovelace@north.example}, {type: public, grant: password, owner: ada.lovelace@north.example}]
`;
    const { secrets } = await world.report(file);
    expect(secrets.map(({ path, field, value }) => [path, field, value])).toEqual([
      ['users[0]', 'countly_api_key', expect.stringMatching(/^[0-9a-f]{32}$/)],
      ['organizations[0].native_keys[0]', 'key', expect.stringMatching(/^th_[0-9a-f]{40}$/)],
      ['organizations[0].native_keys[1]', 'key', expect.stringMatching(/^th_[0-9a-f]{40}$/)],
      ['organizations[0].native_keys[2]', 'key', expect.stringMatching(/^th_[0-9a-f]{40}$/)],
      ['organizations[0].provider', 'provider_key', expect.stringMatching(/^[0-9a-f]{32}$/)],
      ['organizations[0].provider.access_tokens[0]', 'token', expect.stringMatching(/^[0-9a-f]{64}$/)],
      ['organizations[0].accounts[0].applications[0]', 'user_key', expect.stringMatching(/^[0-9a-f]{32}$/)],
      ['organizations[0].apps[0]', 'key', expect.stringMatching(/^[0-9a-f]{40}$/)],
      ['organizations[0].oauth_clients[0]', 'client_secret', expect.stringMatching(/^[A-Za-z0-9]{64}$/)],
    ]);
    const { db } = world.records;
    expect(await db.selectFrom('users').select(['username', 'uid', 'email_key']).execute()).toEqual([
      {
        username: 'Ada.Lovelace',
        uid: expect.stringMatching(/^blt[0-9a-f]{16}$/),
        email_key: 'ada.lovelace@north.example',
      },
    ]);
    expect(await db.selectFrom('organizations').select(['key', 'uid']).execute()).toEqual([
      { key: 'NORTH_SO_NS', uid: expect.stringMatching(/^blt[0-9a-f]{16}$/) },
    ]);
    expect(await db.selectFrom('stacks').select(['api_key', 'uid']).execute()).toEqual([
      { api_key: expect.stringMatching(/^blt[0-9a-f]{16}$/), uid: expect.stringMatching(/^blt[0-9a-f]{16}$/) },
    ]);
    expect(await db.selectFrom('apps').select(['id', 'timezone']).execute()).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{24}$/), timezone: 'UTC' },
    ]);
    const applications = db.selectFrom('applications').select(['id', 'product_id', 'user_key_hash', 'app_id']);
    expect(await applications.orderBy('id').execute()).toEqual([
      { id: 1, product_id: 1, user_key_hash: expect.any(String), app_id: null },
      { id: 2, product_id: 2, user_key_hash: null, app_id: expect.stringMatching(/^[0-9a-f]{8}$/) },
    ]);
    expect(await db.selectFrom('devices').select('key').execute()).toEqual([
      { key: expect.stringMatching(/^[A-Z0-9]{6}$/) },
    ]);
    expect(await world.report(file)).toEqual({ changes: [], secrets: [] });
  });

  test('a dry run tells what would change and changes nothing', async () => {
    const world = await newWorld();
    const file = 'organizations: [{key: NORTH, name: North, native_keys: [{scopes: [read]}]}]';
    const report = await world.report(file, { dryRun: true });
    expect(report.changes).toHaveLength(2);
    expect(report.secrets).toEqual([]);
    expect(await world.records.db.selectFrom('organizations').selectAll().execute()).toEqual([]);
    expect(await directoryVersion(world.records.db)).toBe(0);
  });

  test('a change names the fields, and what is left out stays', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: NORTH, name: North, timezone: Europe/Berlin, suspended: true}]');
    expect(await world.apply('organizations: [{key: NORTH, name: North Inc, sso: true}]')).toEqual([
      'changed organization NORTH: name, sso',
    ]);
    expect(await world.records.db.selectFrom('organizations').selectAll().executeTakeFirst()).toMatchObject({
      name: 'North Inc',
      timezone: 'Europe/Berlin',
      sso: 1,
      suspended: 1,
    });
    expect(await world.apply('organizations: [{key: NORTH, timezone: null, suspended: null}]')).toEqual([
      'changed organization NORTH: timezone',
    ]);
  });

  test('every change moves the version by one', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: A, name: A}, {key: B, name: B}]');
    expect(await directoryVersion(world.records.db)).toBe(1);
    await world.apply('organizations: [{key: A, name: AA}]');
    expect(await directoryVersion(world.records.db)).toBe(2);
  });

  test('an organization is found by uid or by key, and either may be given later', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: NORTH, name: North}]');
    expect(await world.apply('organizations: [{key: NORTH, uid: blt0000000000000001}]')).toEqual([
      'changed organization NORTH: uid',
    ]);
    expect(await world.apply('organizations: [{uid: blt0000000000000001, key: NORD}]')).toEqual([
      'changed organization NORD: key',
    ]);
    expect(await world.apply('organizations: [{name: North}]')).toEqual([]);
  });

  test('the parent may be named by uid or key, and come later in the file', async () => {
    const world = await newWorld();
    await world.apply(`organizations:
      - {key: C, name: C, parent: B}
      - {key: B, name: B, parent: blt000000000000000a}
      - {key: A, name: A, uid: blt000000000000000a}`);
    const rows = await world.records.db
      .selectFrom('organizations as child')
      .leftJoin('organizations as parent', 'parent.id', 'child.parent_id')
      .select(['child.key as child', 'parent.key as parent'])
      .orderBy('child.key')
      .execute();
    expect(rows).toEqual([
      { child: 'A', parent: null },
      { child: 'B', parent: 'A' },
      { child: 'C', parent: 'B' },
    ]);
    expect(await world.apply('organizations: [{key: C, parent: A}]')).toEqual(['changed organization C: parent']);
  });

  test('a device listed in another array moves there', async () => {
    const world = await newWorld();
    const file = (
      one: string,
      two: string,
    ) => `organizations: [{key: N, name: N, deployments: [{key: D, name: D, arrays: [
      {key: A1, name: A1, devices: [${one}]}, {key: A2, name: A2, devices: [${two}]}]}]}]`;
    await world.apply(file('{key: X, name: X}', ''));
    expect(await world.apply(file('', '{key: X, name: X}'))).toEqual(['changed device X in N: array']);
    expect(await world.records.db.selectFrom('devices').select(['key', 'array_key']).execute()).toEqual([
      { key: 'X', array_key: 'A2' },
    ]);
  });

  test('two tenants may use the same ids and keys', async () => {
    const world = await newWorld();
    const tenant = (key: string) => `{key: ${key}, name: ${key},
      products: [{id: 7, system_name: weather, plans: [{id: 3, system_name: free, limits: [{metric: hits, period: day, value: 1}]}]}],
      accounts: [{id: 17, org_name: Lab, users: [{id: 23, username: ann, email: ann@lab.example}],
        applications: [{id: 41, product: weather, plan: free, name: W, user_key: uk}]}],
      stacks: [{api_key: blt1, uid: blt2, name: S}],
      deployments: [{key: D, name: D, arrays: [{key: A, name: A, devices: [{key: X, name: X}]}]}]}`;
    const file = `organizations: [${tenant('NORTH')}, ${tenant('SOUTH')}]`;
    await world.apply(file);
    expect(await world.apply(file)).toEqual([]);
    expect(await world.records.db.selectFrom('applications').select('id').execute()).toEqual([{ id: 41 }, { id: 41 }]);
  });

  test('the first product of the file is the default, the first membership where a login starts', async () => {
    const world = await newWorld();
    const products = async () =>
      world.records.db.selectFrom('products').select(['system_name', 'is_default']).orderBy('system_name').execute();
    await world.apply('organizations: [{key: N, name: N, products: [{system_name: b}, {system_name: a}]}]');
    expect(await products()).toEqual([
      { system_name: 'a', is_default: 0 },
      { system_name: 'b', is_default: 1 },
    ]);
    // A file that does not speak of the default leaves it alone.
    expect(await world.apply('organizations: [{key: N, products: [{system_name: c}]}]')).toEqual([
      'created product c in N',
      'created metric hits in N',
    ]);
    expect(await world.apply('organizations: [{key: N, products: [{system_name: a}, {system_name: b}]}]')).toEqual([
      'changed product a in N: default',
      'changed product b in N: default',
    ]);

    const members = (...keys: string[]) =>
      `{users: [{email: a@b.example, password: x}], organizations: [${keys.map((key) => `{key: ${key}, name: ${key}, members: [{user: a@b.example, role: owner}]}`).join()}]}`;
    const first = async () =>
      world.records.db
        .selectFrom('memberships')
        .innerJoin('organizations', 'organizations.id', 'organization_id')
        .select('key')
        .orderBy('position')
        .execute();
    await world.apply(members('X', 'Y'));
    expect(await first()).toEqual([{ key: 'X' }, { key: 'Y' }]);
    expect(await world.apply(members('Y', 'X'))).toEqual([
      'changed member a@b.example in Y: position',
      'changed member a@b.example in X: position',
    ]);
    await world.apply(members('Z', 'Y'));
    expect(await first()).toEqual([{ key: 'Z' }, { key: 'X' }, { key: 'Y' }]);
    expect(await world.apply(members('Z', 'Y'))).toEqual([]);
  });

  test('an id is not given twice, also after its owner is gone', async () => {
    const world = await newWorld();
    const file = (accounts: string) => `organizations: [{key: N, name: N, accounts: [${accounts}]}]`;
    await world.apply(file('{org_name: A}, {org_name: B}'));
    await world.apply(file('{org_name: A}'), { prune: true });
    await world.apply(file('{org_name: C}'));
    const rows = await world.records.db.selectFrom('accounts').select(['id', 'org_name']).orderBy('id').execute();
    expect(rows).toEqual([
      { id: 1, org_name: 'A' },
      { id: 3, org_name: 'C' },
    ]);
  });

  test('ids that are given to methods are not given to metrics that have none', async () => {
    const world = await newWorld();
    await world.apply(`
organizations:
  - key: N
    name: N
    products:
      - {system_name: weather, name: W, metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}]}
      - {system_name: maps, name: M}
`);
    const rows = await world.records.db.selectFrom('metrics').select(['id', 'system_name']).orderBy('id').execute();
    expect(rows).toEqual([
      { id: 11, system_name: 'hits' },
      { id: 12, system_name: 'search' },
      { id: 13, system_name: 'hits' },
    ]);
  });

  test('applies at once all take place, in one process and in two', async () => {
    const url = await newStore();
    const records = await opened(url);
    await records.migrate();
    const [one, two] = [worldOn(records), worldOn(await opened(url))];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? one : two).apply(`organizations: [{key: O${i}, name: O${i}}]`),
      ),
    );
    expect(await records.db.selectFrom('organizations').selectAll().execute()).toHaveLength(20);
    expect(await directoryVersion(records.db)).toBe(20);
  });

  test('two entries that exchange a unique value are refused and nothing is changed', async () => {
    const world = await newWorld();
    await world.apply('users: [{email: a@b.example, username: one}, {email: c@d.example, username: two}]');
    const swapped = 'users: [{email: a@b.example, username: two}, {email: c@d.example, username: one}]';
    expect(await world.mistakes(swapped)).toEqual([
      'two entries exchange a value that has to be unique: give one of them another value first',
    ]);
    const names = await world.records.db.selectFrom('users').select('username').orderBy('id').execute();
    expect(names).toEqual([{ username: 'one' }, { username: 'two' }]);
  });

  test('what happens to credentials is put on record, without them', async () => {
    const world = await newWorld();
    await world.apply('organizations: [{key: N, name: N, native_keys: [{key: th_secret_key_1, scopes: [read]}]}]', {
      actor: 'cli',
    });
    await world.apply('organizations: [{key: N, native_keys: [{key: th_secret_key_1, scopes: [read, admin]}]}]');
    await world.apply('organizations: [{key: N, native_keys: []}]', { prune: true });
    const rows = await world.records.db
      .selectFrom('audit')
      .select(['at', 'event', 'actor', 'organization', 'subject', 'detail'])
      .orderBy('id')
      .execute();
    const about = { at: NOON, organization: 1, subject: 'th_secr…' };
    expect(rows).toEqual([
      { ...about, event: 'key.created', actor: 'cli', detail: '{"kind":"native key"}' },
      { ...about, event: 'key.changed', actor: 'test', detail: '{"kind":"native key","fields":["scopes"]}' },
      { ...about, event: 'key.removed', actor: 'test', detail: '{"kind":"native key"}' },
    ]);
  });
});
