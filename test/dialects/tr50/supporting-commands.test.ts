import { describe, expect, test } from 'vitest';
import { Client } from './support/client.ts';
import { serving } from './support/serving.ts';

let client: Client;
let ada: string;
let sam: string;

serving({ clock: '2025-06-02T12:00:00Z' }, async (started) => {
  ({ client } = started);
  ada = await client.login('ada@north.example', 'correct-horse');
  sam = await client.login('sam@ops.example', 'sam-sees-all');
});

const OBJECT_ID = expect.stringMatching(/^[0-9a-f]{24}$/);
const ON_THAT_DAY = expect.stringMatching(/^2025-06-02T12:\d\d:\d\d(\.\d+)?Z$/);
const notFound = { success: false, errorCodes: [-90008], errorMessages: [expect.any(String)] };
const badParameter = (name: string) => ({
  success: false,
  errorCodes: [-99011],
  errorMessages: [expect.stringContaining(name)],
});

/** Id of an organization, as org.find tells it. */
async function idOf(key: string): Promise<unknown> {
  return (await client.call(sam, 'org.find', { key })).params?.['id'];
}

describe('diag', () => {
  test('4: diag.ping returns nothing', async () => {
    expect(await client.call(ada, 'diag.ping')).toEqual({ success: true });
  });

  test('4: diag.time returns the milliseconds since 1970', async () => {
    const { params } = await client.call(ada, 'diag.time');
    const time = params?.['time'] as number;
    const start = Date.UTC(2025, 5, 2, 12);
    expect(Object.keys(params ?? {})).toEqual(['time']);
    expect(time).toBeGreaterThanOrEqual(start);
    expect(time).toBeLessThan(start + 3_600_000);
  });

  test('4: time stands still within a packet', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `t${i}`);
    const calls = Object.fromEntries(ids.map((id) => [id, { command: 'diag.time' }]));
    const reply = (await client.packet({ auth: { sessionId: ada }, ...calls })) as Record<string, unknown>;
    expect(new Set(Object.values(reply).map((part) => JSON.stringify(part))).size).toBe(1);
  });
});

describe('session.info', () => {
  test('4: of a user', async () => {
    expect(await client.call(ada, 'session.info')).toEqual({
      success: true,
      params: {
        id: ada,
        orgId: await idOf('NORTH'),
        orgKey: 'NORTH',
        userId: OBJECT_ID,
        userName: 'ada@north.example',
        whoAmI: 'ada@north.example',
        hasSuperAdmin: false,
        hasSuperOps: false,
        hasOrgAdmin: true,
        connInfo: { protocol: 'HTTP', remoteAddr: '127.0.0.1' },
        ttl: 86400,
        locale: '',
        startTime: ON_THAT_DAY,
        lastAccessed: ON_THAT_DAY,
      },
    });
  });

  test('4: of an application', async () => {
    const session = await client.loginThing('meter', 'tok_north', 'thing-1');
    expect(await client.call(session, 'session.info')).toEqual({
      success: true,
      params: {
        id: session,
        orgId: await idOf('NORTH'),
        orgKey: 'NORTH',
        appName: 'meter',
        thingKey: 'thing-1',
        whoAmI: 'meter',
        hasSuperAdmin: false,
        hasSuperOps: false,
        hasOrgAdmin: false,
        connInfo: { protocol: 'HTTP', remoteAddr: '127.0.0.1' },
        ttl: 86400,
        locale: '',
        startTime: ON_THAT_DAY,
        lastAccessed: ON_THAT_DAY,
      },
    });
  });

  test('3.3: Super-Ops shows, and is no matter of the organization', async () => {
    expect(await client.call(sam, 'session.info')).toMatchObject({
      params: { orgKey: 'OPS', hasSuperOps: true, hasSuperAdmin: false },
    });
  });

  test.each([
    ['bob@north.example', 'bob-is-a-member', false],
    ['vic@north.example', 'vic-looks-on', false],
    ['lea@north.example', 'lea-in-the-lab', true],
  ])('4: hasOrgAdmin of %s', async (username, password, hasOrgAdmin) => {
    const session = await client.login(username, password);
    expect(await client.call(session, 'session.info')).toMatchObject({ params: { hasOrgAdmin, hasSuperOps: false } });
  });
});

describe('session.org.list', () => {
  test('4: the organizations of a user, as a tree under params.result', async () => {
    expect(await client.call(ada, 'session.org.list')).toEqual({
      success: true,
      params: {
        result: [
          {
            orgId: await idOf('NORTH'),
            orgKey: 'NORTH',
            orgName: 'North',
            subOrgs: [
              {
                orgId: await idOf('NORTH_LAB'),
                orgKey: 'NORTH_LAB',
                orgName: 'North Laboratory',
                subOrgs: [{ orgId: await idOf('NORTH_LAB_COLD'), orgKey: 'NORTH_LAB_COLD', orgName: 'Cold room' }],
              },
              { orgId: await idOf('NORTH_SHOP'), orgKey: 'NORTH_SHOP', orgName: 'North Shop' },
            ],
          },
        ],
      },
    });
  });

  test('appendix 2: a member sees the organization itself and no descendants', async () => {
    const bob = await client.login('bob@north.example', 'bob-is-a-member');
    expect(await client.call(bob, 'session.org.list')).toEqual({
      success: true,
      params: {
        result: [
          { orgId: OBJECT_ID, orgKey: 'NORTH', orgName: 'North' },
          { orgId: OBJECT_ID, orgKey: 'SOUTH', orgName: 'South' },
        ],
      },
    });
  });

  test('appendix 2: an admin of a sub-organization sees it as a root of the own tree', async () => {
    const lea = await client.login('lea@north.example', 'lea-in-the-lab');
    expect(await client.call(lea, 'session.org.list')).toEqual({
      success: true,
      params: {
        result: [
          {
            orgId: OBJECT_ID,
            orgKey: 'NORTH_LAB',
            orgName: 'North Laboratory',
            subOrgs: [{ orgId: OBJECT_ID, orgKey: 'NORTH_LAB_COLD', orgName: 'Cold room' }],
          },
        ],
      },
    });
  });

  test('4: Super-Ops sees every organization', async () => {
    const { params } = await client.call(sam, 'session.org.list');
    const roots = params?.['result'] as { orgKey: string }[];
    expect(roots.map(({ orgKey }) => orgKey)).toEqual(['NORTH', 'OPS', 'SOUTH']);
  });

  test('4: an application sees its organization', async () => {
    const session = await client.loginThing('meter', 'tok_south', 'thing-2');
    expect(await client.call(session, 'session.org.list')).toEqual({
      success: true,
      params: { result: [{ orgId: OBJECT_ID, orgKey: 'SOUTH', orgName: 'South' }] },
    });
  });

  test('4: includeRoles adds the roles that the user has', async () => {
    const bob = await client.login('bob@north.example', 'bob-is-a-member');
    expect(await client.call(bob, 'session.org.list', { includeRoles: true })).toEqual({
      success: true,
      params: {
        result: [
          { orgId: OBJECT_ID, orgKey: 'NORTH', orgName: 'North', roles: ['member'] },
          { orgId: OBJECT_ID, orgKey: 'SOUTH', orgName: 'South', roles: ['viewer'] },
        ],
      },
    });
  });

  test('5.1: includeRoles is strictly a boolean', async () => {
    expect(await client.call(ada, 'session.org.list', { includeRoles: 1 })).toEqual(badParameter('includeRoles'));
  });
});

describe('session.org.switch', () => {
  const current = async (session: string) => (await client.call(session, 'session.info')).params?.['orgKey'];

  test('4: by key, and by id', async () => {
    const session = await client.login('ada@north.example', 'correct-horse');
    expect(await client.call(session, 'session.org.switch', { key: 'NORTH_LAB_COLD' })).toEqual({ success: true });
    expect(await current(session)).toBe('NORTH_LAB_COLD');
    expect(await client.call(session, 'session.org.switch', { id: await idOf('NORTH_SHOP') })).toEqual({
      success: true,
    });
    expect(await current(session)).toBe('NORTH_SHOP');
    expect(await client.call(session, 'session.org.switch', { key: 'NORTH' })).toEqual({ success: true });
    expect(await current(session)).toBe('NORTH');
  });

  test.each([
    ['an unknown key', { key: 'NOWHERE' }],
    ['an unknown id', { id: 'ffffffffffffffffffffffff' }],
    ['an organization of others', { key: 'SOUTH' }],
    ['a key in other letters', { key: 'north' }],
    ['a key where the id belongs', { id: 'NORTH' }],
    ['a key and an id that are not of the same', { key: 'NORTH', id: 'ffffffffffffffffffffffff' }],
    ['a name from the prototype', { key: '__proto__' }],
  ])('4: %s is answered -90008, and the session stays where it is', async (_, params) => {
    const session = await client.login('ada@north.example', 'correct-horse');
    expect(await client.call(session, 'session.org.switch', params)).toEqual(notFound);
    expect(await current(session)).toBe('NORTH');
  });

  test('4: an organization of others and an unknown one are told alike', async () => {
    const [others] = (await client.call(ada, 'session.org.switch', { key: 'SOUTH' })).errorMessages ?? [];
    const [unknown] = (await client.call(ada, 'session.org.switch', { key: 'HTUOS' })).errorMessages ?? [];
    expect(others?.replace('SOUTH', 'X')).toBe(unknown?.replace('HTUOS', 'X'));
  });

  test('4: without key and id', async () => {
    expect(await client.call(ada, 'session.org.switch')).toEqual(badParameter('key'));
    expect(await client.call(ada, 'session.org.switch', { key: null })).toEqual(badParameter('key'));
    expect(await client.call(ada, 'session.org.switch', { key: 5 })).toEqual(badParameter('key'));
  });

  test('appendix 2: a member may not enter the descendants, an admin may', async () => {
    const bob = await client.login('bob@north.example', 'bob-is-a-member');
    expect(await client.call(bob, 'session.org.switch', { key: 'NORTH_LAB' })).toEqual(notFound);
    expect(await client.call(bob, 'session.org.switch', { key: 'SOUTH' })).toEqual({ success: true });
    const lea = await client.login('lea@north.example', 'lea-in-the-lab');
    expect(await client.call(lea, 'session.org.switch', { key: 'NORTH_LAB_COLD' })).toEqual({ success: true });
    expect(await client.call(lea, 'session.org.switch', { key: 'NORTH' })).toEqual(notFound);
  });

  test('4: Super-Ops may enter any organization', async () => {
    const session = await client.login('sam@ops.example', 'sam-sees-all');
    for (const key of ['NORTH_LAB_COLD', 'SOUTH', 'OPS']) {
      expect(await client.call(session, 'session.org.switch', { key })).toEqual({ success: true });
      expect(await current(session)).toBe(key);
    }
  });

  test('4: an application stays in its organization', async () => {
    const session = await client.loginThing('meter', 'tok_north', 'thing-3');
    expect(await client.call(session, 'session.org.switch', { key: 'NORTH' })).toEqual({ success: true });
    expect(await client.call(session, 'session.org.switch', { key: 'NORTH_LAB' })).toEqual(notFound);
    expect(await client.call(session, 'session.org.switch', { key: 'SOUTH' })).toEqual(notFound);
  });
});

describe('org.find', () => {
  test('4: without id and key, the current organization', async () => {
    expect(await client.call(ada, 'org.find')).toEqual({
      success: true,
      params: {
        id: OBJECT_ID,
        key: 'NORTH',
        name: 'North',
        timezone: 'America/New_York',
        createdOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        updatedOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      },
    });
  });

  test('4: by key and by id; a sub-organization names its parent', async () => {
    const byKey = await client.call(ada, 'org.find', { key: 'NORTH_LAB' });
    expect(byKey).toMatchObject({ params: { key: 'NORTH_LAB', parentKey: 'NORTH', timezone: 'Asia/Kolkata' } });
    expect(await client.call(ada, 'org.find', { id: byKey.params?.['id'] })).toEqual(byKey);
  });

  test('5.4: an organization without a zone has the one of the instance', async () => {
    expect(await client.call(sam, 'org.find', { key: 'SOUTH' })).toMatchObject({ params: { timezone: 'UTC' } });
  });

  test.each([{ key: 'SOUTH' }, { key: 'NOWHERE' }, { id: 'ffffffffffffffffffffffff' }])(
    '4: %j is not found by a user who may not enter it',
    async (params) => {
      expect(await client.call(ada, 'org.find', params)).toEqual(notFound);
    },
  );

  test('4: the parent is named also to a user who may not enter it', async () => {
    const lea = await client.login('lea@north.example', 'lea-in-the-lab');
    expect(await client.call(lea, 'org.find')).toMatchObject({ params: { key: 'NORTH_LAB', parentKey: 'NORTH' } });
    expect(await client.call(lea, 'org.find', { key: 'NORTH' })).toEqual(notFound);
  });
});

describe('org.list', () => {
  const keys = async (session: string, params?: object) => {
    const { params: found = {} } = await client.call(session, 'org.list', params);
    return (found['result'] as { key: string }[]).map(({ key }) => key);
  };

  test('4: the current organization and its direct children', async () => {
    const reply = await client.call(ada, 'org.list');
    expect(reply).toEqual({
      success: true,
      params: {
        count: 3,
        fields: ['id', 'key', 'name', 'parentKey', 'timezone', 'createdOn', 'updatedOn'],
        result: [
          expect.objectContaining({ id: OBJECT_ID, key: 'NORTH', name: 'North', timezone: 'America/New_York' }),
          expect.objectContaining({ key: 'NORTH_LAB', parentKey: 'NORTH' }),
          expect.objectContaining({ key: 'NORTH_SHOP', parentKey: 'NORTH', timezone: 'UTC' }),
        ],
      },
    });
  });

  test('4: a member sees no children', async () => {
    expect(await keys(await client.login('bob@north.example', 'bob-is-a-member'))).toEqual(['NORTH']);
  });

  test('4: Super-Ops sees all', async () => {
    expect(await keys(sam)).toEqual(['NORTH', 'NORTH_LAB', 'NORTH_LAB_COLD', 'NORTH_SHOP', 'OPS', 'SOUTH']);
  });

  test('4: offset and limit page the list, count stays that of all', async () => {
    expect(await keys(sam, { offset: 2, limit: 2 })).toEqual(['NORTH_LAB_COLD', 'NORTH_SHOP']);
    expect(await client.call(sam, 'org.list', { offset: 100 })).toMatchObject({ params: { count: 6, result: [] } });
    expect(await client.call(sam, 'org.list', { limit: 0 })).toMatchObject({ params: { count: 6, result: [] } });
  });

  test('4: sort by a field, ascending or descending', async () => {
    const byKey = ['NORTH', 'NORTH_LAB', 'NORTH_LAB_COLD', 'NORTH_SHOP', 'OPS', 'SOUTH'];
    expect(await keys(sam, { sort: 'key' })).toEqual(byKey);
    expect(await keys(sam, { sort: '+key' })).toEqual(byKey);
    expect(await keys(sam, { sort: '-key' })).toEqual(byKey.toReversed());
    expect(await keys(sam, { sort: 'name' })).toEqual([
      'NORTH_LAB_COLD',
      'NORTH',
      'NORTH_LAB',
      'NORTH_SHOP',
      'OPS',
      'SOUTH',
    ]);
  });

  test.each([
    ['offset', { offset: -1 }],
    ['offset', { offset: 1.5 }],
    ['limit', { limit: '10' }],
    ['limit', { limit: 5001 }],
    ['sort', { sort: 'owner' }],
    ['sort', { sort: 'constructor' }],
    ['sort', { sort: ['key'] }],
  ])('5.1: a wrong %s is named: %j', async (name, params) => {
    expect(await client.call(ada, 'org.list', params)).toEqual(badParameter(name));
  });
});
