import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;
let eve: string;

serving({ clock: '2025-06-02T12:30:00Z' }, async (started) => {
  ({ server, client } = started);
  eve = await client.login('eve@south.example', 'eve-of-south');
});

async function usage(start: string, end: string, params: object = {}): Promise<unknown> {
  const reply = await client.call(eve, 'usage.api.history', { start, end, ...params });
  return reply.params;
}

test('5.5: arrays by service, position by position with ts; total is the sum of all numbers', async () => {
  await client.count('th_south', [
    { time: '2025-06-02T08:00:00Z', service: 'thing', count: 3 },
    { time: '2025-06-02T10:10:00Z', service: 'thing' },
    { time: '2025-06-02T10:20:00Z', service: 'thing' },
    { time: '2025-06-02T10:59:59Z', service: 'usage' },
  ]);
  expect(await usage('2025-06-02T08:00:00Z', '2025-06-02T11:00:00Z')).toEqual({
    counters: { thing: [3, 0, 2], usage: [0, 0, 1] },
    total: 6,
    ts: ['2025-06-02T08:00:00+00:00', '2025-06-02T09:00:00+00:00', '2025-06-02T10:00:00+00:00'],
  });
});

test('5.5: a service is the first dot-separated part of the command called', async () => {
  await client.count('th_south', [
    { time: '2025-03-01T00:00:00Z', service: 'thing.list' },
    { time: '2025-03-01T00:00:01Z', service: 'thing' },
    { time: '2025-03-01T00:00:02Z', service: 'usage.api.history' },
    { time: '2025-03-01T00:00:03Z', service: 'Thing.find' },
  ]);
  expect(await usage('2025-03-01T00:00:00Z', '2025-03-01T01:00:00Z')).toEqual({
    counters: { Thing: [1], thing: [2], usage: [1] },
    total: 4,
    ts: ['2025-03-01T00:00:00+00:00'],
  });
});

test('5.5: a service without calls in the window is left out; without any call counters are {}', async () => {
  await client.count('th_south', [
    { time: '2025-03-02T00:30:00Z', service: 'thing' },
    { time: '2025-03-02T01:30:00Z', service: 'alarm' },
  ]);
  expect(await usage('2025-03-02T00:00:00Z', '2025-03-02T01:00:00Z')).toMatchObject({ counters: { thing: [1] } });
  expect(await usage('2025-03-02T02:00:00Z', '2025-03-02T04:00:00Z')).toEqual({
    counters: {},
    total: 0,
    ts: ['2025-03-02T02:00:00+00:00', '2025-03-02T03:00:00+00:00'],
  });
});

test('5.5: keys stand in ascending byte order, whatever they are', async () => {
  const services = [
    'thing',
    'Thing',
    'äther',
    'zone',
    '10',
    '9',
    '__proto__',
    'constructor',
    '\uFF41',
    '\u{1F600}',
    ' a',
  ];
  await client.count(
    'th_south',
    services.map((service) => ({ time: '2025-03-03T00:30:00Z', service })),
  );
  const packet = {
    auth: { sessionId: eve },
    a: { command: 'usage.api.history', params: { start: '2025-03-03T00:00:00Z', end: '2025-03-03T01:00:00Z' } },
  };
  const { text } = await send(server.url, { body: JSON.stringify(packet) });
  expect(text).toBe(
    '{"a":{"success":true,"params":{"counters":{" a":[1],"10":[1],"9":[1],"Thing":[1],"__proto__":[1],"constructor":[1],' +
      '"thing":[1],"zone":[1],"äther":[1],"\uFF41":[1],"\u{1F600}":[1]},"total":11,"ts":["2025-03-03T00:00:00+00:00"]}}}',
  );
});

test('5.5: counts are exact up to 2^53', async () => {
  await client.count('th_south', [
    { time: '2025-03-04T00:10:00Z', service: 'thing', count: 9_007_199_254_740_000 },
    { time: '2025-03-04T00:20:00Z', service: 'thing', count: 991 },
  ]);
  expect(await usage('2025-03-04T00:00:00Z', '2025-03-04T01:00:00Z')).toMatchObject({
    counters: { thing: [9_007_199_254_740_991] },
    total: 9_007_199_254_740_991,
  });
});

test('5.5: sums beyond 2^53 are written with every digit', async () => {
  await client.count('th_south', [
    { time: '2025-03-05T00:10:00Z', service: 'thing', count: 9_007_199_254_740_991 },
    { time: '2025-03-05T00:20:00Z', service: 'thing', count: 2 },
    { time: '2025-03-05T00:20:00Z', service: 'usage', count: 9_007_199_254_740_991 },
  ]);
  const packet = {
    auth: { sessionId: eve },
    a: { command: 'usage.api.history', params: { start: '2025-03-05T00:00:00Z', end: '2025-03-05T01:00:00Z' } },
  };
  const { text } = await send(server.url, { body: JSON.stringify(packet) });
  expect(text).toContain(
    '"counters":{"thing":[9007199254740993],"usage":[9007199254740991]},"total":18014398509481984,',
  );
});

test('5.5: calls answered here are not added to the figures', async () => {
  for (let i = 0; i < 5; i++) await client.call(eve, 'usage.api.history', { last: '1h' });
  expect(await usage('2025-06-02T12:00:00Z', '2025-06-02T14:00:00Z')).toMatchObject({ counters: {}, total: 0 });
});

test('5.5: with the switch of the instance they are, by service and organization', async () => {
  const metered = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_TR50_SELF_METERING: '1' } });
  try {
    const own = new Client(metered.url);
    const packet = {
      auth: { command: 'api.authenticate', params: { username: 'eve@south.example', password: 'eve-of-south' } },
      a: { command: 'diag.ping' },
      b: { command: 'diag.time' },
      c: { command: 'no.such' },
      d: 5,
    };
    const { auth } = (await own.packet(packet)) as { auth: { params: { sessionId: string } } };
    const { sessionId } = auth.params;
    const first = await own.call(sessionId, 'usage.api.history', { last: '1h' });
    const second = await own.call(sessionId, 'usage.api.history', { last: '1h' });
    const sums = ({ params }: typeof first) =>
      Object.fromEntries(
        Object.entries((params as { counters: Record<string, number[]> }).counters).map(([service, counts]) => [
          service,
          counts.reduce((a, b) => a + b, 0),
        ]),
      );
    expect(sums(first)).toEqual({ api: 1, diag: 2 });
    expect(sums(second)).toEqual({ api: 1, diag: 2, usage: 1 });
  } finally {
    await metered.stop();
  }
});

test('5.5: a repeated id of one organization is counted once', async () => {
  const row = { time: '2025-03-06T00:10:00Z', service: 'thing', count: 5, id: 'call-1' };
  await client.count('th_south', [row]);
  await expect(client.count('th_south', [row])).rejects.toThrow('"duplicate":1');
  expect(await usage('2025-03-06T00:00:00Z', '2025-03-06T01:00:00Z')).toMatchObject({ total: 5 });
});

test('a row that is acknowledged is in the next answer', async () => {
  for (let i = 1; i <= 10; i++) {
    await client.count('th_south', [{ time: '2025-03-07T00:10:00Z', service: 'thing' }]);
    expect(await usage('2025-03-07T00:00:00Z', '2025-03-07T01:00:00Z')).toMatchObject({ total: i });
  }
});
