import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, query, read, write } from './support/client.ts';
import { directory, OLU, SELIN, SHOP_APP } from './support/directory.ts';

/** The records in PostgreSQL: what this dialect keeps there by itself. */
let postgres: TestPostgres;
let server: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startServer({ env: { TALLYHOUSE_RECORDS: await postgres.createDatabase() }, directory });
}, 120_000);
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await postgres.stop();
});

const manage = (path: string, api_key: string, args: object) =>
  outcome(server.url, `${path}?${query({ api_key, args })}`);
const live = (): Promise<unknown> => read(server.url, '/o', { api_key: SELIN, app_id: SHOP_APP, method: 'live' });

test('the highest number of users online, and a reset', async () => {
  await write(server.url, { app_key: 'appkey1', device_id: 'd1', begin_session: 1 });
  await write(server.url, { app_key: 'appkey1', device_id: 'd2', begin_session: 1 });
  expect(await live()).toEqual({ o: 2, n: 2, om: 2, nm: 2 });
  await write(server.url, { app_key: 'appkey1', device_id: 'd2', end_session: 1 });
  expect(await live()).toEqual({ o: 1, n: 1, om: 2, nm: 2 });
  expect(await manage('/i/apps/reset', SELIN, { app_id: SHOP_APP })).toEqual([200, '{"result":"Success"}']);
  expect(await live()).toEqual({ o: 0, n: 0, om: 0, nm: 0 });
  await write(server.url, { app_key: 'appkey1', device_id: 'd1', begin_session: 1 });
  expect(await live()).toEqual({ o: 1, n: 1, om: 1, nm: 1 });
});

test('a member with roles in apps', async () => {
  const args = {
    full_name: 'Zoë',
    username: 'zoë',
    password: 'pass-word-9',
    email: 'z@shop.example',
    user_of: [SHOP_APP],
  };
  const [status, text] = await manage('/i/users/create', OLU, args);
  expect([status, JSON.parse(text)]).toMatchObject([200, { user_of: [SHOP_APP], admin_of: [] }]);
  const { _id, api_key } = JSON.parse(text) as { _id: string; api_key: string };
  expect(await manage('/i/users/update', OLU, { user_id: _id, admin_of: [SHOP_APP] })).toEqual([
    200,
    '{"result":"Success"}',
  ]);
  expect(await read(server.url, '/o/apps/mine', { api_key })).toMatchObject({
    admin_of: { [SHOP_APP]: {} },
    user_of: {},
  });
  expect(await manage('/i/users/delete', OLU, { user_ids: [_id] })).toEqual([200, '{"result":"Success"}']);
});
