import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';

const ZONES = {
  NEWYORK: 'America/New_York',
  KATHMANDU: 'Asia/Kathmandu',
  LORDHOWE: 'Australia/Lord_Howe',
  HAVANA: 'America/Havana',
  APIA: 'Pacific/Apia',
  SAOPAULO: 'America/Sao_Paulo',
};

const DIRECTORY = `
users: [{email: ops@example.com, password: pass-the-clock, super_ops: true}]
organizations:
${Object.entries(ZONES)
  .map(
    ([key, zone]) =>
      `  - {key: ${key}, name: ${key}, timezone: ${zone}, native_keys: [{key: th_${key}, scopes: [ingest]}]}`,
  )
  .join('\n')}
  - {key: NOZONE, name: No zone, native_keys: [{key: th_NOZONE, scopes: [ingest]}], members: [{user: ops@example.com, role: member}]}
`;

let server: TestServer;
let client: Client;
let session: string;

beforeAll(async () => {
  server = await startServer({
    directory: DIRECTORY,
    clock: '2025-06-02T12:00:00Z',
    env: { TALLYHOUSE_ZONE: 'Asia/Tokyo' },
  });
  client = new Client(server.url);
  session = await client.login('ops@example.com', 'pass-the-clock');
});
afterAll(() => server.stop());

async function usage(key: string, params: object): Promise<{ counters: unknown; total: number; ts: string[] }> {
  await client.call(session, 'session.org.switch', { key });
  const reply = await client.call(session, 'usage.api.history', params);
  if (!reply.success) throw new Error(JSON.stringify(reply));
  return reply.params as never;
}

test('5.4: New York sets its clocks back: 25 hours, the repeated one twice with its own offsets', async () => {
  await client.count('th_NEWYORK', [
    { time: '2024-11-03T04:00:00Z', service: 'thing', count: 1 },
    { time: '2024-11-03T05:30:00Z', service: 'thing', count: 10 },
    { time: '2024-11-03T06:00:00Z', service: 'thing', count: 100 },
    { time: '2024-11-03T06:59:59.999Z', service: 'thing', count: 1000 },
    { time: '2024-11-03T07:00:00Z', service: 'thing', count: 10000 },
  ]);
  const found = await usage('NEWYORK', { start: '2024-11-03T00:00:00-04:00', end: '2024-11-04T00:00:00-05:00' });
  expect(found.ts).toHaveLength(25);
  expect(found.ts.slice(0, 4)).toEqual([
    '2024-11-03T00:00:00-04:00',
    '2024-11-03T01:00:00-04:00',
    '2024-11-03T01:00:00-05:00',
    '2024-11-03T02:00:00-05:00',
  ]);
  expect(found.ts.at(-1)).toBe('2024-11-03T23:00:00-05:00');
  expect(found.counters).toEqual({ thing: [1, 10, 1100, 10000, ...Array.from({ length: 21 }, () => 0)] });
  expect(found.total).toBe(11111);
});

test('5.4: New York sets its clocks forward: 23 hours, the missing one is not there', async () => {
  await client.count('th_NEWYORK', [
    { time: '2025-03-09T06:59:59.999Z', service: 'thing', count: 1 },
    { time: '2025-03-09T07:00:00Z', service: 'thing', count: 10 },
  ]);
  const found = await usage('NEWYORK', { start: '2025-03-09T05:00:00Z', end: '2025-03-10T04:00:00Z' });
  expect(found.ts).toHaveLength(23);
  expect(found.ts.slice(0, 4)).toEqual([
    '2025-03-09T00:00:00-05:00',
    '2025-03-09T01:00:00-05:00',
    '2025-03-09T03:00:00-04:00',
    '2025-03-09T04:00:00-04:00',
  ]);
  expect(found.counters).toEqual({ thing: [0, 1, 10, ...Array.from({ length: 20 }, () => 0)] });
});

test('5.4: days across both changes have 25 and 23 hours and their own offsets', async () => {
  const back = await usage('NEWYORK', { start: '2024-11-02T04:00:00Z', end: '2024-11-05T05:00:00Z', series: 'day' });
  expect(back).toEqual({
    counters: { thing: [0, 11111, 0] },
    total: 11111,
    ts: ['2024-11-02T00:00:00-04:00', '2024-11-03T00:00:00-04:00', '2024-11-04T00:00:00-05:00'],
  });
  const forward = await usage('NEWYORK', { start: '2025-03-08T05:00:00Z', end: '2025-03-11T04:00:00Z', series: 'day' });
  expect(forward).toEqual({
    counters: { thing: [0, 11, 0] },
    total: 11,
    ts: ['2025-03-08T00:00:00-05:00', '2025-03-09T00:00:00-05:00', '2025-03-10T00:00:00-04:00'],
  });
});

test('5.4: a window in the second half of the repeated hour begins there', async () => {
  const found = await usage('NEWYORK', { start: '2024-11-03T06:30:00Z', end: '2024-11-03T07:00:00Z' });
  expect(found).toEqual({ counters: { thing: [1000] }, total: 1000, ts: ['2024-11-03T01:00:00-05:00'] });
});

test('5.4: in a zone with quarter-hour offset hours begin at the local full hour', async () => {
  await client.count('th_KATHMANDU', [
    { time: '2025-06-01T00:14:59.999Z', service: 'thing', count: 1 },
    { time: '2025-06-01T00:15:00Z', service: 'thing', count: 10 },
  ]);
  const found = await usage('KATHMANDU', { start: '2025-06-01T00:00:00Z', end: '2025-06-01T02:00:00Z' });
  expect(found).toEqual({
    counters: { thing: [1, 10, 0] },
    total: 11,
    ts: ['2025-06-01T05:00:00+05:45', '2025-06-01T06:00:00+05:45', '2025-06-01T07:00:00+05:45'],
  });
});

test('appendix 4: Lord Howe repeats half an hour, which is a bucket of its own', async () => {
  await client.count('th_LORDHOWE', [
    { time: '2025-04-05T14:59:59.999Z', service: 'thing', count: 1 },
    { time: '2025-04-05T15:00:00Z', service: 'thing', count: 10 },
    { time: '2025-04-05T15:29:59.999Z', service: 'thing', count: 100 },
    { time: '2025-04-05T15:30:00Z', service: 'thing', count: 1000 },
  ]);
  const found = await usage('LORDHOWE', { start: '2025-04-05T14:00:00Z', end: '2025-04-05T16:00:00Z' });
  expect(found).toEqual({
    counters: { thing: [1, 110, 1000] },
    total: 1111,
    ts: ['2025-04-06T01:00:00+11:00', '2025-04-06T01:30:00+10:30', '2025-04-06T02:00:00+10:30'],
  });
});

test('5.4: a day whose midnight is skipped begins with its first instant', async () => {
  const found = await usage('HAVANA', { start: '2025-03-08T05:00:00Z', end: '2025-03-10T04:00:00Z', series: 'day' });
  expect(found.ts).toEqual(['2025-03-08T00:00:00-05:00', '2025-03-09T01:00:00-04:00']);
});

test('5.4: a day that has two midnights begins with the first one and has 25 hours', async () => {
  await client.count('th_HAVANA', [
    { time: '2024-11-03T04:30:00Z', service: 'thing', count: 1 },
    { time: '2024-11-03T05:30:00Z', service: 'thing', count: 10 },
  ]);
  const days = await usage('HAVANA', { start: '2024-11-03T04:00:00Z', end: '2024-11-04T05:00:00Z', series: 'day' });
  expect(days).toEqual({ counters: { thing: [11] }, total: 11, ts: ['2024-11-03T00:00:00-04:00'] });
  const hours = await usage('HAVANA', { start: '2024-11-03T04:00:00Z', end: '2024-11-04T05:00:00Z' });
  expect(hours.ts).toHaveLength(25);
  expect(hours.ts.slice(0, 3)).toEqual([
    '2024-11-03T00:00:00-04:00',
    '2024-11-03T00:00:00-05:00',
    '2024-11-03T01:00:00-05:00',
  ]);
});

test('5.4: the day that Apia left out is not there', async () => {
  const found = await usage('APIA', { start: '2011-12-29T10:00:00Z', end: '2012-01-01T10:00:00Z', series: 'day' });
  expect(found.ts).toEqual(['2011-12-29T00:00:00-10:00', '2011-12-31T00:00:00+14:00', '2012-01-01T00:00:00+14:00']);
});

test('5.4: without a zone of its own an organization has that of the instance', async () => {
  const found = await usage('NOZONE', { start: '2025-06-01T00:00:00Z', end: '2025-06-01T02:00:00Z' });
  expect(found.ts).toEqual(['2025-06-01T09:00:00+09:00', '2025-06-01T10:00:00+09:00']);
});

test('5.4: the offset of the request says nothing about the labels', async () => {
  const asked = ['2025-06-01T00:00:00Z', '2025-06-01T05:45:00+05:45', '2025-05-31T13:00:00-11:00'];
  for (const start of asked) {
    const found = await usage('SAOPAULO', { start, end: '2025-06-01T01:00:00Z' });
    expect(found.ts).toEqual(['2025-05-31T21:00:00-03:00']);
  }
});

test('5.4: neither do the zones of sub-organizations or others: with showAll the current one counts', async () => {
  await client.call(session, 'session.org.switch', { key: 'KATHMANDU' });
  const reply = await client.call(session, 'usage.api.history', {
    start: '2024-11-02T18:15:00Z',
    end: '2024-11-03T18:15:00Z',
    series: 'day',
    showAll: true,
  });
  expect(reply.params).toEqual({ counters: { thing: [11122] }, total: 11122, ts: ['2024-11-03T00:00:00+05:45'] });
});

test('5.2: one day of last is 86,400 s, also when the local day has 25 hours', async () => {
  const later = await startServer({ directory: DIRECTORY, clock: '2024-11-04T05:00:00Z' });
  try {
    const then = new Client(later.url);
    const ops = await then.login('ops@example.com', 'pass-the-clock');
    await then.call(ops, 'session.org.switch', { key: 'NEWYORK' });
    const { params } = await then.call(ops, 'usage.api.history', { last: '1d' });
    const { ts } = params as unknown as { ts: string[] };
    expect(ts[0]).toBe('2024-11-03T01:00:00-04:00');
    expect(ts[1]).toBe('2024-11-03T01:00:00-05:00');
    expect(ts.at(-1)).toBe('2024-11-04T00:00:00-05:00');
  } finally {
    await later.stop();
  }
});
