import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, query, read, write } from './support/client.ts';
import { directory, OLU, RITA, RIVAL_APP, SELIN, SHOP_APP } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2014-02-18T10:34:00Z' });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const SESSION = {
  app_key: 'appkey1',
  device_id: 'd1',
  begin_session: 1,
  timestamp: '1392624600',
  country_code: 'TR',
  metrics: { _os: 'iOS' },
  events: [{ key: 'purchase', count: 1, segmentation: { plan: 'pro' } }],
};
const READS = [
  'sessions',
  'users',
  'locations',
  'device_details',
  'devices',
  'carriers',
  'events',
  'get_events',
  'retention',
  'total_users',
];

const ask = (method: string): Promise<unknown> => read(server.url, '/o', { api_key: SELIN, app_id: SHOP_APP, method });
const manage = (path: string, api_key: string, args: object) =>
  outcome(server.url, `${path}?${query({ api_key, args })}`);

test('/i/apps/reset: all data of the app is gone from the next read on (5)', async () => {
  await write(server.url, SESSION);
  await write(server.url, { ...SESSION, app_key: 'appkey9' });
  expect(await ask('sessions')).toMatchObject({ 2014: { t: 1, n: 1, u: 1, TR: { t: 1 } } });
  expect(await ask('live')).toEqual({ o: 1, n: 1, om: 1, nm: 1 });

  expect(await manage('/i/apps/reset', SELIN, { app_id: SHOP_APP })).toEqual([200, '{"result":"Success"}']);
  for (const method of READS) {
    const empty = method === 'retention' || method === 'total_users' ? [] : {};
    expect([method, await ask(method)]).toEqual([method, empty]);
  }
  expect(await ask('live')).toEqual({ o: 0, n: 0, om: 0, nm: 0 });
  const minutes = (await ask('live_graph')) as { o: { data: number }[] };
  expect(minutes.o.every(({ data }) => data === 0)).toBe(true);
  const countries = { api_key: SELIN, app_id: SHOP_APP };
  expect(await read(server.url, '/o/analytics/countries', countries)).toEqual({ '30days': [], '7days': [], today: [] });

  // Other apps keep theirs.
  const rival = await read(server.url, '/o', { api_key: RITA, app_id: RIVAL_APP, method: 'sessions' });
  expect(rival).toMatchObject({ 2014: { t: 1 } });
});

test('everything begins anew: the same request is no repeat, and the device is new', async () => {
  await write(server.url, SESSION);
  expect(await ask('sessions')).toMatchObject({ 2014: { t: 1, n: 1, u: 1, f: { 0: 1 }, l: { 0: 1 } } });
  expect(await ask('live')).toEqual({ o: 1, n: 1, om: 1, nm: 1 });
});

test('a deleted app takes no data, and a new one with its write key begins with none', async () => {
  expect(await manage('/i/apps/delete', OLU, { app_id: RIVAL_APP })).toEqual([200, '{"result":"Success"}']);
  const refused = await outcome(server.url, '/i?app_key=appkey9&device_id=d1&begin_session=1');
  expect(refused).toEqual([400, '{"result":"App does not exist"}']);
  const back = await fetch(
    `${server.url}/i/apps/create?${query({ api_key: OLU, args: { name: 'Back', key: 'appkey9' } })}`,
  );
  const made = (await back.json()) as { _id: string };
  expect(await read(server.url, '/o', { api_key: OLU, app_id: made._id, method: 'sessions' })).toEqual({});
});
