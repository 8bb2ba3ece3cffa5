import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { read, send } from './support/client.ts';
import { directory, SELIN, SHOP_APP } from './support/directory.ts';

/** Contract 6.4, sent in order; 18 February 2014, 12:34 in Istanbul (UTC+2). */
const REQUESTS = [
  'device_id=d1&timestamp=1392621000&begin_session=1&country_code=TR&metrics=%7B%22_os%22%3A%22iOS%22%2C%22_os_version%22%3A%227.0%22%7D',
  'device_id=d1&timestamp=1392621030&session_duration=30',
  'device_id=d1&timestamp=1392621060&end_session=1&session_duration=30',
  'device_id=d2&timestamp=1392672600&begin_session=1&country_code=DE&metrics=%7B%22_os%22%3A%22Android%22%7D',
  'device_id=d1&timestamp=1392674700&begin_session=1&country_code=TR&metrics=%7B%22_os%22%3A%22iOS%22%7D',
];

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2014-02-18T10:34:00Z' });
  for (const request of REQUESTS) {
    expect((await send(server.url, `/i?app_key=appkey1&${request}`)).text).toBe('{"result":"Success"}');
  }
}, 60_000);
afterAll(() => server.stop());

const ask = (parameters: Record<string, string>): Promise<unknown> =>
  read(server.url, '/o', { api_key: SELIN, app_id: SHOP_APP, ...parameters });

const SESSIONS = {
  2014: {
    2: {
      17: {
        9: { t: 1, n: 1, u: 1, d: 60, e: 3 },
        23: { t: 1, n: 1, u: 1, e: 1 },
        t: 2,
        n: 2,
        u: 2,
        d: 60,
        e: 4,
        f: { 0: 2 },
        l: { 0: 2 },
        ds: { 2: 1 },
        TR: { t: 1, n: 1, u: 1 },
        DE: { t: 1, n: 1, u: 1 },
      },
      18: { 0: { t: 1, u: 1, e: 1 }, t: 1, u: 1, e: 1, f: { 1: 1 }, l: { 1: 1 }, TR: { t: 1, u: 1 } },
      t: 3,
      n: 2,
      u: 2,
      d: 60,
      e: 5,
      f: { 0: 2, 1: 1 },
      l: { 0: 2 },
      ds: { 2: 1 },
      TR: { t: 2, n: 1, u: 1 },
      DE: { t: 1, n: 1, u: 1 },
    },
    w7: { u: 2, f: { 0: 2, 1: 1 }, l: { 0: 2 }, ds: { 2: 1 }, TR: { u: 1 }, DE: { u: 1 } },
    t: 3,
    n: 2,
    u: 2,
    d: 60,
    e: 5,
    f: { 0: 2, 1: 1 },
    l: { 0: 2 },
    ds: { 2: 1 },
    TR: { t: 2, n: 1, u: 1 },
    DE: { t: 1, n: 1, u: 1 },
  },
  meta: { countries: ['DE', 'TR'], 'd-ranges': ['2'], 'f-ranges': ['0', '1'], 'l-ranges': ['0', '1'] },
};

test.each(['sessions', 'users', 'locations'])(
  '3.2: method=%s is the tree of the example, to the last key',
  async (method) => {
    expect(await ask({ method })).toEqual(SESSIONS);
  },
);

test.each(['device_details', 'app_versions'])('3.4: method=%s holds values only', async (method) => {
  expect(await ask({ method })).toEqual({
    2014: {
      2: {
        17: {
          Android: { t: 1, n: 1, u: 1 },
          iOS: { t: 1, n: 1, u: 1 },
          'i7:0': { t: 1, n: 1, u: 1 },
        },
        18: { iOS: { t: 1, u: 1 } },
        Android: { t: 1, n: 1, u: 1 },
        iOS: { t: 2, n: 1, u: 1 },
        'i7:0': { t: 1, n: 1, u: 1 },
      },
      w7: { Android: { u: 1 }, iOS: { u: 1 }, 'i7:0': { u: 1 } },
      Android: { t: 1, n: 1, u: 1 },
      iOS: { t: 2, n: 1, u: 1 },
      'i7:0': { t: 1, n: 1, u: 1 },
    },
    meta: { os: ['Android', 'iOS'], os_versions: ['i7:0'] },
  });
});

test.each(['devices', 'carriers', 'cities', 'events', 'get_events'])(
  '0.3: method=%s without data is {}',
  async (method) => {
    expect(await ask({ method })).toEqual({});
  },
);

test('3.5: a refresh holds the running day, and the uniques of its week, month and year', async () => {
  expect(await ask({ method: 'sessions', action: 'refresh' })).toEqual({
    2014: {
      2: {
        18: SESSIONS[2014][2][18],
        u: 2,
        f: { 0: 2, 1: 1 },
        l: { 0: 2 },
        TR: { u: 1 },
        DE: { u: 1 },
      },
      w7: { u: 2, f: { 0: 2, 1: 1 }, l: { 0: 2 }, TR: { u: 1 }, DE: { u: 1 } },
      u: 2,
      f: { 0: 2, 1: 1 },
      l: { 0: 2 },
      TR: { u: 1 },
      DE: { u: 1 },
    },
    meta: SESSIONS.meta,
  });
  expect(await ask({ method: 'device_details', action: 'refresh' })).toEqual({
    2014: {
      2: { 18: { iOS: { t: 1, u: 1 } }, Android: { u: 1 }, iOS: { u: 1 }, 'i7:0': { u: 1 } },
      w7: { Android: { u: 1 }, iOS: { u: 1 }, 'i7:0': { u: 1 } },
      Android: { u: 1 },
      iOS: { u: 1 },
      'i7:0': { u: 1 },
    },
    meta: { os: ['Android', 'iOS'], os_versions: ['i7:0'] },
  });
  expect(await ask({ method: 'sessions', action: 'reload' })).toEqual(SESSIONS);
});

test('3.7: a period limits the tree to the months that it and its comparison touch', async () => {
  expect(await ask({ method: 'sessions', period: 'hour' })).toEqual(SESSIONS);
  expect(await ask({ method: 'sessions', period: '[1388534400000,1388620800000]' })).toEqual({});
});

test('4.1: what today shows at 12:34', async () => {
  const dashboard = (await read(server.url, '/o/analytics/dashboard', { api_key: SELIN, app_id: SHOP_APP })) as Record<
    string,
    unknown
  >;
  expect(dashboard['today']).toEqual({
    dashboard: {
      total_sessions: { total: 1, change: '-50%', trend: 'd' },
      total_users: { total: 1, change: '-50%', trend: 'd', is_estimate: false },
      new_users: { total: 0, change: '∞', trend: 'd' },
      total_time: { total: '0.0 min', change: '∞', trend: 'd' },
      avg_time: { total: '0.0 min', change: '∞', trend: 'd' },
      avg_requests: { total: '1.0', change: '-50%', trend: 'd' },
    },
    top: {
      platforms: [{ name: 'iOS', value: 1, percent: 100 }],
      resolutions: [],
      carriers: [],
      users: [{ name: '00:00', value: 1, percent: 100 }],
    },
    period: '00:00 - 12:34',
  });
});
