import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { manyApps, OneApp, type Sent } from './support/apps.ts';
import { outcome, query, send } from './support/client.ts';

const NOW = Date.parse('2014-02-18T10:34:00Z');
/** 17 February 2014, 09:10:00 UTC. */
const T = 1_392_628_200;
let server: TestServer;
let next = 0;
beforeAll(async () => {
  server = await startServer({ directory: manyApps(120, 'UTC'), clock: '2014-02-18T10:34:00Z' });
}, 60_000);
afterAll(() => server.stop());
const newApp = (): OneApp => new OneApp(server.url, next++);

const SUCCESS = { result: 'Success' };
const BEGIN = { begin_session: 1, country_code: 'TR' };
const counters = (year: Record<string, unknown>, ...names: string[]): unknown[] => names.map((name) => year[name] ?? 0);

describe('2.1 and 2.2: what counts as what', () => {
  /** Requests of one device in order, and what the year then holds. */
  const cases: readonly (readonly [string, readonly Sent[], Sent])[] = [
    [
      'any accepted request counts `e`, once its device is a user',
      [{ timestamp: T }, { ...BEGIN, timestamp: T }],
      { t: 1, n: 1, u: 1, e: 2 },
    ],
    [
      'a device known only through other requests is no user',
      [{ timestamp: T, session_duration: 5 }, { end_session: 1 }],
      {},
    ],
    ['begin_session counts a session', [{ ...BEGIN, timestamp: T }], { t: 1, n: 1, u: 1, e: 1 }],
    [
      'a begin closes the session still open',
      [
        { ...BEGIN, timestamp: T },
        { session_duration: 45, timestamp: T + 45 },
        { ...BEGIN, timestamp: T + 100 },
      ],
      { t: 2, n: 1, u: 1, d: 45, e: 3, ds: { 2: 1 } },
    ],
    [
      'a second begin at once is a second session, the first of length 0',
      [
        { ...BEGIN, timestamp: T },
        { ...BEGIN, timestamp: T + 1 },
      ],
      { t: 2, n: 1, u: 1, e: 2, ds: { 0: 1 } },
    ],
    [
      'a begin within 15 s of the end goes on with the session',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, session_duration: 8, timestamp: T + 10 },
        { ...BEGIN, timestamp: T + 24 },
        { session_duration: 8, end_session: 1, timestamp: T + 40 },
      ],
      { t: 1, n: 1, u: 1, d: 16, e: 4, ds: { 1: 1 } },
    ],
    [
      '…and its closing is withdrawn meanwhile',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, session_duration: 8, timestamp: T + 10 },
        { ...BEGIN, timestamp: T + 24 },
      ],
      { t: 1, n: 1, u: 1, d: 8, e: 3 },
    ],
    [
      '15 s after the end it is a new one',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, timestamp: T + 10 },
        { ...BEGIN, timestamp: T + 25 },
      ],
      { t: 2, n: 1, u: 1, e: 3, ds: { 0: 1 } },
    ],
    [
      '…and before the end, by its time, too',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, timestamp: T + 10 },
        { ...BEGIN, timestamp: T + 9 },
      ],
      { t: 2, n: 1, u: 1, e: 3, ds: { 0: 1 } },
    ],
    [
      'ignore_cooldown switches the rule off',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, timestamp: T + 10 },
        { ...BEGIN, timestamp: T + 11, ignore_cooldown: 1 },
      ],
      { t: 2, n: 1, u: 1, e: 3, ds: { 0: 1 } },
    ],
    [
      'an end without open session starts no cooldown',
      [
        { end_session: 1, timestamp: T },
        { ...BEGIN, timestamp: T + 1 },
      ],
      { t: 1, n: 1, u: 1, e: 2 },
    ],
    [
      'session_duration without open session counts `d` and no `ds`',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, timestamp: T + 20 },
        { session_duration: 30, timestamp: T + 60 },
        { ...BEGIN, timestamp: T + 90 },
        { end_session: 1, timestamp: T + 91 },
      ],
      { t: 2, n: 1, u: 1, d: 30, e: 5, ds: { 0: 2 } },
    ],
    [
      'begin, duration and end in one request are a whole session',
      [{ ...BEGIN, timestamp: T, session_duration: 700, end_session: 1 }],
      { t: 1, n: 1, u: 1, d: 700, e: 1, ds: { 5: 1 } },
    ],
    [
      'metrics without begin_session count nothing',
      [
        { ...BEGIN, timestamp: T },
        { timestamp: T + 1, metrics: { _os: 'iOS', _ua: 'x' } },
      ],
      { t: 1, n: 1, u: 1, e: 2 },
    ],
    [
      'an end that is dated before its begin closes it all the same',
      [
        { ...BEGIN, timestamp: T },
        { end_session: 1, timestamp: T - 50, session_duration: 3 },
      ],
      { t: 1, n: 1, u: 1, d: 3, e: 2, ds: { 0: 1 } },
    ],
    [
      'session_duration -5, 0 and abc are ignored, 30.7 is 30, more than a day is a day',
      [
        { ...BEGIN, timestamp: T },
        { session_duration: -5 },
        { session_duration: 0 },
        { session_duration: 'abc' },
        { session_duration: '30.7' },
        { session_duration: 999_999_999 },
      ],
      { t: 1, n: 1, u: 1, d: 86_430, e: 6 },
    ],
    [
      'flags: 0, false and nothing mean no',
      [
        { begin_session: '0', timestamp: T },
        { begin_session: 'false', timestamp: T },
        { begin_session: '', timestamp: T },
      ],
      {},
    ],
    [
      'flags: true and any other text mean yes',
      [
        { begin_session: 'true', country_code: 'TR', timestamp: T },
        { begin_session: 'x', country_code: 'TR', timestamp: T + 20 },
      ],
      { t: 2, n: 1, u: 1, e: 2, ds: { 0: 1 } },
    ],
    [
      'what only newer SDKs send is accepted',
      [
        {
          ...BEGIN,
          timestamp: T,
          hour: 9,
          dow: 1,
          tz: 120,
          sdk_name: 'js',
          av: 'undefined',
          t: 1,
          rr: 0,
          user_details: '{"custom":{"a":{"$inc":1}}}',
          crash: '{"_error":"x"}',
          consent: '{}',
          apm: '[]',
          hc: '{"el":0}',
          campaign_id: 'c',
          nonsense: 'x',
        },
      ],
      { t: 1, n: 1, u: 1, e: 1 },
    ],
  ];

  test.each(cases)('%s', async (_, requests, expected) => {
    const app = newApp();
    for (const request of requests) expect(await app.write(request)).toEqual(SUCCESS);
    const { f: _f, l: _l, TR: _tr, ...shown } = await app.year();
    expect(shown).toEqual(expected);
  });

  test('a session across midnight gives seconds to both days', async () => {
    const app = newApp();
    const midnight = Date.parse('2014-02-18T00:00:00Z') / 1000;
    await app.write({ ...BEGIN, timestamp: midnight - 60 });
    await app.write({ session_duration: 60, timestamp: midnight - 1 });
    await app.write({ session_duration: 70, timestamp: midnight + 70, end_session: 1 });
    const tree = (await app.read({ method: 'sessions' })) as Record<string, Record<string, Record<string, Sent>>>;
    expect(tree['2014']?.['2']?.['17']).toMatchObject({ d: 60, e: 2, t: 1 });
    expect(tree['2014']?.['2']?.['18']).toEqual({ 0: { d: 70, e: 1 }, d: 70, e: 1, ds: { 3: 1 } });
  });
});

describe('2.3: metrics', () => {
  const cases: readonly (readonly [Sent, string, readonly string[]])[] = [
    [{ _os: 'Android', _os_version: '4.4' }, 'os_versions', ['a4:4']],
    [{ _os: 'IOS', _os_version: '7.1' }, 'os_versions', ['i7:1']],
    [{ _os: 'iOS', _os_version: 'i7.1' }, 'os_versions', ['i7:1']],
    [{ _os: 'Windows Phone', _os_version: '8.1' }, 'os_versions', ['w8:1']],
    [{ _os: 'Windows Phone', _os_version: '8' }, 'os_versions', ['[CLY]w8']],
    [{ _os: 'windows', _os_version: '10' }, 'os_versions', ['mw10']],
    [{ _os: 'macOS', _os_version: '14' }, 'os_versions', ['o14']],
    [{ _os: 'tvOS', _os_version: '17' }, 'os_versions', ['atv17']],
    [{ _os: 'webOS', _os_version: '6' }, 'os_versions', ['webos6']],
    [{ _os: 'Plan9', _os_version: '4' }, 'os_versions', ['p4']],
    [{ _os_version: '7.1' }, 'os_versions', ['7:1']],
    [{ _app_version: '7' }, 'app_versions', ['7:0']],
    [{ _app_version: '7.1b' }, 'app_versions', ['7:1b']],
    [{ _app_version: 7 }, 'app_versions', ['7:0']],
    [{ _resolution: '320x480' }, 'resolutions', ['320x480']],
    [{ _resolution: '$a.b' }, 'resolutions', ['a:b']],
    [{ _resolution: '7' }, 'resolutions', ['[CLY]7']],
    [{ _resolution: '0' }, 'resolutions', ['[CLY]0']],
    [{ _resolution: '31' }, 'resolutions', ['[CLY]31']],
    [{ _resolution: '32' }, 'resolutions', ['32']],
    [{ _resolution: 'w53' }, 'resolutions', ['[CLY]w53']],
    [{ _resolution: 'w54' }, 'resolutions', ['w54']],
    [{ _os: true }, 'os', ['true']],
    [{ _os: '<b>"&\u0000ü😀' }, 'os', ['<b>"&\u0000ü😀']],
    [{ _os: '__proto__' }, 'os', ['__proto__']],
    [{ _os: 'x'.repeat(300) }, 'os', ['x'.repeat(256)]],
  ];
  test.each(cases)('%j: %s %j', async (metrics, list, values) => {
    const app = newApp();
    expect(await app.write({ ...BEGIN, metrics, timestamp: T })).toEqual(SUCCESS);
    const { meta } = (await app.read({ method: 'device_details' })) as { meta: Sent };
    expect(meta[list]).toEqual(values);
    const year = await app.year('device_details');
    expect(Object.hasOwn(year, values[0] ?? '')).toBe(true);
  });

  test.each([[null], [''], [[1]], [{ a: 1 }]])('%j counts as absent', async (value) => {
    const app = newApp();
    expect(await app.write({ ...BEGIN, metrics: { _os: value }, timestamp: T })).toEqual(SUCCESS);
    expect(await app.read({ method: 'device_details' })).toEqual({});
  });

  test('carriers are capitalised; hashes and two dashes are none; network codes stay', async () => {
    const app = newApp();
    const sent = ['vodafone uk', 'VODAFONE UK', '0123456789abcdef', '--', '28601', '286011', 'türk telekom'];
    for (const [index, _carrier] of sent.entries()) {
      await app.write({ ...BEGIN, device_id: `d${index}`, metrics: { _carrier }, timestamp: T });
    }
    expect(await app.year('carriers')).toEqual({
      'Vodafone Uk': { t: 2, n: 2, u: 2 },
      '28601': { t: 1, n: 1, u: 1 },
      '286011': { t: 1, n: 1, u: 1 },
      'Türk Telekom': { t: 1, n: 1, u: 1 },
    });
  });

  test('a device that changes its system: `u` in both, `n` where the first session was', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, metrics: { _os: 'iOS' }, timestamp: T });
    await app.write({ ...BEGIN, metrics: { _os: 'Android' }, timestamp: T + 100 });
    expect(await app.year('device_details')).toEqual({ iOS: { t: 1, n: 1, u: 1 }, Android: { t: 1, u: 1 } });
  });
});

describe('2.5: time', () => {
  test.each([
    ['10 digits are seconds', '1392628200', '17', '9'],
    ['a fraction is allowed', '1392628200.75', '17', '9'],
    ['13 digits are milliseconds', '1392628200123', '17', '9'],
    ['11 digits are ignored', '13926282001', '18', '10'],
    ['a word is ignored', 'yesterday', '18', '10'],
    ['tomorrow is now', '1392800000', '18', '10'],
  ])('%s', async (_, timestamp, day, hour) => {
    const app = newApp();
    expect(await app.write({ ...BEGIN, timestamp })).toEqual(SUCCESS);
    const tree = (await app.read({ method: 'sessions' })) as Record<string, Record<string, Record<string, Sent>>>;
    expect(Object.keys(tree['2014']?.['2'] ?? {}).filter((key) => /^\d+$/.test(key))).toEqual([day]);
    expect(tree['2014']?.['2']?.[day]?.[hour]).toEqual({ t: 1, n: 1, u: 1, e: 1 });
  });

  test('three years ago lands there, and everything shows it', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, timestamp: T - 3 * 365 * 86_400 });
    expect(Object.keys((await app.read({ method: 'sessions' })) as object)).toEqual(['2011', 'meta']);
  });

  test('a session that arrives late becomes the first', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, timestamp: T, metrics: { _os: 'iOS' } });
    await app.write({ ...BEGIN, timestamp: T - 86_400, metrics: { _os: 'Android' }, country_code: 'DE' });
    const tree = (await app.read({ method: 'sessions' })) as Record<string, Record<string, Record<string, Sent>>>;
    expect(tree['2014']?.['2']?.['16']).toMatchObject({ n: 1, f: { 0: 1 }, l: { 0: 1 } });
    expect(tree['2014']?.['2']?.['17']).not.toHaveProperty('n');
    expect(tree['2014']?.['2']?.['17']).toMatchObject({ f: { 2: 1 }, l: { 1: 1 } });
  });
});

test('3.5: values that look like times or counters are values in a refresh too', async () => {
  const app = newApp();
  const metrics = {
    _os: 'u',
    _os_version: 'u',
    _resolution: 'ds',
    _app_version: 'f',
    _device: '3310',
    _carrier: '28601',
  };
  await app.write({ ...BEGIN, metrics });
  const today = (names: readonly string[]) => {
    const day = Object.fromEntries(names.map((name) => [name, { t: 1, n: 1, u: 1 }]));
    const above = Object.fromEntries(names.map((name) => [name, { u: 1 }]));
    return { 2014: { ...above, 2: { ...above, 18: day }, w7: above } };
  };
  const refreshed = (method: string) => app.read({ method, action: 'refresh' });
  expect(await refreshed('devices')).toEqual({ ...today(['3310']), meta: { devices: ['3310'] } });
  expect(await refreshed('carriers')).toEqual({ ...today(['28601']), meta: { carriers: ['28601'] } });
  expect(await refreshed('device_details')).toMatchObject(today(['ds', 'f']));
  const details = (await refreshed('device_details')) as Record<string, Record<string, unknown>>;
  expect(details['2014']?.['u']).toEqual({ u: 2 });
});

describe('2.6: where', () => {
  test.each([
    ['country_code, in any case', { country_code: 'de' }, 'DE'],
    ['location sent empty is an opt-out', { country_code: 'DE', location: '' }, 'Unknown'],
    ['ip_address', { ip_address: '8.8.8.8' }, 'US'],
    ['an address of nobody', {}, 'Unknown'],
  ])('%s', async (_, sent, country) => {
    const app = newApp();
    expect(await app.write({ begin_session: 1, timestamp: T, ...sent })).toEqual(SUCCESS);
    expect((await app.year())[country]).toEqual({ t: 1, n: 1, u: 1 });
  });

  test('a city counts in the app’s own country only', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, city: 'İzmir', timestamp: T });
    await app.write({ begin_session: 1, country_code: 'DE', city: 'Bonn', device_id: 'e', timestamp: T });
    expect(await app.year('cities')).toEqual({ İzmir: { t: 1, n: 1, u: 1 } });
  });
});

describe('2.7: answers', () => {
  test.each([
    ['no app_key', 'device_id=d', [400, '{"result":"Missing parameter \\"app_key\\" or \\"device_id\\""}']],
    [
      'an empty device_id',
      'app_key=key0&device_id=',
      [400, '{"result":"Missing parameter \\"app_key\\" or \\"device_id\\""}'],
    ],
    ['an unknown app', 'app_key=nobody&device_id=d', [400, '{"result":"App does not exist"}']],
    ['an operator for a key', 'app_key[$regex]=.*&device_id=d', [400, '{"result":"App does not exist"}']],
    [
      'the device id of nobody',
      'app_key=key0&device_id=00000000-0000-0000-0000-000000000000',
      [200, '{"result":"Ignoring device_id"}'],
    ],
    [
      'bad events',
      'app_key=key119&device_id=d&events=%5B%7B',
      [200, '{"result":"Success","info":"Ignored invalid JSON in \\"events\\""}'],
    ],
    [
      'events that are no array',
      'app_key=key119&device_id=d&events=%7B%7D',
      [200, '{"result":"Success","info":"Ignored invalid JSON in \\"events\\""}'],
    ],
    [
      'bad metrics',
      'app_key=key119&device_id=d&metrics=x',
      [200, '{"result":"Success","info":"Ignored invalid JSON in \\"metrics\\""}'],
    ],
    [
      'both',
      'app_key=key119&device_id=d&metrics=x&events=x',
      [200, '{"result":"Success","info":"Ignored invalid JSON in \\"events\\" and \\"metrics\\""}'],
    ],
  ] as const)('%s', async (_, sent, expected) => {
    expect(await outcome(server.url, `/i?${sent}`)).toEqual(expected);
  });

  test('a request with invalid events counts otherwise', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, timestamp: T, events: 'x' });
    expect(counters(await app.year(), 't', 'e')).toEqual([1, 1]);
  });

  test('1.3: everything in the query of a POST without body works', async () => {
    const app = newApp();
    const path = `/i?${query({ app_key: `key${app.index}`, device_id: 'd', ...BEGIN, timestamp: T })}`;
    expect(
      await outcome(server.url, path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ).toEqual([200, '{"result":"Success"}']);
    expect(counters(await app.year(), 't')).toEqual([1]);
  });
});

describe('2.9: repeats', () => {
  const IGNORED = { result: 'Success', info: 'Request ignored: Duplicate request' };

  test('the same request with one timestamp counts once', async () => {
    const app = newApp();
    const request = { ...BEGIN, timestamp: T, events: [{ key: 'buy', count: 1 }] };
    expect(await app.write(request)).toEqual(SUCCESS);
    expect(await app.write(request)).toEqual(IGNORED);
    expect(await app.write({ rr: 3, checksum256: 'x', ...request })).toEqual(IGNORED);
    expect(counters(await app.year(), 't', 'e')).toEqual([1, 1]);
    expect(await app.year('events')).toEqual({ c: 1 });
  });

  test('requests without timestamp, or with one that is ignored, are never repeats', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, timestamp: T });
    for (let n = 0; n < 2; n += 1) {
      expect(await app.write({ session_duration: 30 })).toEqual(SUCCESS);
      expect(await app.write({ session_duration: 30, timestamp: '12345' })).toEqual(SUCCESS);
    }
    expect(counters(await app.year(), 'd', 'e')).toEqual([120, 5]);
  });

  test('a future timestamp is recognised by what was sent; another device or app is another request', async () => {
    const [app, other] = [newApp(), newApp()];
    const request = { ...BEGIN, timestamp: NOW + 1_000_000 };
    expect(await app.write(request)).toEqual(SUCCESS);
    expect(await app.write(request)).toEqual(IGNORED);
    expect(await app.write({ ...request, device_id: 'e' })).toEqual(SUCCESS);
    expect(await other.write(request)).toEqual(SUCCESS);
  });

  test('the last 64 requests are remembered', async () => {
    const app = newApp();
    const requests = Array.from({ length: 64 }, (_, n) => ({ session_duration: 1, timestamp: T + n }));
    for (const request of requests) expect(await app.write(request)).toEqual(SUCCESS);
    for (const request of requests) expect(await app.write(request)).toEqual(IGNORED);
  });

  test('a bulk that comes again counts once, whatever its size, and when others came in between', async () => {
    const app = newApp();
    const items = Array.from({ length: 300 }, (_, n) => ({ device_id: 'd', session_duration: 1, timestamp: T + n }));
    const all = [{ device_id: 'd', ...BEGIN, timestamp: T - 1 }, ...items, items[7]];
    expect(await app.bulk(all)).toEqual(SUCCESS);
    for (let n = 0; n < 70; n += 1) await app.write({ timestamp: T + 1000 + n });
    expect(await app.bulk([{ device_id: 'd', timestamp: T + 5000 }, ...all])).toEqual(SUCCESS);
    expect(counters(await app.year(), 't', 'd', 'e')).toEqual([1, 300, 372]);
  });
});

describe('2.10: changing the device id', () => {
  test('a new id without history goes on as the old user', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, device_id: 'anonymous', timestamp: T });
    await app.write({ device_id: 'ann', old_device_id: 'anonymous', timestamp: T + 10, session_duration: 20 });
    await app.write({ device_id: 'ann', end_session: 1, timestamp: T + 20 });
    await app.write({ ...BEGIN, device_id: 'ann', timestamp: T + 100 });
    expect(await app.year()).toEqual({
      t: 2,
      n: 1,
      u: 1,
      d: 20,
      e: 4,
      f: { 0: 1, 1: 1 },
      l: { 0: 1 },
      ds: { 1: 1 },
      TR: { t: 2, n: 1, u: 1 },
    });
  });

  test('two users with a history become one, in past buckets too', async () => {
    const app = newApp();
    await app.write({ ...BEGIN, device_id: 'a', timestamp: T });
    await app.write({ ...BEGIN, device_id: 'b', timestamp: T + 100 });
    expect(counters(await app.year(), 't', 'n', 'u')).toEqual([2, 2, 2]);
    await app.write({ device_id: 'b', old_device_id: 'a', timestamp: T + 200 });
    const year = await app.year();
    expect(counters(year, 't', 'n', 'u', 'e')).toEqual([2, 1, 1, 3]);
    expect(year['f']).toEqual({ 0: 1, 1: 1 });
  });

  test('a device with events only is a known old id, and its past shows when its user has a session', async () => {
    const app = newApp();
    await app.write({ device_id: 'a', timestamp: T, session_duration: 9 });
    await app.write({ ...BEGIN, device_id: 'b', timestamp: T + 100 });
    expect(counters(await app.year(), 'd', 'e')).toEqual([0, 1]);
    await app.write({ device_id: 'b', old_device_id: 'a', timestamp: T + 200 });
    expect(counters(await app.year(), 'd', 'e', 'u')).toEqual([9, 3, 1]);
  });

  test.each([
    ['an unknown old id', { old_device_id: 'nobody' }],
    ['an equal one', { old_device_id: 'd' }],
    ['an empty one', { old_device_id: '' }],
  ])('%s has no effect', async (_, sent) => {
    const app = newApp();
    expect(await app.write({ ...BEGIN, timestamp: T, ...sent })).toEqual(SUCCESS);
    expect(counters(await app.year(), 't', 'n', 'u', 'e')).toEqual([1, 1, 1, 1]);
  });

  test('an old id changes once: later it is not taken along again', async () => {
    const app = newApp();
    for (const [index, device_id] of ['a', 'b', 'c'].entries())
      await app.write({ ...BEGIN, device_id, timestamp: T + index });
    await app.write({ device_id: 'b', old_device_id: 'a' });
    await app.write({ device_id: 'c', old_device_id: 'a' });
    expect(counters(await app.year(), 'u')).toEqual([2]);
  });

  test('a chain of changes is one user', async () => {
    const app = newApp();
    for (const [index, device_id] of ['a', 'b', 'c', 'x'].entries()) {
      await app.write({ ...BEGIN, device_id, timestamp: T + index });
    }
    for (const [device_id, old_device_id] of [
      ['b', 'a'],
      ['c', 'b'],
      ['a', 'c'],
    ]) {
      await app.write({ device_id, old_device_id });
    }
    expect(counters(await app.year(), 't', 'n', 'u')).toEqual([4, 2, 2]);
  });
});

describe('2.11: bulk', () => {
  test.each([
    ['no requests', {}, [400, '{"result":"Missing parameter \\"requests\\""}']],
    ['unparsable', { requests: '[{' }, [400, '{"result":"Missing parameter \\"requests\\""}']],
    ['no array', { requests: '{}' }, [400, '{"result":"Invalid parameter \\"requests\\""}']],
    ['empty', { requests: '[]' }, [200, '{"result":"Success"}']],
    [
      'bad items',
      { requests: '[null,1,{},{"device_id":"d"},{"device_id":"d","app_key":"nobody"}]' },
      [200, '{"result":"Success"}'],
    ],
  ] as const)('%s', async (_, sent, expected) => {
    expect(await outcome(server.url, `/i/bulk?${query(sent)}`)).toEqual(expected);
  });

  test('items are handled in order, each like a request, with JSON or its text', async () => {
    const [app, other] = [newApp(), newApp()];
    const items = [
      null,
      { device_id: 'd', begin_session: 1, country_code: 'TR', timestamp: T, metrics: { _os: 'iOS' } },
      { device_id: 'd', session_duration: 40, timestamp: T + 40 },
      { device_id: 'd', end_session: 1, timestamp: T - 40, events: '[{"key":"buy","count":2}]' },
      { device_id: 'e', begin_session: 1, ip_address: '8.8.8.8', timestamp: T, metrics: '{"_os":"Android"}' },
      { device_id: 'f', begin_session: 1, app_key: `key${other.index}`, country_code: 'DE', timestamp: T },
    ];
    expect(await app.bulk(items)).toEqual(SUCCESS);
    expect(await app.year()).toEqual({
      t: 2,
      n: 2,
      u: 2,
      d: 40,
      e: 4,
      f: { 0: 2 },
      l: { 0: 2 },
      ds: { 2: 1 },
      TR: { t: 1, n: 1, u: 1 },
      US: { t: 1, n: 1, u: 1 },
    });
    expect(await app.year('device_details')).toEqual({ iOS: { t: 1, n: 1, u: 1 }, Android: { t: 1, n: 1, u: 1 } });
    expect(await app.year('events')).toEqual({ c: 2 });
    expect(counters(await other.year(), 't', 'e')).toEqual([1, 1]);
  });
});

test('one device from many connections at once: nothing is lost, nothing counts twice', async () => {
  const app = newApp();
  const requests = Array.from({ length: 60 }, (_, n) => ({ session_duration: 1, timestamp: T + 100 + (n % 30) }));
  await app.write({ ...BEGIN, timestamp: T });
  const answers = await Promise.all(requests.map((request) => app.write(request)));
  expect(answers.filter((answer) => (answer as { info?: string }).info !== undefined)).toHaveLength(30);
  await app.write({ end_session: 1, timestamp: T + 500 });
  expect(counters(await app.year(), 'd', 'e')).toEqual([30, 32]);
  expect((await app.year())['ds']).toEqual({ 1: 1 });
});

test('native rows of sessions count as those of SDKs', async () => {
  const app = newApp();
  await app.write({ ...BEGIN, timestamp: T });
  const row = {
    app: `a${String(app.index).padStart(23, '0')}`,
    device: 'n',
    begun: 1,
    duration: 20,
    country: 'FR',
    os: 'Web',
  };
  const reply = await send(server.url, '/api/v1/facts/sessions', {
    headers: { 'content-type': 'application/json', authorization: 'Bearer th_x' },
    body: JSON.stringify([{ ...row, time: '2014-02-17T12:00:00Z', closed: 1, length: 20 }]),
  });
  expect(JSON.parse(reply.text)).toMatchObject({ accepted: 1 });
  expect(await app.year()).toEqual({
    t: 2,
    n: 2,
    u: 2,
    d: 20,
    e: 2,
    f: { 0: 2 },
    l: { 0: 2 },
    ds: { 1: 1 },
    TR: { t: 1, n: 1, u: 1 },
    FR: { t: 1, n: 1, u: 1 },
  });
});
