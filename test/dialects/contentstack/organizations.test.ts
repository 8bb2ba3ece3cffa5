import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { authtokenOf, send, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  const people = {
    ada: ['ada@north.example', 'correct-horse'],
    ben: ['ben@north.example', 'battery-staple'],
    mia: ['mia@north.example', 'mia-is-member'],
    vic: ['vic@north.example', 'vic-looks-on'],
    eve: ['eve@east.example', 'eve-is-elsewhere'],
    sue: ['sue@south.example', 'sue-owns-it'],
    alf: ['alf@south.example', 'alf-may-pass'],
    axl: ['axl@south.example', 'axl-may-not'],
  };
  for (const [name, [email = '', password = '']] of Object.entries(people)) {
    tokens[name] = await authtokenOf(server.url, email, password);
  }
}, 60_000);
afterAll(() => server.stop());

const get = (who: string, path: string, headers = {}): Promise<Reply> =>
  send(server.url, path, { headers: { authtoken: tokens[who] ?? '', ...headers } });

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const NORTH = {
  name: 'North Wind',
  plan_id: 'self-hosted',
  owner_uid: 'blt00000000000000a1',
  enabled: true,
  created_at: INSTANT,
  updated_at: INSTANT,
};
const NORTH_UID = { uid: 'blt0000000000000001' };
const MOBILE = {
  uid: 'bltstackuid00002',
  name: 'Mobile',
  owner_uid: 'blt00000000000000a1',
  created_at: INSTANT,
  updated_at: INSTANT,
};
const NOT_FOUND = { error_message: expect.any(String) as string, error_code: 404, errors: {} };

describe('organizations (contract 9)', () => {
  test('an owner sees the uid and that it owns it; no organization below, and nobody else’s', async () => {
    expect((await get('ada', '/v3/organizations')).json()).toEqual({
      organizations: [{ ...NORTH_UID, ...NORTH, owner: true }],
    });
  });

  test('an admin sees the uid; a member and a viewer do not (seed: only owners and admins can view it)', async () => {
    expect((await get('ben', '/api/v3/organizations')).json()).toEqual({ organizations: [{ ...NORTH_UID, ...NORTH }] });
    for (const who of ['mia', 'vic']) {
      expect((await get(who, '/v3/organizations')).json()).toEqual({ organizations: [NORTH] });
      expect((await get(who, '/v3/user')).text).not.toContain('blt0000000000000001');
    }
  });

  test('limit, skip and include_count cut the list', async () => {
    const names = async (query: string): Promise<unknown> => {
      const { organizations, ...rest } = (await get('eve', `/v3/organizations?${query}`)).json() as {
        organizations: { name: string }[];
      };
      return [organizations.map(({ name }) => name), rest];
    };
    expect(await names('')).toEqual([['North Wind', 'East End', 'West Bank'], {}]);
    expect(await names('include_count=true&limit=1&skip=1')).toEqual([['East End'], { count: 3 }]);
    expect(await names('skip=9&include_count=false&typeahead=x')).toEqual([[], {}]);
    for (const [field, query] of [
      ['limit', 'limit=101'],
      ['limit', 'limit=x'],
      ['skip', 'skip=-1'],
    ] as const) {
      const reply = await get('eve', `/v3/organizations?${query}`);
      expect([reply.status, reply.json()]).toMatchObject([
        422,
        { error_code: 119, errors: { [field]: [expect.any(String)] } },
      ]);
    }
    const reply = await get('eve', '/v3/organizations?limit=%zz');
    expect([reply.status, reply.json()]).toMatchObject([400, { error_code: 400, errors: {} }]);
  });

  test('one organization by uid; not a member is 404, whether it exists or not', async () => {
    expect((await get('ada', '/v3/organizations/blt0000000000000001')).json()).toEqual({
      organization: { ...NORTH_UID, ...NORTH, owner: true },
    });
    expect((await get('eve', '/v3/organizations/blt0000000000000004')).json()).toMatchObject({
      organization: { name: 'West Bank', enabled: false, owner_uid: null },
    });
    for (const uid of ['blt0000000000000002', 'blt0000000000000011', 'blt9999999999999999', '%00', 'a'.repeat(500)]) {
      for (const path of [`/v3/organizations/${uid}`, `/v3/organizations/${uid}/stacks`]) {
        const reply = await get('ada', path);
        expect([reply.status, reply.json()]).toEqual([404, NOT_FOUND]);
      }
    }
  });

  test('the user of the token with its organizations; org_roles only when asked for', async () => {
    const plain = (await get('ben', '/v3/user')).json() as { user: object };
    expect(plain.user).toMatchObject({
      uid: 'blt00000000000000b1',
      authtoken: tokens['ben'],
      org_uid: [],
      shared_org_uid: ['blt0000000000000001'],
      organizations: [{ ...NORTH_UID, ...NORTH }],
    });
    expect(plain.user).not.toHaveProperty('organizations.0.org_roles');
    for (const [who, role, admin] of [
      ['ada', 'owner', true],
      ['ben', 'admin', true],
      ['mia', 'member', false],
    ] as const) {
      expect((await get(who, '/v3/user?include_orgs_roles=true')).json()).toMatchObject({
        user: { organizations: [{ org_roles: [{ name: role, admin }] }] },
      });
    }
    expect((await get('ada', '/v3/user?include_orgs_roles=false')).text).not.toContain('org_roles');
  });
});

describe('stacks (contract 9)', () => {
  const OF_NORTH = '/v3/organizations/blt0000000000000001/stacks';
  const KEY = { api_key: 'bltstack00000002' };
  const ORG = { org_uid: 'blt0000000000000001' };

  test.each([
    ['ada', { ...ORG, ...MOBILE, ...KEY }],
    ['ben', { ...ORG, ...MOBILE, ...KEY }],
    ['mia', { ...MOBILE, ...KEY }],
    ['vic', MOBILE],
  ])('%s sees of a stack what the role allows', async (who, stack) => {
    for (const path of ['/v3/stacks?limit=1', `${OF_NORTH}?limit=1`, '/api/v3/stacks?limit=1']) {
      expect((await get(who, path)).json()).toEqual({ stacks: [stack] });
    }
  });

  test('of one organization by header or query; of another nothing', async () => {
    const names = async (path: string, headers = {}): Promise<unknown> =>
      ((await get('ada', path, headers)).json() as { stacks: { name: string }[] }).stacks.map(({ name }) => name);
    expect(await names('/v3/stacks')).toEqual(['Mobile', 'Website']);
    expect(await names('/v3/stacks?organization_uid=blt0000000000000001')).toEqual(['Mobile', 'Website']);
    expect(await names('/v3/stacks', { organization_uid: 'blt0000000000000001' })).toEqual(['Mobile', 'Website']);
    expect(await names('/v3/stacks', { organization_uid: 'blt0000000000000002' })).toEqual([]);
    expect(await names('/v3/stacks?organization_uid=blt0000000000000002')).toEqual([]);
    expect((await get('ada', '/v3/stacks?include_count=true&limit=0')).json()).toEqual({ stacks: [], count: 2 });
  });
});

describe('single sign-on (seed: only the owner and those allowed without it can use the management API)', () => {
  const SOUTHERN = {
    uid: 'bltstackuid00003',
    name: 'Southern',
    org_uid: 'blt0000000000000002',
    api_key: 'bltstack00000003',
    owner_uid: 'blt00000000000000e1',
    created_at: INSTANT,
    updated_at: INSTANT,
  };
  const OF_SOUTH = '/v3/organizations/blt0000000000000002/stacks';

  test.each(['sue', 'alf'])('%s sees the stacks', async (who) => {
    for (const path of ['/v3/stacks', OF_SOUTH]) expect((await get(who, path)).json()).toEqual({ stacks: [SOUTHERN] });
  });

  test('another admin sees the organization and none of its stacks', async () => {
    expect((await get('axl', '/v3/organizations/blt0000000000000002')).status).toBe(200);
    for (const path of ['/v3/stacks', '/api/v3/stacks?organization_uid=blt0000000000000002']) {
      expect((await get('axl', path)).json()).toEqual({ stacks: [] });
    }
    const refused = await get('axl', OF_SOUTH);
    expect([refused.status, refused.json()]).toEqual([403, { ...NOT_FOUND, error_code: 403 }]);
  });
});

test('a path that stands for no text is 400 to those who are logged in (contract 7)', async () => {
  for (const path of ['/v3/organizations/%ff', '/api/v3/organizations/%zz', '/v3/organizations/%c3/stacks']) {
    const reply = await get('ada', path);
    expect([path, reply.status, reply.json()]).toEqual([path, 400, { ...NOT_FOUND, error_code: 400 }]);
  }
});

test('answers are not for caches, which do not know whose an authtoken is', async () => {
  const analytics = '/analytics/v2/usage?orgUid=blt0000000000000001&from=2024-01-01&to=2024-01-02';
  for (const path of ['/v3/user', '/v3/stacks', '/v3/nothing', analytics, analytics.slice(0, -5)]) {
    expect((await get('ada', path)).headers['cache-control']).toBe('no-store');
  }
});

describe('what does not exist (contract 1)', () => {
  test.each([
    ['GET', '/v3'],
    ['GET', '/v3/'],
    ['GET', '/v3/nothing'],
    ['GET', '/v3/user/'],
    ['GET', '/v3/USER'],
    ['GET', '/v3/user-session'],
    ['POST', '/v3/user'],
    ['PUT', '/v3/user'],
    ['HEAD', '/v3/user'],
    ['POST', '/v3/organizations'],
    ['PATCH', '/api/v3/stacks'],
    ['GET', '/api/v3'],
    ['GET', '/analytics/v2'],
    ['GET', '/analytics/v2/'],
    ['GET', '/analytics/v2/usage-analytics'],
    ['POST', '/analytics/v2/usage'],
  ])('%s %s is 404 in the form of an error', async (method, path) => {
    const reply = await send(server.url, path, { method, headers: { authtoken: tokens['ada'] ?? '' } });
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    if (method !== 'HEAD') expect(reply.json()).toEqual(NOT_FOUND);
  });
});
