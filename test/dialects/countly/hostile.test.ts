import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { idOf, manyApps, MEMBER, OneApp } from './support/apps.ts';
import { query, send } from './support/client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: manyApps(10, 'UTC'), clock: '2014-02-18T10:34:00Z' });
}, 60_000);
afterAll(() => server.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const post = async (path: string, body: string): Promise<number> =>
  (await send(server.url, path, { headers: JSON_TYPE, body })).status;

const NASTY = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u0000',
  'a\u0000b',
  '\ud800',
  "'; DROP TABLE sessions; --",
  "\\'",
  '`',
  '${x}',
  '{p0:String}',
  '$where',
  'x'.repeat(500_000),
  '',
  ' ',
  '\n',
  '‮',
  'w7',
  't',
  'meta',
];

test('names and values of any kind are stored and read as they are, and nothing fails', async () => {
  const app = new OneApp(server.url, 0);
  const items = NASTY.flatMap((nasty, index) => [
    {
      device_id: nasty,
      old_device_id: NASTY[index - 1],
      begin_session: nasty,
      session_duration: nasty,
      end_session: nasty,
      timestamp: index % 2 === 0 ? nasty : 1_392_628_200 + index,
      country_code: nasty,
      city: nasty,
      metrics: {
        _os: nasty,
        _os_version: nasty,
        _device: nasty,
        _carrier: nasty,
        _resolution: nasty,
        _app_version: nasty,
        [nasty]: nasty,
      },
      events: [
        { key: nasty, count: nasty },
        { key: nasty.slice(0, 100), count: 1, sum: nasty, segmentation: { [nasty]: nasty } },
      ],
      user_details: { [nasty]: { [nasty]: [nasty] } },
      [nasty]: nasty,
    },
  ]);
  expect(await app.bulk(items)).toEqual({ result: 'Success' });
  for (const method of ['sessions', 'device_details', 'devices', 'carriers', 'cities', 'get_events', 'events']) {
    expect(await app.read({ method })).toBeTypeOf('object');
  }
  const { list } = (await app.read({ method: 'get_events' })) as { list: string[] };
  expect(list).toEqual(expect.arrayContaining(['__proto__', 'constructor', '\u0000', "'; DROP TABLE sessions; --"]));
  for (const event of NASTY.filter((nasty) => nasty.length < 1_000)) {
    const sent = { api_key: MEMBER, app_id: idOf(0), method: 'events', event, segmentation: event };
    expect((await send(server.url, `/o?${query(sent)}`)).status).toBe(200);
  }
  const details = (await app.read({ method: 'devices' })) as Record<string, object>;
  expect(Object.hasOwn(details['2014'] ?? {}, '__proto__')).toBe(true);
});

test('JSON of any depth is an answer, not a failure', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const object = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
  for (const value of [deep, object]) {
    for (const name of [
      'metrics',
      'events',
      'user_details',
      'device_id',
      'timestamp',
      'session_duration',
      'begin_session',
      'x',
    ]) {
      const body = `{"app_key":"key1","device_id":"d","timestamp":1392628200,"begin_session":1,"${name}":${value}}`;
      expect([name, await post('/i', body)]).toEqual([name, expect.toBeOneOf([200, 400])]);
    }
    for (const item of [
      value,
      `{"device_id":"d","timestamp":1392628200,"begin_session":1,"metrics":{"_os":${value}},"events":[{"key":"k","count":1,"segmentation":{"a":[${value}],"b":${value}}}]}`,
    ]) {
      expect(await post('/i/bulk', `{"app_key":"key1","requests":[${item}]}`)).toBe(200);
    }
  }
});

test('fuzz: whatever the types, the answer is no failure and what is read is a tree', async () => {
  const app = new OneApp(server.url, 2);
  const names = [
    'device_id',
    'old_device_id',
    'begin_session',
    'end_session',
    'session_duration',
    'timestamp',
    'metrics',
    'events',
    'country_code',
    'city',
    'location',
    'ip_address',
    'ignore_cooldown',
    'user_details',
    'app_key',
    'callback',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue({ maxDepth: 4 }))),
      fc.dictionary(fc.constantFrom(...names), fc.string()),
      async (items, single) => {
        expect(await post('/i/bulk', JSON.stringify({ app_key: 'key2', requests: items }))).toBeLessThan(500);
        for (const item of items.slice(0, 3))
          expect(await post('/i', JSON.stringify({ app_key: 'key2', ...item }))).toBeLessThan(500);
        expect((await send(server.url, `/i?${query({ app_key: 'key2', ...single })}`)).status).toBeLessThan(500);
      },
    ),
    { numRuns: 60 },
  );
  expect(await app.read({ method: 'sessions' })).toBeTypeOf('object');
});
