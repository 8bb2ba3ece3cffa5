import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 7, `GET /api/v1/export/{stream}`. */
let server: TestServer;
let north: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2026-11-21T12:00:00Z' });
  north = new Client(server.url, 'th_north_all');
  await north.count('events', [
    {
      id: 'e1',
      time: '2026-11-21T10:00:00.125Z',
      app: '5f0000000000000000000001',
      device: 'd "1", x',
      key: 'buy',
      count: 2,
      sum: 0.1,
      segmentation: { plan: 'pro', n: 1.5 },
    },
  ]);
  await north.count('visits', [
    { id: 'v1', time: '2026-11-21T10:00:00Z', device: 'D00017', direction: 'in' },
    { time: '2026-11-21T11:00:00Z', array: '1AMDK', dwell_ms: 0 },
  ]);
  await north.count('requests', [
    { id: 'r1', time: '2026-11-20T23:59:59.999Z', service: 'cdn', status: 200 },
    { id: 'r2', time: '2026-11-21T00:00:00Z', service: 'cdn' },
    { id: 'r3', time: '2026-11-21T00:00:00Z', service: 'cdn', organization: 'NORTH_LAB' },
  ]);
});
afterAll(() => server.stop());

describe('an export', () => {
  test('is NDJSON by default: rows as they are sent, in order of time', async () => {
    const reply = await north.send('/api/v1/export/visits');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="visits.ndjson"');
    expect(reply.text).toBe(
      '{"time":"2026-11-21T10:00:00.000Z","organization":"blt0000000000000001","id":"v1","device":"D00017","count":1,"direction":"in"}\n' +
        '{"time":"2026-11-21T11:00:00.000Z","organization":"blt0000000000000001","array":"1AMDK","count":1,"dwell_ms":0}\n',
    );
  });

  test('may be CSV', async () => {
    const reply = await north.send('/api/v1/export/events?format=csv');
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="events.csv"');
    expect(reply.text).toBe(
      '"time","organization","id","app","device","key","count","sum","duration","segmentation"\n' +
        '"2026-11-21T10:00:00.125Z","blt0000000000000001","e1","5f0000000000000000000001","d ""1"", x","buy",2,0.1,0,"{""plan"":""pro"",""n"":1.5}"\n',
    );
  });

  test('may be Parquet', async () => {
    const response = await fetch(`${server.url}/api/v1/export/events?format=parquet`, {
      headers: { authorization: 'Bearer th_north_all' },
    });
    expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="events.parquet"');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  test('is of a half-open time', async () => {
    const ids = async (query: string): Promise<string[]> =>
      (await north.send(`/api/v1/export/requests?${query}`)).text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { id: string }).id)
        .sort();
    expect(await ids('since=2026-11-21T00:00:00Z')).toEqual(['r2']);
    expect(await ids('until=2026-11-21T00:00:00Z')).toEqual(['r1']);
    expect(await ids('since=2026-11-21T01:00:00%2B01:00&until=2026-11-22T00:00:00Z&descendants=true')).toEqual([
      'r2',
      'r3',
    ]);
    expect(await ids('organization=NORTH_LAB')).toEqual(['r3']);
    expect(await ids('organization=NORTH&organization=blt0000000000000002')).toEqual(['r1', 'r2', 'r3']);
  });

  test('can be sent again and changes nothing', async () => {
    const { text } = await north.send('/api/v1/export/requests?descendants=true');
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: text,
    });
    expect(reply.json).toEqual({ accepted: 0, duplicate: 3, rejected: [] });
  });

  test('of visits and events can be imported where the same things exist', async () => {
    for (const stream of ['visits', 'events']) {
      const { text } = await north.send(`/api/v1/export/${stream}`);
      const body = text.replaceAll(/"id":"[^"]*",/g, '');
      const reply = await north.send(`/api/v1/facts/${stream}`, {
        headers: { 'content-type': 'application/x-ndjson' },
        body,
      });
      expect(reply.json).toMatchObject({ duplicate: 0, rejected: [] });
    }
  });

  test('of nothing is an empty file', async () => {
    const reply = await north.send('/api/v1/export/usage');
    expect([reply.status, reply.text]).toEqual([200, '']);
  });
});

describe('a wrong export', () => {
  test.each([
    ['requests?format=xlsx', 400, 'format'],
    ['requests?since=2026-11-21', 400, 'since'],
    ['requests?until=x', 400, 'until'],
    ['requests?since=2026-11-21T00:00:00Z&until=2026-11-20T00:00:00Z', 400, 'until'],
    ['requests?organization=SOUTH', 400, 'organization'],
    ['requests?organization=NORTH&organization=SOUTH', 400, 'organization[1]'],
    ['requests?descendants=yes', 400, 'descendants'],
    ['requests?untill=2026-11-20T00:00:00Z', 400, 'untill'],
    ['requests?format=csv&format=csv', 400, 'format'],
    ['request', 404, undefined],
    ['__proto__', 404, undefined],
  ])('%s is told so', async (path, status, field) => {
    const reply = await north.send(`/api/v1/export/${path}`);
    expect([reply.status, (reply.json as { field?: string }).field]).toEqual([status, field]);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test('is not asked for by HEAD', async () => {
    const reply = await north.send('/api/v1/export/requests', { method: 'HEAD' });
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('GET');
  });

  test('names the stream it does not know', async () => {
    expect(problem(await north.send('/api/v1/export/request'))).toMatchObject({
      detail: 'There is no stream "request".',
    });
  });
});

test('an export that nobody reads any more is stopped, and the server goes on', async () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, index) =>
      `{"time":"2026-11-19T10:00:00Z","service":"big","url":"https://example.org/${'x'.repeat(200)}/${index}"}`,
  );
  await north.send('/api/v1/facts/requests', {
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'big' },
    body: rows.join('\n'),
  });
  for (let round = 0; round < 6; round += 1) {
    const aborted = new AbortController();
    const response = await fetch(`${server.url}/api/v1/export/requests`, {
      headers: { authorization: 'Bearer th_north_all' },
      signal: aborted.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    aborted.abort();
  }
  const { text } = await north.send('/api/v1/export/visits');
  expect(text).toContain('D00017');
});
