import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, query, read, send } from './support/client.ts';
import { directory, OLU, PAUSED_APP, RITA, RIVAL_APP, SALTED_APP, SELIN, SHOP_APP, UMUT } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const NOT_GLOBAL = 'User is not a global administrator';
const NOT_ADMIN = 'User does not have admin rights for this app';
const NO_KEY = 'Missing parameter "api_key" or "auth_token"';

function manage(path: string, apiKey: string, args?: unknown): Promise<readonly [number, string]> {
  return outcome(server.url, `${path}?${query({ api_key: apiKey, ...(args === undefined ? {} : { args }) })}`);
}

async function ask(path: string, apiKey: string, args?: unknown): Promise<Record<string, unknown>> {
  const [status, text] = await manage(path, apiKey, args);
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

const refused = (status: number, result: string) => [status, JSON.stringify({ result })];
const done = [200, '{"result":"Success"}'];

describe('checks, in order (5)', () => {
  test.each<[string, string, string, unknown, number, string]>([
    ['a wrong sub-path', '/o/users', '', undefined, 400, 'Invalid path, must be one of /all or /me'],
    ['a wrong sub-path', '/o/users/nope', SELIN, undefined, 400, 'Invalid path, must be one of /all or /me'],
    [
      'a wrong sub-path',
      '/i/users/nope',
      '',
      undefined,
      400,
      'Invalid path, must be one of /create, /update, /deleteOwnAccount or /delete',
    ],
    ['a wrong sub-path', '/o/apps', '', undefined, 400, 'Invalid path, must be one of /all , /mine or /details'],
    [
      'a wrong sub-path',
      '/i/apps/create/more',
      '',
      undefined,
      400,
      'Invalid path, must be one of /create, /update, /delete or /reset',
    ],
    ['no key', '/o/users/me', '', undefined, 400, NO_KEY],
    ['an unknown key', '/i/apps/create', '9'.repeat(32), undefined, 401, 'User does not exist'],
    ['no rights', '/o/users/all', SELIN, undefined, 401, NOT_GLOBAL],
    ['no rights, before args', '/i/users/create', SELIN, undefined, 401, NOT_GLOBAL],
    ['no rights, before args', '/i/users/update', SELIN, undefined, 401, NOT_GLOBAL],
    ['no rights, before args', '/i/users/delete', SELIN, undefined, 401, NOT_GLOBAL],
    ['no rights', '/o/apps/all', SELIN, undefined, 401, NOT_GLOBAL],
    ['no rights, before args', '/i/apps/create', SELIN, undefined, 401, NOT_GLOBAL],
    ['no args', '/i/users/create', OLU, undefined, 400, "Error: Missing 'args' parameter"],
    ['args that are no JSON', '/i/users/create', OLU, '{', 400, "Error: Missing 'args' parameter"],
    ['args that are no object', '/i/users/create', OLU, [1], 400, "Error: Missing 'args' parameter"],
    ['no args', '/i/users/update', OLU, undefined, 400, "Error: Missing 'args' parameter"],
    ['no args', '/i/users/delete', OLU, undefined, 400, "Error: Missing 'args' parameter"],
    ['no args', '/i/apps/create', OLU, undefined, 400, "Error: Missing 'args' parameter"],
    ['no args, before rights', '/i/apps/update', RITA, undefined, 400, "Error: Missing 'args' parameter"],
    ['no args, before rights', '/i/apps/reset', RITA, undefined, 400, "Error: Missing 'args' parameter"],
    ['no args, before rights', '/i/apps/delete', RITA, undefined, 400, "Error: Missing 'args' parameter"],
    ['a field missing', '/i/users/create', OLU, {}, 400, 'Error: Missing full_name argument'],
    ['a field missing', '/i/users/create', OLU, { full_name: 'A B' }, 400, 'Error: Missing username argument'],
    [
      'a field missing',
      '/i/users/create',
      OLU,
      { full_name: 'A', username: 'a', email: 'a@b.c' },
      400,
      'Error: Missing password argument',
    ],
    [
      'a field missing',
      '/i/users/create',
      OLU,
      { full_name: 'A', username: 'a', password: 'p' },
      400,
      'Error: Missing email argument',
    ],
    ['a field missing', '/i/users/update', OLU, {}, 400, 'Error: Missing user_id argument'],
    ['a field missing', '/i/users/delete', OLU, {}, 400, 'Error: Missing user_ids argument'],
    ['a field missing', '/i/apps/create', OLU, {}, 400, 'Error: Missing name argument'],
    ['a field missing, before rights', '/i/apps/update', RITA, {}, 400, 'Error: Missing app_id argument'],
    ['a stranger', '/i/apps/update', RITA, { app_id: SHOP_APP, name: 'Mine' }, 401, NOT_ADMIN],
    ['a stranger', '/i/apps/reset', RITA, { app_id: SHOP_APP }, 401, NOT_ADMIN],
    ['a stranger', '/i/apps/delete', RITA, { app_id: SHOP_APP }, 401, NOT_ADMIN],
    ['who may only read', '/i/apps/update', UMUT, { app_id: SHOP_APP, name: 'Mine' }, 401, NOT_ADMIN],
    ['who may only read', '/i/apps/reset', UMUT, { app_id: SHOP_APP }, 401, NOT_ADMIN],
    ['who administers the app', '/i/apps/delete', SELIN, { app_id: SHOP_APP }, 401, NOT_ADMIN],
    ['an app that is not there', '/i/apps/update', SELIN, { app_id: '0'.repeat(24) }, 401, NOT_ADMIN],
    ['an app that is not there', '/i/apps/update', OLU, { app_id: '0'.repeat(24) }, 400, 'App does not exist'],
    ['an app that is not there', '/i/apps/reset', OLU, { app_id: '0'.repeat(24) }, 400, 'App does not exist'],
    ['an app that is not there', '/i/apps/delete', OLU, { app_id: '0'.repeat(24) }, 400, 'Error deleting app'],
    ['an app_id that is none', '/i/apps/delete', OLU, { app_id: { $ne: 1 } }, 400, 'Error deleting app'],
    ['a user that is not there', '/i/users/update', OLU, { user_id: '0'.repeat(24) }, 400, 'User does not exist'],
    ['a user_id that is none', '/i/users/update', OLU, { user_id: '\u0000' }, 400, 'User does not exist'],
    ['user_ids that are none', '/i/users/delete', OLU, { user_ids: 'all' }, 400, 'Invalid parameter "user_ids"'],
    [
      'a mail address that is none',
      '/i/users/create',
      OLU,
      { full_name: 'A', username: 'a', password: 'p', email: 'nobody' },
      400,
      'Invalid parameter "email"',
    ],
    [
      'a name that is none',
      '/i/users/create',
      OLU,
      { full_name: ['A'], username: 'a', password: 'p', email: 'a@b.example' },
      400,
      'Invalid parameter "full_name"',
    ],
  ])('%s: %s', async (_what, path, key, args, status, result) => {
    expect(await manage(path, key, args)).toEqual(refused(status, result));
  });

  test('args may be real JSON in a JSON body', async () => {
    const reply = await outcome(server.url, '/i/apps/update', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ api_key: SELIN, args: { app_id: SHOP_APP } }),
    });
    expect(reply).toEqual([200, '{"result":"Nothing changed"}']);
  });
});

describe('/api-key', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  test.each([
    ['user name and password', 'selin:kedi-ve-kopek'],
    ['mail address and password', 'selin@shop.example:kedi-ve-kopek'],
  ])('%s', async (_what, credentials) => {
    for (const method of ['GET', 'POST']) {
      const reply = await send(server.url, '/api-key', { method, headers: basic(credentials) });
      expect(reply).toMatchObject({ status: 200, text: SELIN });
      expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    }
  });

  test.each([
    ['a wrong password', basic('selin:wrong')],
    ['nobody', basic('nobody:wrong')],
    ['no colon', basic('selin')],
    ['another scheme', { authorization: 'Bearer x' }],
    ['no Base64', { authorization: 'Basic ***' }],
    ['NUL', basic('se\u0000lin:x')],
    ['nothing', {}],
  ])('%s', async (_what, headers) => {
    const reply = await send(server.url, '/api-key', { headers });
    expect(reply).toMatchObject({ status: 401, text: '-1' });
    expect(reply.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });
});

describe('members', () => {
  test('the own record', async () => {
    const me = await ask('/o/users/me', SELIN);
    expect(me).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      full_name: 'Selin Kaya',
      username: 'selin',
      email: 'selin@shop.example',
      api_key: SELIN,
      global_admin: false,
      admin_of: [PAUSED_APP, SALTED_APP, SHOP_APP],
      user_of: [],
    });
    expect(await ask('/o/users/me', UMUT)).toMatchObject({ full_name: 'Umut', admin_of: [], user_of: [SHOP_APP] });
  });

  test('a life: made, seen, changed, removed', async () => {
    const made = await ask('/i/users/create', OLU, {
      full_name: 'Zoë  de la Cruz',
      username: 'zoë',
      password: 'pass-word-9',
      email: 'Zoe@shop.example',
      admin_of: [RIVAL_APP],
      user_of: [SHOP_APP, RIVAL_APP, 'no such app'],
    });
    expect(made).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      full_name: 'Zoë  de la Cruz',
      username: 'zoë',
      email: 'Zoe@shop.example',
      api_key: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      global_admin: false,
      admin_of: [RIVAL_APP],
      user_of: [SHOP_APP],
    });
    const id = made['_id'] as string;
    const key = made['api_key'] as string;

    const all = await ask('/o/users/all', OLU);
    expect(Object.keys(all)).toHaveLength(5);
    expect(all[id]).toEqual({ ...made, is_current_user: false });
    expect(Object.values(all).filter((one) => (one as { is_current_user: boolean }).is_current_user)).toMatchObject([
      { username: 'olu', global_admin: true, api_key: OLU },
    ]);
    expect(JSON.stringify(all)).not.toMatch(/password|argon/);

    expect(await manage('/i/users/update', key, { user_id: id, full_name: 'Zoë', password: 'another-one' })).toEqual(
      done,
    );
    expect(await ask('/o/users/me', key)).toMatchObject({ full_name: 'Zoë' });
    const login = { authorization: `Basic ${Buffer.from('zoë:another-one').toString('base64')}` };
    expect(await send(server.url, '/api-key', { headers: login })).toMatchObject({ status: 200, text: key });
    for (const rights of [{ global_admin: true }, { admin_of: [SHOP_APP] }, { user_of: [] }]) {
      expect(await manage('/i/users/update', key, { user_id: id, ...rights })).toEqual(refused(401, NOT_GLOBAL));
    }

    expect(await manage('/i/users/update', OLU, { user_id: id, admin_of: [SHOP_APP] })).toEqual(done);
    expect(await ask('/o/users/me', key)).toMatchObject({ admin_of: [SHOP_APP], user_of: [] });
    expect(await manage('/i/users/update', OLU, { user_id: id, admin_of: [], global_admin: 'true' })).toEqual(done);
    expect(await ask('/o/users/me', key)).toMatchObject({ admin_of: [], global_admin: true });

    // Never oneself, and those who are not there are passed over.
    expect(await manage('/i/users/delete', key, { user_ids: [id, '0'.repeat(24)] })).toEqual(done);
    expect(await ask('/o/users/me', key)).toMatchObject({ _id: id });
    expect(await manage('/i/users/delete', OLU, { user_ids: [id] })).toEqual(done);
    expect(await manage('/o/users/me', key)).toEqual(refused(401, 'User does not exist'));
  });

  test.each([
    ['a mail address', { username: 'new', email: 'SELIN@shop.example' }],
    ['a user name', { username: 'selin', email: 'new@shop.example' }],
  ])('%s that is taken', async (_what, names) => {
    const args = { full_name: 'New', password: 'pass-word-9', ...names };
    expect(await manage('/i/users/create', OLU, args)).toEqual([200, '{"result":"Email or username already exists"}']);
  });

  test('a stranger cannot change somebody', async () => {
    const { _id: id } = await ask('/o/users/me', SELIN);
    expect(await manage('/i/users/update', RITA, { user_id: id, password: 'mine-now' })).toEqual(
      refused(401, NOT_GLOBAL),
    );
  });
});

describe('apps', () => {
  const SHOP = {
    _id: SHOP_APP,
    name: 'Shop app',
    key: 'appkey1',
    country: 'TR',
    category: '6',
    timezone: 'Europe/Istanbul',
  };

  test('the own ones', async () => {
    expect(await ask('/o/apps/mine', UMUT)).toEqual({ admin_of: {}, user_of: { [SHOP_APP]: SHOP } });
    expect(await ask('/o/apps/mine', SELIN)).toMatchObject({ admin_of: { [SHOP_APP]: SHOP }, user_of: {} });
    expect(await ask('/o/apps/mine', OLU)).toEqual({ admin_of: {}, user_of: {} });
  });

  test('all of them', async () => {
    const all = (await ask('/o/apps/all', OLU)) as { admin_of: Record<string, unknown>; user_of: unknown };
    expect(Object.keys(all.admin_of)).toEqual(expect.arrayContaining([SHOP_APP, SALTED_APP, PAUSED_APP, RIVAL_APP]));
    expect(all.admin_of[SHOP_APP]).toEqual(SHOP);
    expect(all.user_of).toEqual(all.admin_of);
  });

  test.each<[string, object, object]>([
    ['nothing but the name', {}, { country: 'US', category: '6', timezone: 'UTC' }],
    [
      'what does not exist',
      { country: 'XX', timezone: 'Mars/Base', category: 'games' },
      { country: 'US', category: '6', timezone: 'UTC' },
    ],
    [
      'what exists',
      { country: 'de', timezone: 'europe/berlin', category: 3 },
      { country: 'DE', category: '3', timezone: 'Europe/Berlin' },
    ],
  ])('made with %s', async (_what, args, shown) => {
    const made = await ask('/i/apps/create', OLU, { name: 'New <app> & "more" 🐈', ...args });
    expect(made).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      key: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      name: 'New <app> & "more" 🐈',
      ...shown,
    });
    expect(await read(server.url, '/o', { api_key: OLU, app_id: made['_id'], method: 'sessions' })).toEqual({});
    expect(await manage('/i/apps/delete', OLU, { app_id: made['_id'] })).toEqual(done);
    const gone = await outcome(server.url, `/o?${query({ api_key: OLU, app_id: made['_id'], method: 'sessions' })}`);
    expect(gone).toEqual(refused(401, 'App does not exist'));
  });

  test('a key that is taken', async () => {
    const taken = refused(400, 'App key already in use');
    expect(await manage('/i/apps/create', OLU, { name: 'New', key: 'appkey1' })).toEqual(taken);
    expect(await manage('/i/apps/update', SELIN, { app_id: SHOP_APP, key: 'appkey9' })).toEqual(taken);
  });

  test('in an organization by name', async () => {
    const made = await ask('/i/apps/create', OLU, { name: 'Second', organization: 'RIVAL', key: 'appkey10' });
    expect(made).toMatchObject({ key: 'appkey10' });
    const nowhere = await manage('/i/apps/create', OLU, { name: 'Third', organization: 'NOPE' });
    expect(nowhere).toEqual(refused(400, 'Error: Missing organization argument'));
  });

  test('changes answer with what changed', async () => {
    const app_id = RIVAL_APP;
    const change = (fields: object) => manage('/i/apps/update', RITA, { app_id, ...fields });
    expect(await change({ name: 'Rival 2', category: '6', country: 'BR' })).toEqual([
      200,
      '{"name":"Rival 2","country":"BR","category":"6"}',
    ]);
    expect(await change({ name: 'Rival 2', country: 'BR' })).toEqual([200, '{"result":"Nothing changed"}']);
    expect(await change({})).toEqual([200, '{"result":"Nothing changed"}']);
    expect(await change({ timezone: 'Mars/Base' })).toEqual(refused(400, 'Invalid parameter "timezone"'));
    expect(await change({ country: 'Brazil' })).toEqual(refused(400, 'Invalid parameter "country"'));
    expect(await change({ name: '' })).toEqual(refused(400, 'Invalid parameter "name"'));
    expect(await change({ key: 'with blank' })).toEqual(refused(400, 'Invalid parameter "key"'));
    expect(await change({ paused: 'perhaps' })).toEqual(refused(400, 'Invalid parameter "paused"'));
  });

  test('a salt, and none again', async () => {
    const sdk = () => outcome(server.url, '/o/sdk?app_key=appkey9&device_id=d&method=ab');
    const change = (fields: object) => manage('/i/apps/update', RITA, { app_id: RIVAL_APP, ...fields });
    expect(await change({ salt: 'grain' })).toEqual([200, '{"salt":"grain"}']);
    expect(await sdk()).toEqual([200, '{"result":"Request does not have checksum"}']);
    expect(await change({ checksum_salt: 'sea' })).toEqual([200, '{"checksum_salt":"sea"}']);
    expect(await change({ salt: '' })).toEqual([200, '{"salt":null}']);
    expect(await sdk()).toEqual(done);
  });

  test('paused, and no longer', async () => {
    const sdk = () => outcome(server.url, '/o/sdk?app_key=appkey9&device_id=d&method=ab');
    const change = (fields: object) => manage('/i/apps/update', RITA, { app_id: RIVAL_APP, ...fields });
    expect(await change({ paused: true })).toEqual([200, '{"paused":true}']);
    expect(await sdk()).toEqual(refused(400, 'App is currently not accepting data'));
    expect(await change({ paused: false })).toEqual([200, '{"paused":false}']);
    expect(await sdk()).toEqual(done);
  });

  test('a new write key ends the old one', async () => {
    expect(await manage('/i/apps/update', RITA, { app_id: RIVAL_APP, key: 'appkey99' })).toEqual([
      200,
      '{"key":"appkey99"}',
    ]);
    const old = await outcome(server.url, '/o/sdk?app_key=appkey9&device_id=d&method=ab');
    expect(old).toEqual(refused(400, 'App does not exist'));
    expect(await outcome(server.url, '/o/sdk?app_key=appkey99&device_id=d&method=ab')).toEqual(done);
  });
});
