import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { idOf, manyApps, MEMBER, OneApp, type Sent } from './support/apps.ts';
import { outcome, query, send } from './support/client.ts';

/** 17 February 2014, 20:15:00 UTC. */
const T = 1_392_668_100;
let server: TestServer;
let next = 0;
beforeAll(async () => {
  server = await startServer({ directory: manyApps(40, 'UTC'), clock: '2014-02-18T10:34:00Z' });
}, 60_000);
afterAll(() => server.stop());
const newApp = (): OneApp => new OneApp(server.url, next++);
const SUCCESS = { result: 'Success' };

/** The events of the seed's sample call. */
const SAMPLE = [
  { key: 'level_success', count: 4 },
  { key: 'level_fail', count: 2 },
  { key: 'in_app_purchase', count: 3, sum: 2.97, segmentation: { app_version: '1.0', country: 'Turkey' } },
];

describe('3.6: the sample call of the reference', () => {
  let app: OneApp;
  const total = { c: 3, s: 2.97 };
  const tree = (leaf: Sent): Sent => ({ 2014: { 2: { 17: leaf, ...leaf }, ...leaf } });
  const purchase = {
    2014: { 2: { 17: { 20: total, ...total }, ...total }, ...total },
    meta: { segments: ['app_version', 'country'], app_version: ['1:0'], country: ['Turkey'] },
    segmentation: { country: tree({ Turkey: total }), app_version: tree({ '1:0': total }) },
  };
  beforeAll(async () => {
    app = newApp();
    expect(await app.write({ events: SAMPLE, timestamp: T })).toEqual(SUCCESS);
  });

  test('method=events&event= is the tree, with `meta` and `segmentation`', async () => {
    expect(await app.read({ method: 'events', event: 'in_app_purchase' })).toEqual(purchase);
  });
  test('without event it is the first of the list', async () => {
    expect(await app.read({ method: 'events' })).toEqual(purchase);
  });
  test('an event without segments has no meta', async () => {
    expect(await app.read({ method: 'events', event: 'level_success' })).toEqual({
      2014: { 2: { 17: { 20: { c: 4 }, c: 4 }, c: 4 }, c: 4 },
    });
  });
  test('an unknown event is {}', async () => {
    expect(await app.read({ method: 'events', event: 'nothing' })).toEqual({});
  });
  test('segmentation= selects one segment, no-segment the totals', async () => {
    const asked = { method: 'events', event: 'in_app_purchase' };
    const { meta } = purchase;
    expect(await app.read({ ...asked, segmentation: 'country' })).toEqual({ ...tree({ Turkey: total }), meta });
    expect(await app.read({ ...asked, segmentation: 'no-segment' })).toEqual({ 2014: purchase[2014], meta });
    expect(await app.read({ ...asked, segmentation: 'colour' })).toEqual({ meta });
  });
  test('events= adds up, without meta', async () => {
    const found = await app.read({ method: 'events', events: ['level_success', 'in_app_purchase', 'none'] });
    expect(found).toEqual({
      2014: { 2: { 17: { 20: { c: 7, s: 2.97 }, c: 7, s: 2.97 }, c: 7, s: 2.97 }, c: 7, s: 2.97 },
    });
    const path = `/o?${query({ api_key: MEMBER, app_id: idOf(app.index), method: 'events', events: '[x' })}`;
    expect(await outcome(server.url, path)).toEqual([400, '{"result":"events JSON is not properly formed"}']);
  });
  test('get_events lists what there is', async () => {
    expect(await app.read({ method: 'get_events' })).toEqual({
      _id: idOf(app.index),
      list: ['in_app_purchase', 'level_fail', 'level_success'],
      segments: { in_app_purchase: ['app_version', 'country'] },
    });
  });
  test('a refresh holds today only, and nothing of yesterday but meta', async () => {
    const asked = { method: 'events', event: 'in_app_purchase', action: 'refresh' };
    expect(await app.read(asked)).toEqual({ meta: purchase.meta });
    await app.write({ events: [{ key: 'in_app_purchase', count: 1, segmentation: { country: 'Chad' } }] });
    expect(await app.read(asked)).toEqual({
      2014: { 2: { 18: { 10: { c: 1 }, c: 1 } } },
      meta: { ...purchase.meta, country: ['Chad', 'Turkey'] },
      segmentation: { country: { 2014: { 2: { 18: { Chad: { c: 1 } } } } } },
    });
  });
  test('2.2: events alone make no user and no session', async () => {
    expect(await app.read({ method: 'sessions' })).toEqual({});
  });
});

describe('2.4: what an event has to be', () => {
  /** Elements of `events`, and the year of the event `k`. */
  const cases: readonly (readonly [string, readonly unknown[], Sent])[] = [
    ['no count: dropped', [{ key: 'k' }], {}],
    ['no key: dropped', [{ count: 1 }, { key: '', count: 1 }, { key: 7, count: 1 }], {}],
    [
      'no number: dropped',
      [
        { key: 'k', count: 'many' },
        { key: 'k', count: null },
      ],
      {},
    ],
    [
      'less than one: dropped',
      [
        { key: 'k', count: 0.9 },
        { key: 'k', count: -3 },
      ],
      {},
    ],
    [
      'a numeric string is a count, a fraction is cut',
      [
        { key: 'k', count: '2' },
        { key: 'k', count: 3.9 },
      ],
      { c: 5 },
    ],
    ['bad ones do not spoil the others', [null, 1, 'x', [], { key: 'k', count: 1 }], { c: 1 }],
    [
      'sums are exact to five decimals',
      Array.from({ length: 10 }, () => ({ key: 'k', count: 1, sum: 0.1 })),
      { c: 10, s: 1 },
    ],
    [
      'sums may be negative, and cancel to 0',
      [
        { key: 'k', count: 1, sum: 4.99 },
        { key: 'k', count: 1, sum: -4.99 },
      ],
      { c: 2, s: 0 },
    ],
    ['a sum of 0 is a sum', [{ key: 'k', count: 1, sum: 0 }], { c: 1, s: 0 }],
    [
      'numeric text is a sum, other text is none',
      [
        { key: 'k', count: 1, sum: '2.5' },
        { key: 'k', count: 1, sum: 'x' },
      ],
      { c: 2, s: 2.5 },
    ],
    ['a sixth decimal is rounded away', [{ key: 'k', count: 1, sum: 1.000004 }], { c: 1, s: 1 }],
    [
      'dur',
      [
        { key: 'k', count: 1, dur: 2.5 },
        { key: 'k', count: 1, dur: 3 },
      ],
      { c: 2, dur: 5.5 },
    ],
    [
      'dots and dollars leave the key',
      [
        { key: 'system.k', count: 1 },
        { key: '$k', count: 1 },
        { key: '..k', count: 1 },
      ],
      { c: 3 },
    ],
    ['an old timestamp moves the event alone', [{ key: 'k', count: 1, timestamp: T - 365 * 86_400 }], {}],
  ];
  test.each(cases)('%s', async (_, events, expected) => {
    const app = newApp();
    expect(await app.write({ events, timestamp: T })).toEqual(SUCCESS);
    const tree = (await app.read({ method: 'events', event: 'k' })) as Record<string, Record<string, unknown>>;
    const { 2: _month, ...year } = tree['2014'] ?? {};
    expect(year).toEqual(expected);
  });

  test('keys of 128 characters are dropped, of 127 are not', async () => {
    const app = newApp();
    await app.write({ events: ['x'.repeat(128), 'y'.repeat(127), '$'.repeat(200)].map((key) => ({ key, count: 1 })) });
    expect(await app.read({ method: 'get_events' })).toEqual({ _id: idOf(app.index), list: ['y'.repeat(127)] });
  });

  test('segments: names lose dots and leading dollars; texts, numbers and booleans count; the rest does not', async () => {
    const app = newApp();
    const segmentation = {
      'a.b': 'x',
      $c: 1.5,
      d: true,
      e: null,
      f: '',
      g: { h: 1 },
      i: ['j'],
      '': 'k',
      '...': 'l',
      n: '7',
      segments: 's',
      long: 'ö'.repeat(300),
      __proto__x: 'p',
    };
    const events = [
      { key: 'k', count: 1, segmentation },
      { key: 'k', count: 2, seg_key: 'old', seg_val: 'v' },
    ];
    await app.write({ events, timestamp: T });
    const { meta } = (await app.read({ method: 'events', event: 'k' })) as { meta: Sent };
    expect(meta).toEqual({
      segments: ['[CLY]segments', '__proto__x', 'ab', 'c', 'd', 'long', 'n', 'old'],
      ab: ['x'],
      c: ['1:5'],
      d: ['true'],
      n: ['[CLY]7'],
      old: ['v'],
      long: ['ö'.repeat(256)],
      '[CLY]segments': ['s'],
      __proto__x: ['p'],
    });
  });

  test('internal events are readable by name and listed nowhere', async () => {
    const app = newApp();
    await app.write({ events: [{ key: '[CLY]_view', count: 1, segmentation: { name: 'home' } }], timestamp: T });
    expect(await app.read({ method: 'get_events' })).toEqual({});
    expect(await app.read({ method: 'events' })).toEqual({});
    expect(await app.read({ method: 'events', event: '[CLY]_view' })).toMatchObject({ meta: { name: ['home'] } });
  });

  test('6.3: 10,000 events in one POST are all counted', async () => {
    const app = newApp();
    const events = Array.from({ length: 10_000 }, (_, n) => ({
      key: `k${n % 3}`,
      count: 1,
      segmentation: { n: n % 10 },
    }));
    expect(await app.bulk([{ device_id: 'd', events, timestamp: T }])).toEqual(SUCCESS);
    const tree = (await app.read({ method: 'events', events: ['k0', 'k1', 'k2'] })) as Record<string, Sent>;
    expect(tree['2014']?.['c']).toBe(10_000);
  });

  test('only so many keys, segments and values are shown; nothing fails', async () => {
    const app = newApp();
    const segmentation = Object.fromEntries(
      Array.from({ length: 120 }, (_, n) => [`s${String(n).padStart(3, '0')}`, 'v']),
    );
    const events = [
      ...Array.from({ length: 510 }, (_, n) => ({ key: `e${String(n).padStart(3, '0')}`, count: 1 })),
      { key: 'many', count: 5, segmentation },
      ...Array.from({ length: 1_100 }, (_, n) => ({ key: 'values', count: 5, segmentation: { v: `v${n}` } })),
    ];
    expect(await app.bulk([{ device_id: 'd', events, timestamp: T }])).toEqual(SUCCESS);
    const { list, segments } = (await app.read({ method: 'get_events' })) as {
      list: string[];
      segments: Record<string, string[]>;
    };
    expect([list.length, segments['many']?.length, segments['values']]).toEqual([500, 100, ['v']]);
    const { meta } = (await app.read({ method: 'events', event: 'values' })) as { meta: Record<string, string[]> };
    expect(meta['v']).toHaveLength(1_000);
  });
});

test('native rows of events count as those of SDKs', async () => {
  const app = newApp();
  await app.write({ events: [{ key: 'k', count: 1, sum: 0.2 }], timestamp: T });
  const row = { app: idOf(app.index), device: 'n', key: 'k', time: '2014-02-17T20:15:00Z' };
  const rows = [
    { ...row, count: 2, sum: 0.1, segmentation: { plan: 'pro', build: 1.5, paid: true } },
    { ...row, duration: 0 },
  ];
  const reply = await send(server.url, '/api/v1/facts/events', {
    headers: { 'content-type': 'application/json', authorization: 'Bearer th_x' },
    body: JSON.stringify(rows),
  });
  expect(JSON.parse(reply.text)).toMatchObject({ accepted: 2 });
  const { 2014: year, meta } = (await app.read({ method: 'events', event: 'k' })) as Record<string, Sent>;
  expect(year).toMatchObject({ c: 4, s: 0.3, dur: 0 });
  expect(meta).toEqual({ segments: ['build', 'paid', 'plan'], build: ['1:5'], paid: ['true'], plan: ['pro'] });
});
