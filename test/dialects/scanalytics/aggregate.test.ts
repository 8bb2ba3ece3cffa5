import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyDirectory, environment, startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, ingest, OMAR, send, SERVER, tokens, VERA, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let dana: string;
let omar: string;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' } });
  dana = (await tokens(server.url, DANA)).access_token;
  omar = (await tokens(server.url, OMAR)).access_token;
  await ingest(server.url, [
    // The window of the contract's example and its neighbours, on the first day of the seed's.
    { time: '2018-03-01T12:44:59.999-06:00', device: 'D00017', count: 1000 },
    { time: '2018-03-01T12:45:00-06:00', device: 'D00017', count: 3 },
    { time: '2018-03-01T12:59:59.999-06:00', array: '1AMDK' },
    { time: '2018-03-01T13:30:00-06:00', device: 'D00016', count: 5, dwell_ms: 7_200_000, direction: 'in' },
    { time: '2018-03-01T13:31:00-06:00', device: 'D00017', count: 2, direction: 'out' },
    { time: '2018-03-01T14:30:00-06:00', device: 'D00017', count: 2000 },
    // Another array of the same place.
    { time: '2018-03-01T13:30:00-06:00', device: 'D00019', count: 4000 },
    // Chicago, autumn: the hour from one to two o'clock twice.
    { time: '2026-11-01T00:30:00-05:00', device: 'D00017', count: 1 },
    { time: '2026-11-01T01:30:00-05:00', device: 'D00017', count: 2 },
    { time: '2026-11-01T01:30:00-06:00', device: 'D00017', count: 4 },
    { time: '2026-11-01T23:30:00-06:00', device: 'D00017', count: 8 },
    { time: '2026-11-02T00:00:00-06:00', device: 'D00017', count: 16 },
    // Spring: no hour from two to three.
    { time: '2026-03-08T01:59:59-06:00', device: 'D00017', count: 1 },
    { time: '2026-03-08T03:00:00-05:00', device: 'D00017', count: 2 },
    { time: '2026-03-08T03:30:00-05:00', device: 'D00017', count: 4 },
  ]);
  await ingest(server.url, [{ time: '2018-03-01T13:30:00-06:00', array: '1AMDK', count: 9000 }], 'th_harbour');
}, 60_000);
afterAll(() => server.stop());

const ask = (path: string, token = dana): Promise<Reply> => send(server.url, path, { headers: bearer(token) });

interface Aggregate {
  readonly timezone: string;
  readonly start: string;
  readonly end: string;
  readonly total: number;
  readonly data: readonly { readonly timestamp: string; readonly visits: number }[];
}

async function aggregate(query: string, array = '1AMDK'): Promise<Aggregate> {
  const reply = await ask(`/v2/aggregate/${array}/visits/${query}`);
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
  return reply.json() as Aggregate;
}

const pairs = ({ data }: Aggregate): readonly string[] => data.map(({ timestamp, visits }) => `${timestamp} ${visits}`);
const labels = ({ data }: Aggregate): readonly string[] => data.map(({ timestamp }) => timestamp);

describe('the reply (contract 7.4)', () => {
  test.each(['/v1', '/v2'])(
    '%s answers the example to the letter, labels on the clock, contents clipped',
    async (version) => {
      const window = 'start=2018-03-01T12:45:00&end=2018-03-01T14:30:00&timezone=America/Chicago';
      const reply = await ask(`${version}/aggregate/1AMDK/visits/1h?${window}`);
      expect(reply.status).toBe(200);
      expect(reply.headers['content-type']).toMatch(/^application\/json/);
      expect(reply.text).toBe(
        '{"arrayKey":"1AMDK","metric":"visits","bucket":"1h","timezone":"America/Chicago",' +
          '"start":"2018-03-01T12:45:00-06:00","end":"2018-03-01T14:30:00-06:00","total":11,"data":[' +
          '{"timestamp":"2018-03-01T12:00:00-06:00","visits":4},' +
          '{"timestamp":"2018-03-01T13:00:00-06:00","visits":7},' +
          '{"timestamp":"2018-03-01T14:00:00-06:00","visits":0}]}',
      );
    },
  );

  test('the seed’s window has 173 buckets, 12:00 on 1 March to 16:00 on 8 March', async () => {
    const answer = await aggregate('1h?start=2018-03-01T12:45:00&end=2018-03-08T16:45:00&timezone=America/Chicago');
    expect(answer.data).toHaveLength(173);
    expect(answer.data[0]).toEqual({ timestamp: '2018-03-01T12:00:00-06:00', visits: 4 });
    expect(answer.data.at(-1)).toEqual({ timestamp: '2018-03-08T16:00:00-06:00', visits: 0 });
    expect(answer.total).toBe(2011);
  });

  test('UTC is written as +00:00', async () => {
    const answer = await aggregate('1d?start=2018-03-01&end=2018-03-02&timezone=utc');
    expect(answer).toMatchObject({ timezone: 'UTC', start: '2018-03-01T00:00:00+00:00' });
    expect(pairs(answer)).toEqual(['2018-03-01T00:00:00+00:00 3011']);
  });

  test('counts beyond what a double holds are exact', async () => {
    await ingest(server.url, [
      { time: '2001-01-01T00:00:00Z', array: '1AMDL', count: 9_007_199_254_740_991 },
      { time: '2001-01-01T00:30:00Z', array: '1AMDL', count: 9_007_199_254_740_990 },
    ]);
    const reply = await ask('/v2/aggregate/1AMDL/visits/1h?start=2001-01-01T00:00Z&end=2001-01-01T01:00Z&timezone=UTC');
    expect(reply.text).toContain(
      '"total":18014398509481981,"data":[{"timestamp":"2001-01-01T00:00:00+00:00","visits":18014398509481981}]',
    );
  });
});

describe('windows (contract 7.2)', () => {
  test.each([
    ['seconds may be left out', 'start=2018-03-01T12:45&end=2018-03-01T14:30'],
    ['a blank for the T', 'start=2018-03-01%2012:45:00&end=2018-03-01+14:30:00'],
    ['an offset is absolute', 'start=2018-03-01T18:45:00Z&end=2018-03-01T15:30:00-05:00'],
    ['a plus that arrived as a blank', 'start=2018-03-01T19:45:00+01:00&end=2018-03-01T20:30:00.000%2B00:00'],
    [
      'the slash of the zone encoded, in any case',
      'start=2018-03-01T12:45&end=2018-03-01T14:30&timezone=america%2FCHICAGO',
    ],
    ['an empty zone is none', 'start=2018-03-01T12:45&end=2018-03-01T14:30&timezone='],
    ['other parameters are ignored, also twice', 'start=2018-03-01T12:45&end=2018-03-01T14:30&x=1&x=2'],
  ])('%s', async (_case, query) => {
    const answer = await aggregate(`1h?${query}`);
    expect([answer.total, answer.timezone, answer.start]).toEqual([11, 'America/Chicago', '2018-03-01T12:45:00-06:00']);
  });

  test('naive times are local in the zone, and the zone shapes the labels', async () => {
    const answer = await aggregate('1h?start=2018-03-01T18:45&end=2018-03-01T20:30&timezone=Etc/UTC');
    expect(answer).toMatchObject({ timezone: 'Etc/UTC', total: 11, start: '2018-03-01T18:45:00+00:00' });
    const kathmandu = await aggregate('1h?start=2018-03-01T18:45Z&end=2018-03-01T20:30Z&timezone=Asia/Kathmandu');
    expect(pairs(kathmandu)).toEqual([
      '2018-03-02T00:00:00+05:45 4',
      '2018-03-02T01:00:00+05:45 7',
      '2018-03-02T02:00:00+05:45 0',
    ]);
  });

  test('the default zone is the user’s, of a client that of its owner', async () => {
    const query = '/v2/aggregate/1AMDK/visits/1d?start=2018-03-01&end=2018-03-02';
    const zoneOf = async (body: string): Promise<unknown> =>
      ((await ask(query, (await tokens(server.url, body)).access_token)).json() as Aggregate).timezone;
    expect(await zoneOf(VERA)).toBe('Europe/Lisbon');
    expect(await zoneOf(SERVER)).toBe('America/Chicago');
  });

  test('without start and end it is the last 24 hours', async () => {
    const { start, end, data } = await aggregate('1h');
    expect(Date.parse(end) - Date.parse(start)).toBe(86_400_000);
    expect(Math.abs(Date.now() - Date.parse(end))).toBeLessThan(60_000);
    expect([24, 25]).toContain(data.length);
  });

  test('without start it is the day before end', async () => {
    expect(await aggregate('1d?end=2018-03-02T00:00:00')).toMatchObject({
      start: '2018-03-01T00:00:00-06:00',
      total: 3011,
    });
  });

  test('a time in the gap is read with the offset before it, a time in the overlap is the earlier one', async () => {
    const gap = await aggregate('1h?start=2026-03-08T02:30&end=2026-03-08T04:00');
    expect(gap.start).toBe('2026-03-08T03:30:00-05:00');
    expect(pairs(gap)).toEqual(['2026-03-08T03:00:00-05:00 4']);
    const overlap = await aggregate('1h?start=2026-11-01T01:30&end=2026-11-01T02:00');
    expect(overlap.start).toBe('2026-11-01T01:30:00-05:00');
    expect(pairs(overlap)).toEqual(['2026-11-01T01:00:00-05:00 2', '2026-11-01T01:00:00-06:00 4']);
  });

  test.each([
    ['start', 'start=yesterday'],
    ['start', 'start=2018-02-30'],
    ['start', 'start=2018-03-01T25:00'],
    ['start', 'start=1519929900'],
    ['end', 'end=2018-03-01Z'],
    ['end', 'start=2018-03-01&end=%00'],
    ['start', 'start=2018-03-02&end=2018-03-01'],
    ['start', 'start=2018-03-01&end=2018-03-01'],
    ['start', 'start=2018-03-01&start=2018-03-01'],
    ['timezone', 'timezone=UTC&timezone=UTC'],
    ['timezone', 'timezone=Chicago'],
    ['timezone', 'timezone=-06:00'],
  ])('%s is named: %s', async (field, query) => {
    const reply = await ask(`/v2/aggregate/1AMDK/visits/1h?${query}`);
    expect([reply.status, reply.json()]).toEqual([
      400,
      { detail: expect.stringMatching(new RegExp(`^${field}: `)), errors: { [field]: [expect.any(String)] } },
    ]);
  });
});

describe('buckets (contract 7.1, 7.3)', () => {
  test('a day of the autumn change has 25 hours, the repeated one twice', async () => {
    const answer = await aggregate('1h?start=2026-11-01&end=2026-11-02');
    expect(answer.data).toHaveLength(25);
    expect(pairs(answer).slice(0, 4)).toEqual([
      '2026-11-01T00:00:00-05:00 1',
      '2026-11-01T01:00:00-05:00 2',
      '2026-11-01T01:00:00-06:00 4',
      '2026-11-01T02:00:00-06:00 0',
    ]);
    expect(answer.total).toBe(15);
    expect(pairs(await aggregate('1d?start=2026-11-01&end=2026-11-03'))).toEqual([
      '2026-11-01T00:00:00-05:00 15',
      '2026-11-02T00:00:00-06:00 16',
    ]);
  });

  test('a day of the spring change has 23 hours, the missing one absent', async () => {
    const answer = await aggregate('1h?start=2026-03-08&end=2026-03-09');
    expect(answer.data).toHaveLength(23);
    expect(pairs(answer).slice(1, 3)).toEqual(['2026-03-08T01:00:00-06:00 1', '2026-03-08T03:00:00-05:00 6']);
  });

  test('6h keeps its hours on the clock, one bucket has five or seven', async () => {
    expect(labels(await aggregate('6h?start=2026-11-01&end=2026-11-02'))).toEqual([
      '2026-11-01T00:00:00-05:00',
      '2026-11-01T06:00:00-06:00',
      '2026-11-01T12:00:00-06:00',
      '2026-11-01T18:00:00-06:00',
    ]);
  });

  test('7h counts anew from each midnight', async () => {
    expect(labels(await aggregate('7h?start=2018-03-01T20:00&end=2018-03-02T08:00'))).toEqual([
      '2018-03-01T14:00:00-06:00',
      '2018-03-01T21:00:00-06:00',
      '2018-03-02T00:00:00-06:00',
      '2018-03-02T07:00:00-06:00',
    ]);
  });

  test('m is minutes and M is months', async () => {
    expect(labels(await aggregate('30m?start=2018-03-01T12:45&end=2018-03-01T13:10'))).toEqual([
      '2018-03-01T12:30:00-06:00',
      '2018-03-01T13:00:00-06:00',
    ]);
    expect(pairs(await aggregate('1M?start=2018-02-15&end=2018-04-01'))).toEqual([
      '2018-02-01T00:00:00-06:00 0',
      '2018-03-01T00:00:00-06:00 3011',
    ]);
  });

  test('groups of days, weeks and months are counted from the one of start', async () => {
    expect(labels(await aggregate('3d?start=2018-03-02T10:00&end=2018-03-09'))).toEqual([
      '2018-03-02T00:00:00-06:00',
      '2018-03-05T00:00:00-06:00',
      '2018-03-08T00:00:00-06:00',
    ]);
    expect(labels(await aggregate('2w?start=2018-03-01&end=2018-03-13'))).toEqual([
      '2018-02-26T00:00:00-06:00',
      '2018-03-12T00:00:00-05:00',
    ]);
    expect(labels(await aggregate('5M?start=2018-03-31&end=2018-08-02'))).toEqual([
      '2018-03-01T00:00:00-06:00',
      '2018-08-01T00:00:00-05:00',
    ]);
  });

  test('seconds', async () => {
    expect(pairs(await aggregate('1s?start=2018-03-01T12:44:59&end=2018-03-01T12:45:01'))).toEqual([
      '2018-03-01T12:44:59-06:00 1000',
      '2018-03-01T12:45:00-06:00 3',
    ]);
  });

  test('half an hour is a day’s change on Lord Howe', async () => {
    await ingest(server.url, [
      { time: '2026-04-05T01:45:00+11:00', device: 'D00021', count: 1 },
      { time: '2026-04-05T01:45:00+10:30', device: 'D00021', count: 2 },
    ]);
    const answer = await aggregate(
      '1h?start=2026-04-05T01:00&end=2026-04-05T03:00&timezone=Australia/Lord_Howe',
      '2BNEM',
    );
    expect(pairs(answer)).toEqual([
      '2026-04-05T01:00:00+11:00 1',
      '2026-04-05T01:30:00+10:30 2',
      '2026-04-05T02:00:00+10:30 0',
    ]);
  });

  test.each([
    'h',
    '0h',
    '1H',
    '1hour',
    '1.5h',
    '01h',
    '+1h',
    '-1h',
    '1%20h',
    '1y',
    '100000s',
    '86401s',
    '1441m',
    '25h',
    '367d',
    '53w',
    '13M',
    '1h%0A',
  ])('%s is 400 and names bucket', async (bucket) => {
    const reply = await ask(`/v2/aggregate/1AMDK/visits/${bucket}?start=2018-03-01&end=2018-03-02`);
    expect([reply.status, reply.json()]).toEqual([
      400,
      { detail: expect.stringMatching(/^bucket: /), errors: { bucket: [expect.any(String)] } },
    ]);
  });

  test.each(['86400s', '1440m', '24h', '366d', '52w', '12M'])('%s is the largest of its unit', async (bucket) => {
    const { data } = await aggregate(`${bucket}?start=2018-03-01&end=2018-03-02`);
    expect(data.at(-1)?.visits).toBe(3011);
  });

  test('10000 buckets are answered and one more is refused', async () => {
    const window = (end: string): string => `1m?start=2018-03-01T00:00Z&end=${end}&timezone=UTC`;
    expect((await aggregate(window('2018-03-07T22:40:00Z'))).data).toHaveLength(10_000);
    const reply = await ask(`/v2/aggregate/1AMDK/visits/${window('2018-03-07T22:40:01Z')}`);
    expect([reply.status, reply.json()]).toMatchObject([400, { errors: { bucket: [expect.any(String)] } }]);
  });

  test('windows that no visit can lie in have their buckets, too', async () => {
    const answer = await aggregate('12M?start=0001-01-01&end=9999-12-31&timezone=UTC');
    expect(answer.data).toHaveLength(9999);
    expect(answer.data[0]).toEqual({ timestamp: '0001-01-01T00:00:00+00:00', visits: 0 });
    expect(answer.data.find(({ timestamp }) => timestamp.startsWith('2018'))?.visits).toBe(3011);
    const groups = await aggregate('5M?start=0001-01-01&end=4000-01-01&timezone=UTC');
    expect(groups.total).toBe(answer.total);
  });
});

describe('visits (contract 7.5, 8)', () => {
  test('unknown and invisible arrays, another case and the seed’s placeholder are 404', async () => {
    for (const key of ['NOSUCH', '1amdk', 'arrayKey', '3COFN', '5PIER', 'list', '%00', 'a%2Fb']) {
      const reply = await ask(`/v1/aggregate/${key}/visits/1h`);
      expect([key, reply.status, reply.text]).toEqual([key, 404, '{"detail":"Not found."}']);
    }
  });

  test('other metrics are 404', async () => {
    expect((await ask('/v2/aggregate/1AMDK/entrances/1h')).status).toBe(404);
  });

  test('a visit is counted where it begins, whatever its length', async () => {
    expect(pairs(await aggregate('1h?start=2018-03-01T15:00&end=2018-03-01T16:00'))).toEqual([
      '2018-03-01T15:00:00-06:00 0',
    ]);
  });

  test.each([
    ['array', { device: 'D00017', array: '1AMDK' }],
    ['device', { device: 'NOSUCH' }],
    ['array', { array: '5PIER' }],
    ['count', { device: 'D00017', count: 0 }],
    ['direction', { device: 'D00017', direction: 'up' }],
    ['ts', { device: 'D00017', ts: '2018-03-01T12:00:00Z' }],
  ])('a row with a wrong %s is refused', async (field, row) => {
    const reply = await send(server.url, '/api/v1/facts/visits', {
      method: 'POST',
      headers: { ...bearer('th_museum'), 'content-type': 'application/json' },
      body: JSON.stringify([{ time: '2019-01-01T00:00:00Z', ...row }]),
    });
    expect([reply.status, reply.json()]).toMatchObject([422, { accepted: 0, rejected: [{ index: 0, field }] }]);
  });

  test('a time without offset is refused', async () => {
    const reply = await send(server.url, '/api/v1/facts/visits', {
      method: 'POST',
      headers: { ...bearer('th_museum'), 'content-type': 'application/json' },
      body: '[{"time":"2019-01-01T00:00:00","device":"D00017"}]',
    });
    expect(reply.json()).toMatchObject({ accepted: 0, rejected: [{ field: 'time' }] });
  });

  test('a gateway’s lines are read, and a line sent again counts once', async () => {
    const lines = [
      '{"time":"2019-05-01T10:00:00Z","device":"D00031","count":2,"id":"D00031-1"}',
      '{"time":"2019-05-01T10:15:00Z","device":"D00031","id":"D00031-2"}',
    ].join('\n');
    const post = (): Promise<Reply> =>
      send(server.url, '/api/v1/facts/visits', {
        method: 'POST',
        headers: { ...bearer('th_museum'), 'content-type': 'application/x-ndjson' },
        body: lines,
      });
    expect((await post()).json()).toMatchObject({ accepted: 2, duplicate: 0 });
    expect((await post()).json()).toMatchObject({ accepted: 0, duplicate: 2 });
    const reply = await ask('/v2/aggregate/3COFN/visits/1d?start=2019-05-01&end=2019-05-02&timezone=UTC', omar);
    expect((reply.json() as Aggregate).total).toBe(3);
  });

  test('a device that moves takes its later records only', async () => {
    const at = (day: string): object => ({ time: `2020-02-${day}T12:00:00Z`, device: 'D00016', count: 1 });
    await ingest(server.url, [at('01'), at('02')]);
    const moved = DIRECTORY.replace(', {key: D00016, name: Mat 16}', '').replace(
      'devices: [{key: D00019, name: Mat 19}]',
      'devices: [{key: D00019, name: Mat 19}, {key: D00016, name: Mat 16}]',
    );
    await applyDirectory(moved, environment(server.dataDirectory, {}));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await ingest(server.url, [at('03')]);
    const days = async (array: string): Promise<readonly number[]> =>
      (await aggregate('1d?start=2020-02-01&end=2020-02-04&timezone=UTC', array)).data.map(({ visits }) => visits);
    expect(await days('1AMDK')).toEqual([1, 1, 0]);
    expect(await days('1AMDL')).toEqual([0, 0, 1]);
  });
});
