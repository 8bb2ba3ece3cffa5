import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { query, read, send } from './support/client.ts';
import { directory, RITA, RIVAL_APP, SELIN, SHOP_APP } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2014-02-18T10:34:00Z' });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** Addresses: 78.160.0.1 Turkey, 85.214.132.117 Germany, 8.8.8.8 United States, 127.0.0.1 nowhere. */
const CASES: readonly (readonly [
  string,
  Readonly<Record<string, unknown>>,
  Readonly<Record<string, string>>,
  string,
])[] = [
  ['the connection', {}, {}, 'Unknown'],
  ['X-Forwarded-For, leftmost', {}, { 'x-forwarded-for': '78.160.0.1, 8.8.8.8' }, 'TR'],
  ['with a port', {}, { 'x-forwarded-for': '85.214.132.117:80' }, 'DE'],
  ['X-Real-IP', {}, { 'x-real-ip': '8.8.8.8' }, 'US'],
  ['before X-Real-IP', {}, { 'x-forwarded-for': '78.160.0.1', 'x-real-ip': '8.8.8.8' }, 'TR'],
  ['ip_address before the connection', { ip_address: '85.214.132.117' }, { 'x-forwarded-for': '78.160.0.1' }, 'DE'],
  [
    'country_code before both',
    { country_code: 'fr', ip_address: '8.8.8.8' },
    { 'x-forwarded-for': '78.160.0.1' },
    'FR',
  ],
  ['an empty location: opted out', { location: '', country_code: 'FR', ip_address: '8.8.8.8' }, {}, 'Unknown'],
  ['a location', { location: '41.0,29.0', country_code: 'FR' }, {}, 'FR'],
];

test.each(CASES.map((one, index) => [...one, index] as const))(
  '%s (2.6)',
  async (_what, parameters, headers, country, index) => {
    // A day for each, so that the sessions are told apart.
    const timestamp = String(Date.UTC(2014, 0, 1 + index, 12) / 1000);
    const sent = { app_key: 'appkey1', device_id: `d${index}`, begin_session: 1, timestamp, ...parameters };
    const { text } = await send(server.url, `/i?${query(sent)}`, { headers });
    expect(text).toBe('{"result":"Success"}');
    const tree = await read(server.url, '/o', { api_key: SELIN, app_id: SHOP_APP, method: 'locations' });
    const days = (tree as Record<string, Record<string, Record<string, unknown>>>)['2014']?.['1'] ?? {};
    expect(days[String(1 + index)]).toMatchObject({ t: 1, [country]: { t: 1, n: 1, u: 1 } });
  },
);

test('an app that names no country is one of the United States, as /o/apps shows it (2.6, 5)', async () => {
  const session = (device_id: string, country_code: string, city: string) =>
    read(server.url, '/i', { app_key: 'appkey9', device_id, begin_session: 1, country_code, city });
  await session('a', 'US', 'Boise');
  await session('b', 'TR', 'İzmir');
  const cities = await read(server.url, '/o', { api_key: RITA, app_id: RIVAL_APP, method: 'cities' });
  expect(cities).toMatchObject({ 2014: { Boise: { t: 1, n: 1, u: 1 } }, meta: { cities: ['Boise'] } });
  const apps = await read(server.url, '/o/apps/mine', { api_key: RITA });
  expect(apps).toMatchObject({ admin_of: { [RIVAL_APP]: { country: 'US' } } });
});
