import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, query, read, write } from './support/client.ts';
import { directory, SELIN, SHOP_APP } from './support/directory.ts';

/*
 * The worked example (6.4), read on 18 Feb 2014 at 12:34 in Istanbul, and beside it an app with purchases (3.6).
 */
let server: TestServer;

const at = (local: string): string => String(Date.parse(`${local}+02:00`));

beforeAll(async () => {
  server = await startServer({ directory, clock: '2014-02-18T10:34:00Z' });
  const app_key = 'appkey1';
  const requests = [
    [
      'd1',
      '2014-02-17T09:10:00',
      { begin_session: 1, country_code: 'TR', metrics: { _os: 'iOS', _os_version: '7.0' } },
    ],
    ['d1', '2014-02-17T09:10:30', { session_duration: 30 }],
    ['d1', '2014-02-17T09:11:00', { end_session: 1, session_duration: 30 }],
    ['d2', '2014-02-17T23:30:00', { begin_session: 1, country_code: 'DE', metrics: { _os: 'Android' } }],
    ['d1', '2014-02-18T00:05:00', { begin_session: 1, country_code: 'TR', metrics: { _os: 'iOS' } }],
  ] as const;
  for (const [device_id, time, parameters] of requests) {
    await write(server.url, { app_key, device_id, timestamp: at(time), ...parameters });
  }
  const events = [
    {
      key: 'in_app_purchase',
      count: 3,
      sum: 2.97,
      segmentation: { app_version: '1.0', country: 'Turkey' },
      timestamp: Number(at('2014-02-17T20:00:00')),
    },
    { key: 'in_app_purchase', count: 1, sum: 0.1, dur: 2.5, timestamp: Number(at('2014-02-18T08:00:00')) },
    { key: 'level_done', count: 2, timestamp: Number(at('2014-02-18T08:00:00')) },
    { key: '[CLY]_view', count: 1, timestamp: Number(at('2014-02-18T08:00:00')) },
  ];
  // Only events: neither a user nor a session, and `e` of a device without session is hidden.
  await write(server.url, { app_key, device_id: 'e1', timestamp: at('2014-02-18T08:00:00'), events });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const v2 = (path: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
  read(server.url, `/o/analytics/${path}`, { api_key: SELIN, app_id: SHOP_APP, ...parameters });

const THIRTY_DAYS = {
  dashboard: {
    total_sessions: { total: 3, change: 'NA', trend: 'u' },
    total_users: { total: 2, change: 'NA', trend: 'u', is_estimate: false },
    new_users: { total: 2, change: 'NA', trend: 'u' },
    total_time: { total: '1.0 min', change: 'NA', trend: 'u' },
    avg_time: { total: '0.3 min', change: 'NA', trend: 'u' },
    avg_requests: { total: '2.5', change: 'NA', trend: 'u' },
  },
  top: {
    platforms: [
      { name: 'iOS', value: 2, percent: 67 },
      { name: 'Android', value: 1, percent: 33 },
    ],
    resolutions: [],
    carriers: [],
    users: [
      { name: '17 Feb', value: 2, percent: 67 },
      { name: '18 Feb', value: 1, percent: 33 },
    ],
  },
  period: '20 Jan - 18 Feb',
};
const TODAY = {
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
};

describe('/o/analytics/dashboard (4.1, 6.4)', () => {
  test('30 days, 7 days and today', async () => {
    const answer = (await v2('dashboard')) as Record<string, { period: string }>;
    expect(Object.keys(answer)).toEqual(['30days', '7days', 'today']);
    // The clock runs on while the test does.
    expect(answer['today']?.period).toMatch(/^00:00 - 12:3[4-9]$/);
    expect(answer).toEqual({
      '30days': THIRTY_DAYS,
      '7days': { ...THIRTY_DAYS, period: '12 Feb - 18 Feb' },
      today: { ...TODAY, period: answer['today']?.period },
    });
  });

  test.each(['30days', 'nonsense', '[2,1]'])('period=%s is the same', async (period) => {
    expect(Object.keys((await v2('dashboard', { period })) as object)).toEqual(['30days', '7days', 'today']);
  });

  test('another period is the only block', async () => {
    expect(await v2('dashboard', { period: '60days' })).toEqual({
      '60days': { ...THIRTY_DAYS, period: '21 Dec, 2013 - 18 Feb, 2014' },
    });
    expect(await v2('dashboard', { period: 'yesterday' })).toMatchObject({
      yesterday: {
        dashboard: { total_sessions: { total: 2, change: 'NA', trend: 'u' } },
        top: {
          users: [
            { name: '09:00', value: 1, percent: 50 },
            { name: '23:00', value: 1, percent: 50 },
          ],
        },
        period: '17 Feb - 17 Feb',
      },
    });
  });

  test('days on which nothing happened', async () => {
    const period = `[${at('2014-01-01T00:00:00')},${at('2014-01-02T00:00:00')}]`;
    expect(await v2('dashboard', { period })).toEqual({
      [period]: {
        dashboard: {
          total_sessions: { total: 0, change: 'NA', trend: 'u' },
          total_users: { total: 0, change: 'NA', trend: 'u', is_estimate: false },
          new_users: { total: 0, change: 'NA', trend: 'u' },
          total_time: { total: '0.0 min', change: 'NA', trend: 'u' },
          avg_time: { total: '0.0 min', change: 'NA', trend: 'u' },
          avg_requests: { total: '0.0', change: 'NA', trend: 'u' },
        },
        top: { platforms: [], resolutions: [], carriers: [], users: [] },
        period: '1 Jan - 2 Jan',
      },
    });
  });

  test('an app without data: the number of users is called an estimate, but not today', async () => {
    const answer = (await read(server.url, '/o/analytics/dashboard', {
      api_key: SELIN,
      app_id: '5f0000000000000000000003',
    })) as Record<string, { dashboard: { total_users: { is_estimate: boolean } } }>;
    expect(Object.values(answer).map(({ dashboard }) => dashboard.total_users.is_estimate)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('/o/analytics/countries (4.2)', () => {
  test('30 days, 7 days and today', async () => {
    const both = [
      { country: 'Turkey', code: 'tr', t: 2, u: 1, n: 1 },
      { country: 'Germany', code: 'de', t: 1, u: 1, n: 1 },
    ];
    expect(await v2('countries')).toEqual({
      '30days': both,
      '7days': both,
      today: [{ country: 'Turkey', code: 'tr', t: 1, u: 1, n: 0 }],
    });
  });
});

describe('beyond the seed (4.3)', () => {
  test('sessions by day: every day of the range', async () => {
    const rows = (await v2('sessions', { period: '7days' })) as unknown[];
    expect(rows).toHaveLength(7);
    expect(rows[0]).toEqual({ _id: '2014-2-12', t: 0, n: 0, u: 0, d: 0, e: 0 });
    expect(rows.slice(-2)).toEqual([
      { _id: '2014-2-17', t: 2, n: 2, u: 2, d: 60, e: 4 },
      { _id: '2014-2-18', t: 1, n: 0, u: 1, d: 0, e: 1 },
    ]);
    expect(await v2('sessions', {})).toHaveLength(30);
    expect(await v2('sessions', { period: '90days' })).toHaveLength(90);
  });

  test('sessions by hour, those of today that have begun', async () => {
    const rows = (await v2('sessions', { period: 'hour' })) as unknown[];
    expect(rows).toHaveLength(13);
    expect(rows[0]).toEqual({ _id: '2014-2-18 0:00', t: 1, n: 0, u: 1, d: 0, e: 1 });
    expect(rows.at(-1)).toEqual({ _id: '2014-2-18 12:00', t: 0, n: 0, u: 0, d: 0, e: 0 });
    expect(await v2('sessions', { period: 'yesterday' })).toHaveLength(24);
  });

  test('sessions by month', async () => {
    const rows = await v2('sessions', { period: '100days' });
    expect(rows).toEqual([
      { _id: '2013-11', t: 0, n: 0, u: 0, d: 0, e: 0 },
      { _id: '2013-12', t: 0, n: 0, u: 0, d: 0, e: 0 },
      { _id: '2014-1', t: 0, n: 0, u: 0, d: 0, e: 0 },
      { _id: '2014-2', t: 3, n: 2, u: 2, d: 60, e: 5 },
    ]);
    expect(await v2('sessions', { period: '7days', bucket: 'monthly' })).toEqual([
      { _id: '2014-2', t: 3, n: 2, u: 2, d: 60, e: 5 },
    ]);
    expect(await v2('sessions', { period: '100days', bucket: 'daily' })).toHaveLength(100);
  });

  test.each<[string, object, unknown]>([
    [
      'metric',
      { metric: 'countries' },
      [
        { _id: 'TR', t: 2, n: 1, u: 1 },
        { _id: 'DE', t: 1, n: 1, u: 1 },
      ],
    ],
    ['metric', { metric: 'os_versions' }, [{ _id: 'i7.0', t: 1, n: 1, u: 1 }]],
    ['metric', { metric: 'platforms', period: 'hour' }, [{ _id: 'iOS', t: 1, n: 0, u: 1 }]],
    ['metric', { metric: 'carriers' }, []],
    ['metric', { metric: 'nonsense' }, []],
    ['metric', { metric: 'toString' }, []],
    [
      'tops',
      {},
      {
        platforms: [
          { name: 'iOS', value: 2, percent: 67 },
          { name: 'Android', value: 1, percent: 33 },
        ],
        resolutions: [],
        carriers: [],
        countries: [
          { name: 'TR', value: 2, percent: 67 },
          { name: 'DE', value: 1, percent: 33 },
        ],
      },
    ],
    ['tops', { metric: 'platforms', period: 'hour' }, [{ name: 'iOS', value: 1, percent: 100 }]],
    [
      'tops',
      { metrics: ['os_versions', 'nonsense'] },
      { os_versions: [{ name: 'i7.0', value: 1, percent: 100 }], nonsense: [] },
    ],
    [
      'frequency',
      {},
      [
        { f: '0', t: 2, percent: '66.7' },
        { f: '1', t: 1, percent: '33.3' },
      ],
    ],
    ['frequency', { period: 'hour' }, [{ f: '1', t: 1, percent: '100.0' }]],
    ['loyalty', {}, [{ l: '0', t: 2, percent: '100.0' }]],
    ['loyalty', { period: 'hour' }, [{ l: '1', t: 1, percent: '100.0' }]],
    ['durations', {}, [{ ds: '2', t: 1, percent: '100.0' }]],
    ['durations', { period: 'hour' }, []],
    [
      'events',
      {},
      {
        all: [
          { _id: 'in_app_purchase', c: 4, s: 3.07, dur: 2.5 },
          { _id: 'level_done', c: 2, s: 0, dur: 0 },
        ],
      },
    ],
    ['events', { period: 'yesterday' }, { all: [{ _id: 'in_app_purchase', c: 3, s: 2.97, dur: 0 }] }],
    [
      'events',
      { event: 'in_app_purchase', period: '2days' },
      [
        { _id: '2014-2-17', c: 3, s: 2.97, dur: 0 },
        { _id: '2014-2-18', c: 1, s: 0.1, dur: 2.5 },
      ],
    ],
    ['events', { event: 'in_app_purchase', segmentation: 'country' }, [{ _id: 'Turkey', c: 3, s: 2.97, dur: 0 }]],
    ['events', { event: 'in_app_purchase', segmentation: '$co.untry' }, [{ _id: 'Turkey', c: 3, s: 2.97, dur: 0 }]],
    ['events', { event: 'in_app_purchase', segmentation: 'nonsense' }, []],
    [
      'events',
      { events: ['[CLY]_view', 'nonsense'], period: '2days' },
      {
        '[CLY]_view': [
          { _id: '2014-2-17', c: 0, s: 0, dur: 0 },
          { _id: '2014-2-18', c: 1, s: 0, dur: 0 },
        ],
        nonsense: [
          { _id: '2014-2-17', c: 0, s: 0, dur: 0 },
          { _id: '2014-2-18', c: 0, s: 0, dur: 0 },
        ],
      },
    ],
  ])('%s %j', async (path, parameters, expected) => {
    expect(await v2(path, parameters as Record<string, unknown>)).toEqual(expected);
  });

  test.each<[string, object, number, string]>([
    ['metric', {}, 400, 'Must provide metric'],
    ['tops', { metrics: '[' }, 400, 'Invalid parameter "metrics"'],
    ['tops', { metrics: { a: 1 } }, 400, 'Invalid parameter "metrics"'],
    ['events', { events: '[' }, 400, 'events JSON is not properly formed'],
    ['events', { events: [1] }, 400, 'events JSON is not properly formed'],
    ['', {}, 400, 'Invalid path, must be one of /dashboard or /countries'],
    ['nonsense', {}, 400, 'Invalid path, must be one of /dashboard or /countries'],
    ['dashboard/more', {}, 400, 'Invalid path, must be one of /dashboard or /countries'],
    ['dashboard', { app_id: 'short' }, 400, 'Invalid parameter "app_id"'],
    ['dashboard', { app_id: '' }, 400, 'Missing parameter "app_id"'],
    ['dashboard', { api_key: '' }, 400, 'Missing parameter "api_key" or "auth_token"'],
    ['dashboard', { api_key: 'x' }, 401, 'User does not exist'],
  ])('%s %j: %d', async (path, parameters, status, result) => {
    const sent = query({ api_key: SELIN, app_id: SHOP_APP, ...(parameters as Record<string, unknown>) });
    const slash = path === '' ? '' : `/${path}`;
    expect(await outcome(server.url, `/o/analytics${slash}?${sent}`)).toEqual([status, JSON.stringify({ result })]);
  });
});

describe('total_users (3.9)', () => {
  test.each<[object, unknown]>([
    [{ metric: 'users' }, [{ _id: 'users', u: 2 }]],
    [{}, [{ _id: 'users', u: 2 }]],
    [{ metric: 'users', period: 'hour' }, [{ _id: 'users', u: 1 }]],
    [{ metric: 'users', period: 'prevMonth' }, []],
    [
      { metric: 'countries' },
      [
        { _id: 'DE', u: 1 },
        { _id: 'TR', u: 1 },
      ],
    ],
    [
      { metric: 'os' },
      [
        { _id: 'Android', u: 1 },
        { _id: 'iOS', u: 1 },
      ],
    ],
    [{ metric: 'cities' }, []],
    [{ metric: 'nonsense' }, []],
  ])('%j', async (parameters, expected) => {
    const answer = await read(server.url, '/o', {
      api_key: SELIN,
      app_id: SHOP_APP,
      method: 'total_users',
      ...parameters,
    });
    expect(answer).toEqual(expected);
  });
});
