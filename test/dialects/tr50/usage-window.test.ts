import { expect, test } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;
let eve: string;

// SOUTH has no zone, so its buckets are those of UTC.
serving({ clock: '2025-06-02T12:30:00Z' }, async (started) => {
  ({ server, client } = started);
  eve = await client.login('eve@south.example', 'eve-of-south');
  await client.count('th_south', [
    { time: '2014-03-26T23:59:59.999Z', service: 'thing' },
    { time: '2014-03-27T00:00:00Z', service: 'thing', count: 3 },
    { time: '2014-03-27T00:29:59.999Z', service: 'thing', count: 10 },
    { time: '2014-03-27T00:30:00Z', service: 'thing', count: 100 },
    { time: '2014-03-27T23:59:59.999Z', service: 'usage', count: 5 },
    { time: '2014-03-28T00:00:00Z', service: 'usage', count: 1000 },
    { time: '2025-06-01T12:00:00Z', service: 'thing', count: 7 },
    { time: '2025-06-02T11:59:59.999Z', service: 'thing', count: 20 },
    { time: '2025-06-02T12:20:00Z', service: 'thing', count: 4 },
    { time: '2025-06-02T14:00:00Z', service: 'thing', count: 9 },
  ]);
});

interface Usage {
  readonly counters: Readonly<Record<string, readonly number[]>>;
  readonly total: number;
  readonly ts: readonly string[];
}

async function usage(params: object): Promise<Usage> {
  const reply = await client.call(eve, 'usage.api.history', params);
  if (!reply.success) throw new Error(JSON.stringify(reply));
  return reply.params as unknown as Usage;
}

const span = ({ ts }: Usage) => [ts.length, ts[0], ts.at(-1)];

async function problemOf(params: object): Promise<unknown> {
  const { success, errorCodes, errorMessages } = await client.call(eve, 'usage.api.history', params);
  return [success, errorCodes, errorMessages];
}

test('seed: the definite time period request', async () => {
  const body = `{
  "get": {
    "command": "usage.api.history",
    "params": {
      "includeSubOrgs": false,
      "showAll": false,
      "start": "2014-03-27T00:00:00.000-00:00",
      "end": "2014-03-28T00:00:00.000-00:00",
      "series": "hour"
    }
  }
}`;
  const { status, text } = await send(server.url, { headers: { sessionId: eve }, body });
  expect(status).toBe(200);
  expect(text).toBe(
    '{"get":{"success":true,"params":{"counters":{' +
      '"thing":[113,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],' +
      '"usage":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,5]},' +
      '"total":118,"ts":[' +
      Array.from({ length: 24 }, (_, hour) => `"2014-03-27T${String(hour).padStart(2, '0')}:00:00+00:00"`).join(',') +
      ']}}}',
  );
});

test('seed: the last period of time request', async () => {
  const body = `{
  "get": {
    "command": "usage.api.history",
    "params": {
      "includeSubOrgs": false,
      "showAll": false,
      "last": "24h",
      "series": "hour"
    }
  }
}`;
  const { text } = await send(server.url, { headers: { sessionId: eve }, body });
  const { get } = JSON.parse(text) as { get: { success: boolean; params: Usage } };
  expect(get.success).toBe(true);
  // From 12:30 to 12:30: the first and the last hour are partial, so 25 of them share an instant with the window.
  expect(span(get.params)).toEqual([25, '2025-06-01T12:00:00+00:00', '2025-06-02T12:00:00+00:00']);
  expect(get.params.counters).toEqual({ thing: [...Array.from({ length: 23 }, () => 0), 20, 4] });
  expect(get.params.total).toBe(24);
});

test('5.1: without parameters, as last 24h by hour', async () => {
  expect(await usage({})).toEqual(await usage({ last: '24h', series: 'hour' }));
  const { text } = await send(server.url, {
    body: `{"auth":{"sessionId":"${eve}"},"get":{"command":"usage.api.history"}}`,
  });
  expect(JSON.parse(text)).toMatchObject({ get: { success: true, params: { total: 24 } } });
});

test('5.1: null counts as absent', async () => {
  const nothing = {
    start: null,
    end: null,
    last: null,
    series: null,
    dimension: null,
    includeSubOrgs: null,
    showAll: null,
  };
  expect(await usage(nothing)).toEqual(await usage({}));
});

test('5.1: names that are not known are ignored', async () => {
  expect(await usage({ userId: 7, thingKey: ['x'], offset: 'y', __proto__: null })).toEqual(await usage({}));
});

test('5.1 rule 1: last wins, start and end are not even looked at', async () => {
  expect(await usage({ last: '1h', start: 'nonsense', end: 17 })).toEqual(await usage({ last: '1h' }));
  expect(await usage({ last: '1h', start: '2014-03-27T00:00:00Z', end: '2014-03-28T00:00:00Z' })).toEqual(
    await usage({ last: '1h' }),
  );
});

test('5.1 rule 2: a start after the end is swapped with it', async () => {
  const swapped = await usage({ start: '2014-03-28T00:00:00Z', end: '2014-03-27T00:00:00Z' });
  expect(swapped).toEqual(await usage({ start: '2014-03-27T00:00:00Z', end: '2014-03-28T00:00:00Z' }));
  expect(swapped.total).toBe(118);
});

test('5.1 rule 3: without end the window ends now', async () => {
  const found = await usage({ start: '2025-06-02T11:00:00Z' });
  expect(span(found)).toEqual([2, '2025-06-02T11:00:00+00:00', '2025-06-02T12:00:00+00:00']);
  expect(found.counters).toEqual({ thing: [20, 4] });
});

test('5.1 rule 4: only an end is a fault that names the start', async () => {
  expect(await problemOf({ end: '2014-03-28T00:00:00Z' })).toEqual([
    false,
    [-99011],
    ['Missing parameter params.start.'],
  ]);
});

test('5.1: a window may lie in the future', async () => {
  const found = await usage({ start: '2025-06-02T13:00:00Z', end: '2025-06-02T15:00:00Z' });
  expect(found).toEqual({
    counters: { thing: [0, 9] },
    total: 9,
    ts: ['2025-06-02T13:00:00+00:00', '2025-06-02T14:00:00+00:00'],
  });
});

test.each([
  ['2014-03-27T00:00:00Z'],
  ['2014-03-27T00:00:00z'],
  ['2014-03-27t00:00:00Z'],
  ['2014-03-27T00:00:00+00:00'],
  ['2014-03-27T00:00:00-00:00'],
  ['2014-03-27T00:00:00.000-00:00'],
  ['2014-03-27T00:00:00.0Z'],
  ['2014-03-27T00:00:00.000000000Z'],
  ['2014-03-27T05:30:00+05:30'],
  ['2014-03-26T20:00:00-04:00'],
  ['2014-03-27T12:45:00+12:45'],
])('5.1: %s is the beginning of that day in UTC', async (start) => {
  const found = await usage({ start, end: '2014-03-28T00:00:00Z', series: 'day' });
  expect(found).toEqual({ counters: { thing: [113], usage: [5] }, total: 118, ts: ['2014-03-27T00:00:00+00:00'] });
});

test.each([
  ['2014-03-27'],
  ['2014-03-27T00:00:00'],
  ['2014-03-27T00:00Z'],
  ['2014-03-27 00:00:00Z'],
  ['2014-03-27T00:00:00 Z'],
  ['2014-03-27T00:00:00+0000'],
  ['2014-03-27T00:00:00+00'],
  ['2014-03-27T24:00:00Z'],
  ['2014-02-29T00:00:00Z'],
  ['2014-3-27T00:00:00Z'],
  ['27 Mar 2014'],
  ['1395878400'],
  [''],
  ['now'],
])('5.1: %j is no timestamp', async (text) => {
  expect(await problemOf({ start: text })).toEqual([false, [-99011], [expect.stringContaining('params.start')]]);
  expect(await problemOf({ start: '2014-01-01T00:00:00Z', end: text })).toEqual([
    false,
    [-99011],
    [expect.stringContaining('params.end')],
  ]);
});

test.each([
  ['start', 1395878400000],
  ['start', ['2014-03-27T00:00:00Z']],
  ['last', 24],
  ['last', '1h30m'],
  ['last', '1.5h'],
  ['last', '24H'],
  ['last', ' 24h'],
  ['last', '0h'],
  ['last', '7w'],
  ['last', '24'],
  ['last', ''],
  ['last', false],
  ['series', 'week'],
  ['series', 'Hour'],
  ['series', ''],
  ['series', 1],
  ['dimension', 'user'],
  ['dimension', 'ORG'],
  ['dimension', ''],
  ['dimension', ['org']],
  ['includeSubOrgs', 'false'],
  ['includeSubOrgs', 0],
  ['includeSubOrgs', 'true'],
  ['showAll', 'false'],
  ['showAll', 0],
  ['showAll', {}],
])('5.1: types and values are strict: %s of %j is named as the fault', async (name, value) => {
  expect(await problemOf({ [name]: value })).toEqual([false, [-99011], [expect.stringContaining(`params.${name}`)]]);
});

test.each([
  ['1h', 2, '2025-06-02T11:00:00+00:00'],
  ['180m', 4, '2025-06-02T09:00:00+00:00'],
  ['113000s', 32, '2025-06-01T05:00:00+00:00'],
  ['10h', 11, '2025-06-02T02:00:00+00:00'],
  ['120d', 2881, '2025-02-02T12:00:00+00:00'],
])('5.2: last %s is %i hours, the first one %s', async (last, hours, first) => {
  expect(span(await usage({ last }))).toEqual([hours, first, '2025-06-02T12:00:00+00:00']);
});

test('5.2: a start before 1970 is raised to 1970', async () => {
  const found = await usage({ last: '999999999d', series: 'day' });
  // 5000 days reach back to 2011 only; the cut shows that the window was not refused.
  expect(span(found)).toEqual([5000, '2011-09-25T00:00:00+00:00', '2025-06-02T00:00:00+00:00']);
});

test('5.3: a call counts if start <= t < end', async () => {
  const window = { start: '2014-03-27T00:00:00Z', end: '2014-03-27T00:30:00Z' };
  expect(await usage(window)).toEqual({ counters: { thing: [13] }, total: 13, ts: ['2014-03-27T00:00:00+00:00'] });
});

test('5.3: the window is not rounded outwards: a call before start does not count although its bucket is shown', async () => {
  const window = { start: '2014-03-27T00:00:00.001Z', end: '2014-03-27T01:00:00Z' };
  expect(await usage(window)).toEqual({ counters: { thing: [110] }, total: 110, ts: ['2014-03-27T00:00:00+00:00'] });
});

test('5.3: adjoining windows count every call once', async () => {
  const edges = [
    '2014-03-26T00:00:00Z',
    '2014-03-27T00:00:00Z',
    '2014-03-27T00:30:00Z',
    '2014-03-28T00:00:00Z',
    '2014-03-29T00:00:00Z',
  ];
  const totals: number[] = [];
  for (let i = 1; i < edges.length; i++) totals.push((await usage({ start: edges[i - 1], end: edges[i] })).total);
  expect(totals).toEqual([1, 13, 105, 1000]);
  expect((await usage({ start: edges[0], end: edges.at(-1) })).total).toBe(1119);
});

test('5.4: start equal to end is an empty window', async () => {
  const at = '2014-03-27T00:00:00Z';
  expect(await usage({ start: at, end: at })).toEqual({ counters: {}, total: 0, ts: [] });
});

test('5.4: one millisecond is one bucket', async () => {
  const found = await usage({ start: '2014-03-27T00:29:59.999Z', end: '2014-03-27T00:30:00Z' });
  expect(found).toEqual({ counters: { thing: [10] }, total: 10, ts: ['2014-03-27T00:00:00+00:00'] });
});

test.each([
  ['0000-01-01T00:00:00Z', '0000-01-02T00:00:00Z', 24],
  ['1800-01-01T00:00:00Z', '1800-01-01T10:00:00Z', 10],
  ['1899-12-31T22:00:00Z', '1900-01-01T02:00:00Z', 4],
  ['2299-12-31T22:00:00Z', '2300-01-01T02:00:00Z', 4],
  ['9999-12-31T00:00:00Z', '9999-12-31T23:59:59.999Z', 24],
])('5.4: a window from %s to %s is answered with %i empty hours', async (start, end, hours) => {
  const found = await usage({ start, end });
  expect([found.counters, found.total, found.ts.length]).toEqual([{}, 0, hours]);
});

test('5.7: from the beginning to the end of time, the newest 5000 hours', async () => {
  const found = await usage({ start: '0000-01-01T00:00:00Z', end: '9999-12-31T23:59:59.999Z' });
  expect(span(found)).toEqual([5000, '9999-06-06T16:00:00+00:00', '9999-12-31T23:00:00+00:00']);
});
