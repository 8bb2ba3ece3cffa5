import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../support/random.ts';
import { startClickHouseBridge, type ClickHouseBridge } from '../../support/clickhouse-http-bridge.ts';
import { sharedPostgres } from '../../support/postgres.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { noise } from './support/noise.ts';

// Every other file of this folder has both stores embedded; here both are served, and the answers are the same.
let bridge: ClickHouseBridge;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  bridge = await startClickHouseBridge();
  const records = await (await sharedPostgres()).createDatabase();
  server = await startServer({
    directory: DIRECTORY,
    clock: '2025-06-02T12:30:00Z',
    env: { TALLYHOUSE_FACTS: bridge.url(), TALLYHOUSE_RECORDS: records },
  });
  client = new Client(server.url);
});
afterAll(async () => {
  await server.stop();
  await bridge.stop();
});

const login = (params: object) => ({ auth: { command: 'api.authenticate', params } });

test('a user logs in, switches, asks over a change of the clocks, and ends the session', async () => {
  await client.count('th_north', [
    { time: '2024-11-03T05:30:00Z', service: 'thing.list', count: 2 },
    { time: '2024-11-03T06:30:00Z', service: 'usage.api.history' },
  ]);
  await client.count('th_shop', [{ time: '2024-11-03T06:30:00Z', service: 'thing', count: 40 }]);
  const ada = await client.login('ada@north.example', 'correct-horse');
  const params = { start: '2024-11-03T05:00:00Z', end: '2024-11-03T07:00:00Z', includeSubOrgs: true, dimension: 'org' };
  expect(await client.call(ada, 'usage.api.history', params)).toEqual({
    success: true,
    params: {
      counters: { NORTH: { thing: [2, 0], usage: [0, 1] }, NORTH_SHOP: { thing: [0, 40] } },
      total: 43,
      ts: ['2024-11-03T01:00:00-04:00', '2024-11-03T01:00:00-05:00'],
    },
  });
  expect(await client.call(ada, 'session.org.switch', { key: 'NORTH_SHOP' })).toEqual({ success: true });
  expect(await client.call(ada, 'session.info')).toMatchObject({ params: { orgKey: 'NORTH_SHOP' } });
  expect(await client.call(ada, 'session.end')).toEqual({ success: true });
  expect(await client.packet({ auth: { sessionId: ada } })).toMatchObject({ errorCodes: [-99003] });
});

test('applications are bound to their things, and failed logins lock', async () => {
  const app = { appId: 'meter 😀', appToken: 'tok_north', thingKey: 'thing é' };
  expect(await client.packet(login(app))).toMatchObject({ auth: { success: true } });
  expect(await client.packet(login({ ...app, appId: 'other' }))).toMatchObject({ errorCodes: [-99004] });
  for (let i = 0; i < 8; i++) await client.packet(login({ username: 'vic@north.example', password: 'wrong' }));
  expect(await client.packet(login({ username: 'vic@north.example', password: 'vic-looks-on' }))).toMatchObject({
    errorCodes: [-99005],
  });
});

test.each(['\u0000', 'a\u0000b', '\uD800', '\u{1F600}', ' ', "';--", 'x'.repeat(300)])(
  'the name %j is no trouble for the store',
  async (name) => {
    const rejected = { success: false, errorCodes: [-99004] };
    expect(await client.packet(login({ username: name, password: name }))).toMatchObject(rejected);
    expect(await client.packet(login({ appId: name, appToken: name, thingKey: name }))).toMatchObject(rejected);
    const app = { appId: 'meter', appToken: 'tok_north', thingKey: name };
    expect(await client.packet(login(app))).not.toMatchObject({ errorCodes: [-99013] });
  },
);

test('1000 random requests are answered 200, 405 or 413', async () => {
  const random = new Random(51);
  const ada = await client.login('ada@north.example', 'correct-horse');
  const statuses = new Set<number>();
  for (let i = 0; i < 1000; i++) statuses.add((await send(server.url, noise(random, ada))).status);
  expect([...statuses].filter((status) => ![200, 405, 413].includes(status))).toEqual([]);
  expect(server.output()).not.toMatch(/"level":(50|60)/);
});
