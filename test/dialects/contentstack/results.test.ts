import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Analytics, authtokenOf, ingest } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

const NORTH = 'blt0000000000000001';
const STACK = 'bltstack00000001';

let server: TestServer;
let north: Analytics;
let south: Analytics;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_CONTENTSTACK_RATE: '1000' } });
  north = new Analytics(server.url, await authtokenOf(server.url, 'ada@north.example', 'correct-horse'), NORTH);
  const sue = await authtokenOf(server.url, 'sue@south.example', 'sue-owns-it');
  south = new Analytics(server.url, sue, 'blt0000000000000002');
  await ingest(server.url, 'requests', [...SEED_SDK, ...SEED_URL, ...SEED_DEVICE, ...OWN], 'th_north');
  await ingest(server.url, 'inventory', INVENTORY, 'th_north');
}, 60_000);
afterAll(() => server.stop());

/** Calls on days at noon. */
function calls(day: string, fields: object): object {
  return { time: `${day}T12:00:00Z`, service: 'cdn', ...fields };
}

/** The rows behind the samples of the seed. */
const SEED_SDK = [
  calls('2024-02-09', { sdk: 'cda-collection/v9.31.0', cache: 'MISS', count: 7 }),
  calls('2024-02-12', { sdk: 'cda-collection/v9.31.0', cache: 'MISS', count: 4, bytes: 10_110 }),
  calls('2024-02-08', { sdk: 'cda-collection/v9.31.0', cache: 'HIT' }),
  calls('2024-02-08', { sdk: 'cda-collection/v9.31.0', cache: 'MISS', count: 2 }),
  calls('2024-02-15', { sdk: 'cda-collection/v9.31.0', cache: 'MISS', count: 2 }),
];
const SEED_DEVICE = [
  calls('2024-03-05', { service: 'cma', device: 'linux;', status: 422 }),
  calls('2024-03-05', { service: 'cma', device: 'linux;', status: 200, count: 163 }),
  calls('2024-03-20', { service: 'cma', device: 'PostmanRuntime/7.37.0', count: 10, bytes: 94_685 }),
];
const SEED_URL = [
  calls('2023-05-01', { url: 'https://cdn.contentstack.io/v3/content_types?include_count=false', count: 3 }),
  calls('2023-05-02', { url: 'https://cdn.contentstack.io/v3/global_fields' }),
];

/** Behind the other tests, each in a time of its own. */
const OWN = [
  // Text of every kind, and what is absent (January 2022).
  calls('2022-01-03', { device: 'unknown', sdk: '', url: 'https://a/"\\\n☃?q=ä&b' }),
  calls('2022-01-03', { count: 2 }),
  calls('2022-01-03', { service: 'cma', cache: 'EXPIRED', status: 304 }),
  calls('2022-01-03', { service: 'other', device: 'x', sdk: 'x', url: 'x', cache: 'HIT', status: 200, count: 50 }),
  // Values around 32 bits (February 2022).
  calls('2022-02-01', {
    count: 2_147_483_647,
    bytes: 2_147_483_647,
    status: 200,
    device: 'a',
    sdk: 's',
    url: 'u',
    cache: 'HIT',
  }),
  calls('2022-02-02', {
    count: 2_147_483_648,
    bytes: 2_147_483_648,
    status: 200,
    device: 'b',
    sdk: 't',
    url: 'v',
    cache: 'HIT',
  }),
  calls('2022-02-03', {
    count: 9_007_199_254_740_991,
    bytes: 9_007_199_254_740_991,
    status: 200,
    device: 'c',
    url: 'w',
  }),
  calls('2022-02-03', {
    count: 9_007_199_254_740_991,
    bytes: 9_007_199_254_740_991,
    status: 200,
    device: 'c',
    url: 'w',
  }),
  // Edges of days, weeks and months (around New Year 2021; 2020-12-28 and 2021-01-04 are Mondays).
  { time: '2020-12-30T23:59:59.999Z', service: 'cma', bytes: 1 },
  { time: '2020-12-31T00:00:00.000Z', service: 'cma', bytes: 10 },
  { time: '2020-12-31T23:59:59.999Z', service: 'cma', bytes: 100 },
  { time: '2021-01-01T00:00:00.000Z', service: 'cma', bytes: 1_000 },
  { time: '2021-01-03T23:59:59.999Z', service: 'cma', bytes: 10_000 },
  { time: '2021-01-04T00:00:00.000Z', service: 'cma', bytes: 100_000 },
  // All services, with stacks and Launch (June 2021).
  ...['cma', 'ui', 'cdn', 'graphql', 'images', 'assets', 'automations', 'launch'].map((service, index) =>
    calls('2021-06-01', { service, bytes: 10 ** index, stack: service === 'automations' ? '' : STACK }),
  ),
  calls('2021-06-02', { service: 'launch', bytes: 3, project: 'p1', environment: 'e1', stack: STACK }),
  calls('2021-06-02', { service: 'launch', bytes: 5, project: 'p1', environment: 'e2' }),
  calls('2021-06-02', { service: 'launch', bytes: 7, project: 'p2', environment: 'e1' }),
  // Equal counts, to be put in order (August 2021).
  ...['2021-08-03', '2021-08-02'].flatMap((day) =>
    ['cdn', 'cma'].flatMap((service) =>
      ['b', 'a', 'Z', 'é'].map((name) => calls(day, { service, device: name, sdk: name, url: name, status: 200 })),
    ),
  ),
  calls('2021-08-02', { device: 'many', sdk: 'many', url: 'many', count: 10, status: 404, cache: 'MISS' }),
  calls('2021-08-02', { device: 'some', sdk: 'some', url: 'some', count: 9, status: 100, cache: 'HIT' }),
];

const INVENTORY = [
  ...['p1', 'p2', 'p3'].map((uid) => ({ time: '2021-01-01T00:00:00Z', kind: 'project', uid })),
  { time: '2024-09-12T23:59:59.999Z', kind: 'project', uid: 'p4' },
  { time: '2024-09-13T00:00:00Z', kind: 'project', uid: 'p5' },
  { time: '1999-01-01T00:00:00Z', kind: 'environment', uid: 'e1' },
  { time: '2024-07-01T00:00:00Z', kind: 'environment', uid: 'p1' },
  { time: '2024-07-02T00:00:00Z', kind: 'project', uid: 'p1' },
];

const UID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** The text before `meta`, which has keys in any order. */
function head(text: string): string {
  const match = new RegExp(`^(\\{.*),"meta":\\{.*\\},"uid":"${UID}"\\}$`, 's').exec(text);
  if (match?.[1] === undefined) throw new Error(text);
  return match[1];
}

const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
const data = async (path: string): Promise<unknown> => (JSON.parse(await north.result(path)) as { data: unknown }).data;
const meta = async (path: string): Promise<unknown> => (JSON.parse(await north.result(path)) as { meta: unknown }).meta;

describe('the samples of the seed, as raw text', () => {
  test('SDK Usage: four rows and the marker; totals of the rows alone', async () => {
    const query = `from=2024-01-31&to=2024-02-28&services=${json(['cdn', 'cma'])}&duration=day&includeCount=true`;
    const row = (count: number, date: string): string =>
      `{"count":${count},"type":"cdn","sdk":"cda-collection/v9.31.0","date":"${date}"}`;
    const rows = [row(7, '2024-02-09'), row(4, '2024-02-12'), row(3, '2024-02-08'), row(2, '2024-02-15')];
    const text = await north.result(`sdk?${query}`);
    expect(head(text)).toBe(`{"total":16,"totalDocs":4,"data":[${rows.join(',')},{"date":"2024-02-28"}]`);
    expect(JSON.parse(text)).toMatchObject({
      meta: {
        orderBy: -1,
        from: '2024-01-31',
        to: '2024-02-28',
        orgUid: NORTH,
        includeCount: true,
        services: '["cdn","cma"]',
        duration: 'day',
        skip: 0,
        limit: 900,
      },
    });
  });

  test('Cache Usage: by date, type and status, then the marker with a count of 0', async () => {
    const query = `from=2024-01-31&to=2024-03-31&services=${json(['cdn', 'cma'])}&duration=day&includeCount=true`;
    const row = (count: number, status: string, date: string): string =>
      `{"count":${count},"type":"cdn","status":"${status}","date":"${date}"}`;
    const rows = [
      row(1, 'HIT', '2024-02-08'),
      row(2, 'MISS', '2024-02-08'),
      row(7, 'MISS', '2024-02-09'),
      row(4, 'MISS', '2024-02-12'),
      row(2, 'MISS', '2024-02-15'),
    ];
    expect(head(await north.result(`hit-miss-ratio?${query}`))).toBe(
      `{"data":[${rows.join(',')},{"date":"2024-03-31","count":0}]`,
    );
    expect(await meta(`hit-miss-ratio?${query}`)).toEqual({
      orgUid: NORTH,
      includeCount: 'true',
      services: '["cdn","cma"]',
      from: '2024-01-31',
      duration: 'day',
      to: '2024-03-31',
    });
  });

  test('Status Code: the status is a text', async () => {
    const query = `from=2024-03-05&to=2024-03-31&services=${json(['cma'])}&duration=day`;
    expect(head(await north.result(`http-statuses?${query}`))).toBe(
      '{"data":[{"count":163,"type":"cma","status":"200","date":"2024-03-05"},' +
        '{"count":1,"type":"cma","status":"422","date":"2024-03-05"},{"date":"2024-03-31","count":0}]',
    );
    expect(await meta(`http-statuses?${query}`)).toEqual({
      from: '2024-03-05',
      to: '2024-03-31',
      duration: 'day',
      orgUid: NORTH,
      services: '["cma"]',
    });
  });

  test('Device Usage', async () => {
    const text = await north.result('devices?from=2024-03-01&to=2024-03-31&includeCount=true&services=cma');
    expect(head(text)).toBe(
      '{"total":174,"totalDocs":2,"data":[{"count":164,"type":"cma","device":"linux;","date":"2024-03-05"},' +
        '{"count":10,"type":"cma","device":"PostmanRuntime/7.37.0","date":"2024-03-20"},{"date":"2024-03-31"}]',
    );
  });

  test('Top URLs: counts are texts, no dates, no marker, and where it comes from', async () => {
    const text = await north.result(`url?from=2023-04-30&to=2023-05-31&duration=day&services=${json(['cdn'])}`);
    expect(head(text)).toBe(
      '{"data":[{"url":"https://cdn.contentstack.io/v3/content_types?include_count=false","type":"cdn","count":"3"},' +
        '{"url":"https://cdn.contentstack.io/v3/global_fields","type":"cdn","count":"1"}],"urlDataSource":"athena"',
    );
    expect((JSON.parse(text) as { meta: unknown }).meta).toEqual({
      orgUid: NORTH,
      from: '2023-04-30',
      duration: 'day',
      to: '2023-05-31',
      services: '["cdn"]',
      skip: 0,
      limit: 900,
    });
  });

  test('Usage Analytics: one row for each day, also where nothing happened', async () => {
    const query = `from=2024-02-11&to=2024-02-13&duration=day&includeCount=true&services=${json(['cdn', 'cma'])}`;
    const row = (bytes: number, count: number, date: string): string =>
      `{"total_api_bandwidth":0,"total_api_count":0,"total_cdn_bandwidth":${bytes},"total_cdn_count":${count},"date":"${date}"}`;
    expect(head(await north.result(`usage?${query}`))).toBe(
      `{"data":[${row(0, 0, '2024-02-11')},${row(10_110, 4, '2024-02-12')},${row(0, 0, '2024-02-13')}]`,
    );
    expect(await meta(`usage?${query}`)).toEqual({
      orgUid: NORTH,
      includeCount: 'true',
      from: '2024-02-11',
      duration: 'day',
      to: '2024-02-13',
      services: '["cdn","cma"]',
    });
  });

  test('Subscription Usage: all that was created until the end of `to`, each once', async () => {
    const text = await north.result('subscription?from=2024-06-30&to=2024-09-12');
    expect(head(text)).toBe('{"data":[{"total_launch_project":4,"total_launch_env":2,"total_launch_domain":0}]');
    expect((JSON.parse(text) as { meta: unknown }).meta).toEqual({
      orgUid: NORTH,
      from: '2024-06-30',
      to: '2024-09-12',
    });
    const counts = async (to: string): Promise<unknown> => data(`subscription?from=${to}&to=${to}`);
    const numbers = (project: number, env: number): object[] => [
      { total_launch_project: project, total_launch_env: env, total_launch_domain: 0 },
    ];
    expect(await counts('1998-12-31')).toEqual(numbers(0, 0));
    expect(await counts('1999-01-01')).toEqual(numbers(0, 1));
    expect(await counts('2024-09-13')).toEqual(numbers(5, 2));
  });
});

describe('rows (contract 5.1)', () => {
  const RANGE = 'from=2022-01-03&to=2022-01-03';

  test('calls without a device are counted with those of a device called unknown', async () => {
    expect(await data(`devices?${RANGE}`)).toEqual([
      { count: 3, type: 'cdn', device: 'unknown', date: '2022-01-03' },
      { count: 1, type: 'cma', device: 'unknown', date: '2022-01-03' },
    ]);
  });

  test('calls without an SDK are left out', async () => {
    expect(await data(`sdk?${RANGE}&services=cdn,cma&duration=day&includeCount=true`)).toEqual([
      { date: '2022-01-03' },
    ]);
  });

  test('cache outcomes other than HIT and MISS, and calls without a status, are left out', async () => {
    const query = `${RANGE}&services=cdn,cma&duration=day`;
    expect(await data(`hit-miss-ratio?${query}`)).toEqual([{ date: '2022-01-03', count: 0 }]);
    expect(await data(`http-statuses?${query}`)).toEqual([
      { count: 1, type: 'cma', status: '304', date: '2022-01-03' },
    ]);
  });

  test('a URL is given back as it came', async () => {
    expect(await data(`url?${RANGE}&services=cdn`)).toEqual([
      { url: '', type: 'cdn', count: '2' },
      { url: 'https://a/"\\\n☃?q=ä&b', type: 'cdn', count: '1' },
    ]);
  });

  test('a service that is none of the eight is in no result', async () => {
    const all = json(['cma', 'ui', 'cdn', 'graphql', 'images', 'assets', 'automations', 'launch']);
    for (const name of ['devices', 'url', 'sdk', 'http-statuses', 'hit-miss-ratio', 'usage']) {
      const result = await north.result(`${name}?${RANGE}&services=${all}&duration=day&includeCount=true`);
      // The random uid of a result may hold the digits too.
      const text = result.replace(/"uid":"[^"]*"/, '');
      expect(text).not.toContain('50');
      expect(text).not.toContain('"other"');
    }
  });

  test.each([
    [['cma'], 1, 1, 0, 0],
    [['ui', 'automations', 'launch'], 11_000_010, 3, 0, 0],
    [['cdn', 'graphql', 'images', 'assets'], 0, 0, 111_100, 4],
    [['cma', 'ui', 'cdn', 'graphql', 'images', 'assets', 'automations', 'launch'], 11_000_011, 4, 111_100, 4],
    [['cdn', 'cma'], 1, 1, 100, 1],
  ])('usage of %j', async (services, apiBytes, api, cdnBytes, cdn) => {
    expect(await data(`usage?from=2021-06-01&to=2021-06-01&services=${json(services)}`)).toEqual([
      {
        total_api_bandwidth: apiBytes,
        total_api_count: api,
        total_cdn_bandwidth: cdnBytes,
        total_cdn_count: cdn,
        date: '2021-06-01',
      },
    ]);
  });

  test('a stack narrows by calls; automations belong to none', async () => {
    const bandwidth = async (query: string): Promise<unknown> =>
      ((await data(`usage?from=2021-06-01&to=2021-06-02&${query}`)) as { total_api_bandwidth: number }[]).map(
        ({ total_api_bandwidth }) => total_api_bandwidth,
      );
    expect(await bandwidth('services=automations')).toEqual([1_000_000, 0]);
    expect(await bandwidth(`services=automations&apiKey=${STACK}`)).toEqual([0, 0]);
    expect(await bandwidth(`services=cma,ui&apiKey=${STACK}`)).toEqual([11, 0]);
    expect(await bandwidth('services=cma,ui&apiKey=bltstack00000002')).toEqual([0, 0]);
    expect(await bandwidth('services=launch')).toEqual([10_000_000, 15]);
    expect(await bandwidth('services=launch&projectUid=p1')).toEqual([0, 8]);
    expect(await bandwidth('services=launch&environmentUid=e1')).toEqual([0, 10]);
    expect(await bandwidth('services=launch&projectUid=p1&environmentUid=e1')).toEqual([0, 3]);
    expect(await bandwidth(`services=launch&environmentUid=e1&apiKey=${STACK}`)).toEqual([0, 3]);
    expect(await bandwidth('services=launch&projectUid=P1')).toEqual([0, 0]);
  });

  test('one status, one outcome of the cache', async () => {
    const query = 'from=2021-08-02&to=2021-08-02&services=cdn&duration=day';
    expect(await data(`http-statuses?${query}&httpStatusCode=404`)).toEqual([
      { count: 10, type: 'cdn', status: '404', date: '2021-08-02' },
    ]);
    expect(await data(`http-statuses?${query}&httpStatusCode=500`)).toEqual([{ date: '2021-08-02', count: 0 }]);
    expect(await data(`hit-miss-ratio?${query}&cache=HIT`)).toEqual([
      { count: 9, type: 'cdn', status: 'HIT', date: '2021-08-02' },
    ]);
    expect(await data(`hit-miss-ratio?${query}&cache=MISS`)).toEqual([
      { count: 10, type: 'cdn', status: 'MISS', date: '2021-08-02' },
    ]);
  });

  test('filters of other requests change nothing', async () => {
    const query = 'from=2021-08-02&to=2021-08-02&services=cdn,cma&duration=day&includeCount=false';
    const strange = 'httpStatusCode=500&cache=MISS&projectUid=p&environmentUid=e';
    for (const name of ['devices', 'sdk', 'url']) {
      expect(await data(`${name}?${query}&${strange}`)).toEqual(await data(`${name}?${query}`));
    }
  });
});

describe('buckets (contract 5.1)', () => {
  const bandwidths = async (query: string): Promise<unknown> =>
    ((await data(`usage?${query}&services=cma`)) as { date: string; total_api_bandwidth: number }[]).map(
      ({ date, total_api_bandwidth }) => [date, total_api_bandwidth],
    );

  test.each([
    [
      'from=2020-12-31&to=2021-01-01',
      [
        ['2020-12-31', 110],
        ['2021-01-01', 1000],
      ],
    ],
    ['from=2020-12-31&to=2020-12-31', [['2020-12-31', 110]]],
    ['from=2020-12-31&to=2021-01-03&duration=week', [['2020-12-28', 11_110]]],
    [
      'from=2020-12-31&to=2021-01-04&duration=week',
      [
        ['2020-12-28', 11_110],
        ['2021-01-04', 100_000],
      ],
    ],
    [
      'from=2020-12-28&to=2021-01-04&duration=week',
      [
        ['2020-12-28', 11_111],
        ['2021-01-04', 100_000],
      ],
    ],
    [
      'from=2020-12-31&to=2021-01-03&duration=month',
      [
        ['2020-12-01', 110],
        ['2021-01-01', 11_000],
      ],
    ],
    ['from=2021-01-01&to=2021-01-31&duration=month', [['2021-01-01', 111_000]]],
    [
      'from=2020-11-15&to=2021-01-02&duration=month',
      [
        ['2020-11-01', 0],
        ['2020-12-01', 111],
        ['2021-01-01', 1000],
      ],
    ],
  ])('%s', async (query, expected) => {
    expect(await bandwidths(query)).toEqual(expected);
  });

  test('a range of 90 days has 91 rows', async () => {
    expect(await bandwidths('from=2024-01-01&to=2024-03-31')).toHaveLength(91);
  });

  test('a bucket is labelled with its first day, and only days of the range are counted in it', async () => {
    const week = 'from=2020-12-31&to=2021-01-01&duration=week&services=cma';
    expect(await data(`devices?${week}`)).toEqual([{ count: 3, type: 'cma', device: 'unknown', date: '2020-12-28' }]);
  });
});

describe('the marker (contract 5.2)', () => {
  const QUERY = 'services=cdn&duration=day&includeCount=true';
  test.each([
    ['the last day has rows', 'from=2024-02-08&to=2024-02-09', null],
    ['the last day has none', 'from=2024-02-09&to=2024-02-10', '2024-02-10'],
    ['no day has any', 'from=2010-01-01&to=2010-01-02', '2010-01-02'],
    ['the last week has rows', 'from=2024-02-05&to=2024-02-18&duration=week', null],
    ['the last week has none', 'from=2024-02-05&to=2024-02-21&duration=week', '2024-02-19'],
    ['the last month has none', 'from=2024-02-05&to=2024-04-21&duration=month', '2024-04-01'],
  ])('when %s', async (_case, range, date) => {
    const query = `${range}&${range.includes('duration') ? QUERY.replace('&duration=day', '') : QUERY}`;
    for (const [name, marker] of [
      ['devices', { date }],
      ['sdk', { date }],
      ['http-statuses', { date, count: 0 }],
      ['hit-miss-ratio', { date, count: 0 }],
    ] as const) {
      if (name === 'http-statuses' && date === null) continue; // These calls have no status.
      const elements = (await data(`${name}?${query}`)) as { type?: string }[];
      const markers = elements.filter(({ type }) => type === undefined);
      expect(markers).toEqual(date === null ? [] : [marker]);
      if (date !== null) expect(elements.at(-1)).toEqual(marker);
    }
    for (const name of ['url', 'usage', 'subscription']) {
      const elements = (await data(`${name}?${query}`)) as object[];
      for (const element of elements) expect(Object.keys(element).length).toBeGreaterThan(2);
    }
  });
});

describe('order, window and pages (contract 5.3, 5.4)', () => {
  const RANGE = 'from=2021-08-02&to=2021-08-03&services=cdn,cma';
  /** Largest first; ties by date, type and name, texts by their bytes. */
  const NAMES = ['Z', 'a', 'b', 'é'];
  const DEVICES = [
    { count: 10, type: 'cdn', device: 'many', date: '2021-08-02' },
    { count: 9, type: 'cdn', device: 'some', date: '2021-08-02' },
    ...['2021-08-02', '2021-08-03'].flatMap((date) =>
      ['cdn', 'cma'].flatMap((type) => NAMES.map((device) => ({ count: 1, type, device, date }))),
    ),
  ];

  test('devices and SDKs by count, ties by date, type and name', async () => {
    expect(await data(`devices?${RANGE}`)).toEqual(DEVICES);
    const sdks = DEVICES.map(({ device, ...row }) => ({ ...row, sdk: device }));
    expect(await data(`sdk?${RANGE}&duration=day&includeCount=false`)).toEqual(sdks);
    const [many, some, ...ones] = DEVICES;
    expect(await data(`devices?${RANGE}&orderBy=1`)).toEqual([...ones, some, many]);
  });

  test('URLs by number, although counts are texts', async () => {
    const urls = [
      { url: 'many', type: 'cdn', count: '10' },
      { url: 'some', type: 'cdn', count: '9' },
      ...['cdn', 'cma'].flatMap((type) => NAMES.map((url) => ({ url, type, count: '2' }))),
    ];
    expect(await data(`url?${RANGE}`)).toEqual(urls);
    expect(await data(`url?${RANGE}&orderBy=1`)).toEqual([...urls.slice(2), urls[1], urls[0]]);
  });

  test('statuses by date, type and status, and none is left out', async () => {
    const rows = (await data(`http-statuses?${RANGE}&duration=day&skip=1&limit=1`)) as Record<string, string>[];
    expect(rows.map(({ date, type, status }) => `${date} ${type} ${status}`)).toEqual([
      '2021-08-02 cdn 100',
      '2021-08-02 cdn 200',
      '2021-08-02 cdn 404',
      '2021-08-02 cma 200',
      '2021-08-03 cdn 200',
      '2021-08-03 cma 200',
    ]);
  });

  test.each([
    [0, 900, [18]],
    [0, 18, [18]],
    [0, 7, [7, 7, 4]],
    [0, 6, [6, 6, 6]],
    [1, 900, [17]],
    [1, 16, [16, 1]],
    [1, 17, [17]],
    [17, 1, [1]],
    [18, 5, [0]],
    [1000, 5, [0]],
    [2_147_483_647, 900, [0]],
  ])('skip %i and limit %i make pages of %j', async (skip, limit, sizes) => {
    for (const [name, extra] of [
      ['devices', ''],
      ['devices', '&to=2021-08-04'],
    ] as const) {
      const range = extra === '' ? RANGE : RANGE.replace('to=2021-08-03', 'to=2021-08-04');
      const jobId = await north.start(`${name}?${range}&skip=${skip}&limit=${limit}&includeCount=true`);
      const marker = extra === '' ? [] : [{ date: '2021-08-04' }];
      for (const [page, size] of sizes.entries()) {
        const first = skip + page * limit;
        const last = page === sizes.length - 1;
        expect((await north.retrieve(jobId, `?page=${page}`)).json()).toMatchObject({
          total: 35,
          totalDocs: 18,
          data: [...DEVICES.slice(first, first + size), ...(last ? marker : [])],
          meta: { skip, limit },
        });
      }
      expect((await north.retrieve(jobId, `?page=${sizes.length}`)).status).toBe(422);
    }
  });

  test('totals are there when they are asked for, under the name of the request', async () => {
    const totals = async (path: string): Promise<unknown> => {
      const { total, totalDocs } = JSON.parse(await north.result(path)) as Record<string, unknown>;
      return [total, totalDocs];
    };
    const query = `${RANGE}&duration=day`;
    expect(await totals(`url?${query}&includeTotalCount=true`)).toEqual([35, 10]);
    expect(await totals(`url?${query}&includeTotalCount=false&includeCount=true`)).toEqual([undefined, undefined]);
    for (const name of ['devices', 'sdk']) {
      expect(await totals(`${name}?${query}&includeCount=true`)).toEqual([35, 18]);
      expect(await totals(`${name}?${query}&includeCount=false&includeTotalCount=true`)).toEqual([
        undefined,
        undefined,
      ]);
    }
    for (const name of ['usage', 'http-statuses', 'hit-miss-ratio', 'subscription']) {
      expect(await totals(`${name}?${query}&includeCount=true&includeTotalCount=true`)).toEqual([undefined, undefined]);
    }
  });
});

describe('meta (contract 5.5)', () => {
  const RANGE = 'from=2010-01-01&to=2010-01-02';
  const BASE = { orgUid: NORTH, from: '2010-01-01', to: '2010-01-02' };
  const DEFAULTS = { services: '["cdn","cma"]', duration: 'day' };
  const WINDOW = { skip: 0, limit: 900 };

  test.each([
    ['subscription', '', BASE],
    ['subscription', '&services=cdn&limit=1', { ...BASE, services: '["cdn"]', limit: '1' }],
    ['devices', '', { ...BASE, ...DEFAULTS, ...WINDOW, includeCount: false, orderBy: -1 }],
    ['usage', '', { ...BASE, ...DEFAULTS }],
    [
      'usage',
      '&duration=week&orderBy=%2B1&skip=007',
      { ...BASE, ...DEFAULTS, duration: 'week', orderBy: '+1', skip: '007' },
    ],
    ['url', '', { ...BASE, ...DEFAULTS, ...WINDOW }],
    [
      'url',
      '&orderBy=1&includeTotalCount=true',
      { ...BASE, ...DEFAULTS, ...WINDOW, orderBy: 1, includeTotalCount: true },
    ],
    ['url', '&includeCount=true', { ...BASE, ...DEFAULTS, ...WINDOW, includeCount: true }],
    [
      'devices',
      `&skip=2&limit=007&apiKey=${STACK}&httpStatusCode=0404&cache=HIT&projectUid=p&environmentUid=%E2%98%83&page=4`,
      {
        ...BASE,
        ...DEFAULTS,
        includeCount: false,
        orderBy: -1,
        skip: 2,
        limit: 7,
        apiKey: STACK,
        httpStatusCode: '0404',
        cache: 'HIT',
        projectUid: 'p',
        environmentUid: '☃',
      },
    ],
    [
      'hit-miss-ratio',
      '&services=cdn&duration=month&includeCount=false',
      { ...BASE, services: '["cdn"]', duration: 'month', includeCount: 'false' },
    ],
    [
      'sdk',
      '&services=cdn&duration=day&includeCount=false',
      { ...BASE, services: '["cdn"]', duration: 'day', includeCount: false, orderBy: -1, ...WINDOW },
    ],
    ['usage', '&services=cdn,cdn,cma', { ...BASE, services: '["cdn","cdn","cma"]', duration: 'day' }],
    ['usage', '&services=cdn&services=cma', { ...BASE, services: '["cdn","cma"]', duration: 'day' }],
    ['usage', '&services=["cdn"]&services=cma', { ...BASE, services: '["cdn","cma"]', duration: 'day' }],
    ['usage', '&services=[ "cdn",%20"cdn"]', { ...BASE, services: '[ "cdn", "cdn"]', duration: 'day' }],
    [
      'devices',
      '&services=["cdn", "cma"]',
      { ...BASE, ...DEFAULTS, services: '["cdn", "cma"]', ...WINDOW, includeCount: false, orderBy: -1 },
    ],
  ])('%s with %s', async (name, query, expected) => {
    expect(await meta(`${name}?${RANGE}${query.replaceAll(' ', '+').replaceAll('"', '%22')}`)).toEqual(expected);
  });
});

describe('numbers (contract 5.6)', () => {
  const QUERY = 'services=cdn&duration=day&includeCount=true&includeTotalCount=true';
  test.each([
    ['2022-02-01', '2147483647', 2_147_483_647],
    ['2022-02-02', '"2147483648"', '2147483648'],
    ['2022-02-03', '"18014398509481982"', '18014398509481982'],
  ])('of %s are %s', async (day, written, value) => {
    const range = `from=${day}&to=${day}&${QUERY}`;
    expect(head(await north.result(`usage?${range}`))).toBe(
      `{"data":[{"total_api_bandwidth":0,"total_api_count":0,"total_cdn_bandwidth":${written},"total_cdn_count":${written},"date":"${day}"}]`,
    );
    for (const name of ['devices', 'http-statuses', ...(day === '2022-02-03' ? [] : ['sdk', 'hit-miss-ratio'])]) {
      const {
        data: [row],
        total,
      } = JSON.parse(await north.result(`${name}?${range}`)) as { data: { count: unknown }[]; total?: unknown };
      expect(row?.count).toBe(value);
      if (name === 'devices' || name === 'sdk') expect(total).toBe(value);
    }
    const urls = await north.result(`url?${range}`);
    expect(urls).toContain(`"count":"${written.replaceAll('"', '')}"`);
    expect(urls).toMatch(new RegExp(`^\\{"total":${written},"totalDocs":1,`));
  });
});

test('another organization sees nothing of it', async () => {
  const query = 'from=2024-01-31&to=2024-03-31&services=cdn,cma&duration=day&includeCount=true';
  for (const name of ['devices', 'sdk', 'http-statuses', 'hit-miss-ratio', 'url']) {
    const text = await south.result(`${name}?${query}`);
    expect((JSON.parse(text) as { data: { type?: string }[] }).data.filter(({ type }) => type !== undefined)).toEqual(
      [],
    );
  }
  expect(JSON.parse(await south.result('subscription?from=2024-09-01&to=2024-09-30'))).toMatchObject({
    data: [{ total_launch_project: 0, total_launch_env: 0, total_launch_domain: 0 }],
  });
  const stolen = await south.get(`devices?${query}&apiKey=${STACK}`);
  expect(stolen.status).toBe(412);
});

test('a job sees what was acknowledged before it was asked for; equal requests are jobs of their own', async () => {
  const ids = new Set<string>();
  for (let n = 1; n <= 5; n += 1) {
    await ingest(server.url, 'requests', [{ time: '2009-03-01T00:00:00Z', service: 'cma' }], 'th_north');
    const jobId = await north.start('usage?from=2009-03-01&to=2009-03-02');
    ids.add(jobId);
    expect((await north.retrieve(jobId)).json()).toMatchObject({
      data: [{ total_api_count: n }, { total_api_count: 0 }],
    });
  }
  expect(ids.size).toBe(5);
});
