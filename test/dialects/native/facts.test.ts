import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 7, `POST /api/v1/facts/{stream}`. */
let server: TestServer;
let north: Client;

beforeAll(async () => {
  server = await startServer({
    directory: DIRECTORY,
    clock: '2026-11-21T12:00:00Z',
    env: { TALLYHOUSE_BODY_BYTES: '2M' },
  });
  north = new Client(server.url, 'th_north_all');
});
afterAll(() => server.stop());

/** What the server counts of one service, by all who may be asked. */
async function counted(service: string, client = north): Promise<unknown> {
  return client.query({
    stream: 'requests',
    from: '2026-11-01T00:00:00Z',
    to: '2026-12-01T00:00:00Z',
    measures: ['count', 'rows'],
    dimensions: ['organization'],
    filters: [{ dimension: 'service', values: [service] }],
    descendants: true,
  });
}

const NORTH = 'blt0000000000000001';
const LAB = 'blt0000000000000002';

describe('rows', () => {
  test('are a JSON array', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      body: [
        { time: '2026-11-21T10:00:00Z', service: 'array', count: 2 },
        { time: '2026-11-21T11:00:00+01:00', service: 'array.of.calls' },
      ],
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.text).toBe('{"accepted":2,"duplicate":0,"rejected":[]}');
    expect(await counted('array')).toEqual([{ organization: NORTH, count: 3, rows: 2 }]);
  });

  test('are one JSON object, too', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      body: { time: '2026-11-21T10:00:00Z', service: 'one' },
    });
    expect(reply.text).toBe('{"accepted":1,"duplicate":0,"rejected":[]}');
  });

  test('are lines of JSON; one that cannot be read is one rejected row', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: '{"time":"2026-11-21T10:00:00Z","service":"lines"}\n\n{"time":\n{"time":"2026-11-21T10:00:00Z","service":"lines"}\n',
    });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      accepted: 2,
      duplicate: 0,
      rejected: [{ index: 1, problem: 'the row is not JSON' }],
    });
    expect(await counted('lines')).toEqual([{ organization: NORTH, count: 2, rows: 2 }]);
  });

  test('may be sent by curl -d, which says that they are a form', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '[{"time":"2026-11-21T10:00:00Z","service":"curl"}]',
    });
    expect(reply.json).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
  });

  test('that are wrong are named by index and field, and the others are stored', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      body: [
        { time: '2026-11-21T10:00:00Z', service: 'partly' },
        { time: '2026-11-21T10:00:00', service: 'partly' },
        { time: '2026-11-21T10:00:00Z', service: 'partly', staus: 200 },
        { time: '2026-11-21T10:00:00Z' },
        'row',
        { time: '2026-11-21T10:00:00Z', service: 'partly', status: 200 },
      ],
    });
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(
      '{"accepted":2,"duplicate":0,"rejected":[' +
        '{"index":1,"problem":"has to be an RFC 3339 time with offset, such as 2026-11-21T10:00:00Z","field":"time"},' +
        '{"index":2,"problem":"unknown field","field":"staus"},' +
        '{"index":3,"problem":"is required","field":"service"},' +
        '{"index":4,"problem":"a row has to be a JSON object"}]}',
    );
    expect(await counted('partly')).toEqual([{ organization: NORTH, count: 2, rows: 2 }]);
  });

  test('that are all wrong are answered with 422 and the same body', async () => {
    const reply = await north.send('/api/v1/facts/requests', { body: [{ time: 5, service: 'x' }, {}] });
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.json).toEqual({
      accepted: 0,
      duplicate: 0,
      rejected: [
        { index: 0, problem: 'has to be an RFC 3339 time with offset, such as 2026-11-21T10:00:00Z', field: 'time' },
        { index: 1, problem: 'is required', field: 'time' },
      ],
    });
  });

  test('that are none at all are no mistake', async () => {
    expect((await north.send('/api/v1/facts/requests', { body: [] })).text).toBe(
      '{"accepted":0,"duplicate":0,"rejected":[]}',
    );
    const empty = await north.send('/api/v1/facts/requests', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect([empty.status, empty.text]).toEqual([200, '{"accepted":0,"duplicate":0,"rejected":[]}']);
  });

  test('rejected beyond 10,000 are counted and not listed', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: '0\n'.repeat(10_001),
    });
    expect(reply.status).toBe(422);
    const { rejected, ...rest } = reply.json as { rejected: unknown[] };
    expect(rest).toEqual({ accepted: 0, duplicate: 0, rejected_total: 10_001 });
    expect(rejected).toHaveLength(10_000);
    expect(rejected.at(-1)).toEqual({ index: 9_999, problem: 'a row has to be a JSON object' });
  });

  test('of other streams refer to the directory', async () => {
    const time = '2026-11-21T10:00:00Z';
    const send = async (stream: string, rows: object[]): Promise<unknown> =>
      (await north.send(`/api/v1/facts/${stream}`, { body: rows })).json;
    expect(
      await send('usage', [
        { time, product: 'weather', application: '41', metric: 'search' },
        { time, product: 'weather', application: 42, metric: 'hits' },
      ]),
    ).toEqual({
      accepted: 1,
      duplicate: 0,
      rejected: [{ index: 1, problem: 'is no application of the product', field: 'application' }],
    });
    expect(
      await send('events', [
        { time, app: '5f0000000000000000000001', device: 'd1', key: 'start', segmentation: { plan: 'pro' } },
        { time, app: '5f0000000000000000000009', device: 'd1', key: 'start' },
      ]),
    ).toEqual({
      accepted: 1,
      duplicate: 0,
      rejected: [{ index: 1, problem: 'is no app of the organization', field: 'app' }],
    });
    expect(
      await send('visits', [
        { time, device: 'D00017' },
        { time, array: '1AMDK', direction: 'in' },
        { time, device: 'SDEV01' },
        { time, device: 'D00017', array: '1AMDK' },
      ]),
    ).toEqual({
      accepted: 2,
      duplicate: 0,
      rejected: [
        { index: 2, problem: 'is no device of the organization', field: 'device' },
        { index: 3, problem: 'cannot stand beside device: a row names one of them', field: 'array' },
      ],
    });
    expect(await send('inventory', [{ time, kind: 'project', uid: 'p1' }])).toEqual({
      accepted: 1,
      duplicate: 0,
      rejected: [],
    });
    expect(
      await north.query({
        stream: 'visits',
        last: '1d',
        measures: ['count'],
        dimensions: ['deployment', 'array', 'device'],
      }),
    ).toEqual([
      { deployment: '7QX2B', array: '1AMDK', device: null, count: 1 },
      { deployment: '7QX2B', array: '1AMDK', device: 'D00017', count: 1 },
    ]);
  });
});

describe('an id', () => {
  test('is stored once per organization and stream, also as number and within one request', async () => {
    const row = { time: '2026-11-21T10:00:00Z', service: 'ids' };
    const send = async (...ids: unknown[]): Promise<unknown> =>
      (await north.send('/api/v1/facts/requests', { body: ids.map((id) => ({ ...row, id })) })).json;
    expect(await send('i1', 'i2', 'i1')).toEqual({ accepted: 2, duplicate: 1, rejected: [] });
    expect(await send('i1')).toEqual({ accepted: 0, duplicate: 1, rejected: [] });
    expect(await send(41, '41')).toEqual({ accepted: 1, duplicate: 1, rejected: [] });
    expect(await send(null, null)).toEqual({ accepted: 2, duplicate: 0, rejected: [] });
    expect(await counted('ids')).toEqual([{ organization: NORTH, count: 5, rows: 5 }]);
  });

  test('of one organization is free in another, and of one stream in another', async () => {
    const time = '2026-11-21T10:00:00Z';
    const south = new Client(server.url, 'th_south_all');
    await north.count('requests', [{ time, service: 'free', id: 'f1' }]);
    await north.count('requests', [{ time, service: 'free', id: 'f1', organization: 'NORTH_LAB' }]);
    await south.count('requests', [{ time, service: 'free', id: 'f1' }]);
    await north.count('inventory', [{ time, kind: 'domain', uid: 'd', id: 'f1' }]);
  });

  test('of a rejected row stays free', async () => {
    const send = async (status: unknown): Promise<unknown> =>
      (
        await north.send('/api/v1/facts/requests', {
          body: [{ time: '2026-11-21T10:00:00Z', service: 'later', id: 'l1', status }],
        })
      ).json;
    expect(await send('200')).toMatchObject({ accepted: 0 });
    expect(await send(200)).toMatchObject({ accepted: 1 });
  });

  test('sent by many at once is stored once', async () => {
    const body = [{ time: '2026-11-21T10:00:00Z', service: 'race', id: 'r1' }];
    const replies = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await north.send('/api/v1/facts/requests', { body })).json as { accepted: number },
      ),
    );
    expect(replies.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
    expect(await counted('race')).toEqual([{ organization: NORTH, count: 1, rows: 1 }]);
  });
});

describe('the organization', () => {
  test('is the key’s own, or the one the row names when the key covers it', async () => {
    await north.count('requests', [
      { time: '2026-11-21T10:00:00Z', service: 'whose' },
      { time: '2026-11-21T10:00:00Z', service: 'whose', organization: 'NORTH_LAB' },
      { time: '2026-11-21T10:00:00Z', service: 'whose', organization: LAB },
    ]);
    expect(await counted('whose')).toEqual([
      { organization: NORTH, count: 1, rows: 1 },
      { organization: LAB, count: 2, rows: 2 },
    ]);
  });

  test.each(['SOUTH', 'blt0000000000000009', 'GONE', 'NOWHERE'])(
    '%s is not covered and looks unknown',
    async (organization) => {
      const reply = await north.send('/api/v1/facts/requests', {
        body: [{ time: '2026-11-21T10:00:00Z', service: 'foreign', organization }],
      });
      expect(reply.status).toBe(422);
      expect(reply.json).toEqual({
        accepted: 0,
        duplicate: 0,
        rejected: [{ index: 0, problem: 'is none of the organizations that the key covers', field: 'organization' }],
      });
    },
  );
});

describe('Idempotency-Key', () => {
  const send = async (key: string, body: string, client = north, stream = 'requests'): Promise<[number, string]> => {
    const headers = { 'idempotency-key': key, 'content-type': 'application/x-ndjson' };
    const { status, text } = await client.send(`/api/v1/facts/${stream}`, { headers, body });
    return [status, text];
  };
  const good = '{"time":"2026-11-21T10:00:00Z","service":"again"}\n';

  test('with the same body repeats the first answer, all rows counted as duplicates', async () => {
    const body = `${good}${good}{"service":"again"}\n`;
    const rejected = '"rejected":[{"index":2,"problem":"is required","field":"time"}]}';
    expect(await send('k1', body)).toEqual([200, `{"accepted":2,"duplicate":0,${rejected}`]);
    expect(await send('k1', body)).toEqual([200, `{"accepted":0,"duplicate":2,${rejected}`]);
    expect(await send('k1', body)).toEqual([200, `{"accepted":0,"duplicate":2,${rejected}`]);
    expect(await counted('again')).toEqual([{ organization: NORTH, count: 2, rows: 2 }]);
  });

  test('with the same content in another encoding is the same body', async () => {
    const headers = { 'idempotency-key': 'k2', 'content-type': 'application/x-ndjson' };
    const body = '{"time":"2026-11-21T10:00:00Z","service":"zipped"}\n';
    expect((await north.send('/api/v1/facts/requests', { headers, body })).json).toMatchObject({ accepted: 1 });
    const zipped = await north.send('/api/v1/facts/requests', {
      headers: { ...headers, 'content-encoding': 'gzip' },
      body: gzipSync(body),
    });
    expect(zipped.json).toEqual({ accepted: 0, duplicate: 1, rejected: [] });
  });

  test('with another body is refused with 409', async () => {
    await send('k3', good);
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'idempotency-key': 'k3', 'content-type': 'application/x-ndjson' },
      body: `${good}${good}`,
    });
    expect(reply.status).toBe(409);
    expect(problem(reply)).toEqual({
      type: 'urn:tallyhouse:problem:idempotency_mismatch',
      title: 'Idempotency-Key reused',
      status: 409,
      detail: 'This Idempotency-Key was used with another body before.',
      field: 'Idempotency-Key',
    });
  });

  test('whose rows were all rejected is answered with 422 again', async () => {
    const first = await send('k4', '{}\n');
    expect(first[0]).toBe(422);
    expect(await send('k4', '{}\n')).toEqual(first);
  });

  test('is another one for another stream and for another organization', async () => {
    const south = new Client(server.url, 'th_south_all');
    const created = '{"time":"2026-11-21T10:00:00Z","kind":"domain","uid":"k5"}\n';
    expect(await send('k5', good)).toEqual([200, '{"accepted":1,"duplicate":0,"rejected":[]}']);
    expect(await send('k5', created, north, 'inventory')).toEqual([200, '{"accepted":1,"duplicate":0,"rejected":[]}']);
    expect(await send('k5', `${good}${good}`, south)).toEqual([200, '{"accepted":2,"duplicate":0,"rejected":[]}']);
  });

  test('sent by many at once is stored once', async () => {
    const body = '{"time":"2026-11-21T10:00:00Z","service":"guarded"}\n'.repeat(10);
    const replies = await Promise.all(Array.from({ length: 20 }, () => send('k6', body)));
    expect(replies.filter(([, text]) => text.startsWith('{"accepted":10,'))).toHaveLength(1);
    expect(replies.filter(([, text]) => text === '{"accepted":0,"duplicate":10,"rejected":[]}')).toHaveLength(19);
    expect(await counted('guarded')).toEqual([{ organization: NORTH, count: 10, rows: 10 }]);
  });

  describe('on very many rows', () => {
    const line = (n: number, more: object = {}): string =>
      JSON.stringify({ time: '2026-11-21T10:00:00Z', organization: n % 3 === 0 ? LAB : NORTH, ...more });
    const lines = (count: number, row: (n: number) => string): string =>
      Array.from({ length: count }, (_, n) => row(n)).join('\n');

    test('stores them once, and those of each organization as its own', async () => {
      const body = `{}\n${lines(12_000, (n) => line(n, { service: 'very-many', user: `Zoë ${n}` }))}`;
      const rejected = '"rejected":[{"index":0,"problem":"is required","field":"time"}]}';
      expect(await send('k7', body)).toEqual([200, `{"accepted":12000,"duplicate":0,${rejected}`]);
      expect(await send('k7', body)).toEqual([200, `{"accepted":0,"duplicate":12000,${rejected}`]);
      expect((await send('k7', `${body}\n{}`))[0]).toBe(409);
      expect(await counted('very-many')).toEqual([
        { organization: NORTH, count: 8_000, rows: 8_000 },
        { organization: LAB, count: 4_000, rows: 4_000 },
      ]);
    });

    test('that are fewer than go straight to the facts are stored once, too', async () => {
      const body = lines(3_000, (n) => line(n, { service: 'fewer', user: `Zoë ${n}` }));
      expect(await send('k10', body)).toEqual([200, '{"accepted":3000,"duplicate":0,"rejected":[]}']);
      expect(await send('k10', body)).toEqual([200, '{"accepted":0,"duplicate":3000,"rejected":[]}']);
      expect(await counted('fewer')).toEqual([
        { organization: NORTH, count: 2_000, rows: 2_000 },
        { organization: LAB, count: 1_000, rows: 1_000 },
      ]);
    });

    test('of which a late one has an id stores that one once, and each other with its request', async () => {
      const named = (n: number): string => line(n, { service: 'late', ...(n === 11_000 ? { id: 'late-1' } : {}) });
      expect(await send('k8', lines(12_000, named))).toEqual([200, '{"accepted":12000,"duplicate":0,"rejected":[]}']);
      expect(await send('k8', lines(12_000, named))).toEqual([200, '{"accepted":0,"duplicate":12000,"rejected":[]}']);
      expect(await send('k9', named(11_000))).toEqual([200, '{"accepted":0,"duplicate":1,"rejected":[]}']);
      expect(await counted('late')).toEqual([
        { organization: NORTH, count: 8_000, rows: 8_000 },
        { organization: LAB, count: 4_000, rows: 4_000 },
      ]);
    });
  });

  test.each(['', ' ', 'k'.repeat(256)])('"%s" is none', async (key) => {
    const reply = await north.send('/api/v1/facts/requests', { headers: { 'idempotency-key': key }, body: [] });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ field: 'Idempotency-Key' });
  });
});

describe('a body', () => {
  const row = '{"time":"2026-11-21T10:00:00Z","service":"coded"}\n';
  const lines = { 'content-type': 'application/x-ndjson' };

  test.each([
    ['gzip', gzipSync(row)],
    ['x-gzip', gzipSync(row)],
    ['deflate', deflateSync(row)],
    ['br', brotliCompressSync(row)],
    ['identity', Buffer.from(row)],
    ['GZIP', Buffer.concat([gzipSync(row.slice(0, 20)), gzipSync(row.slice(20))])],
  ])('may be encoded as %s', async (encoding, body) => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { ...lines, 'content-encoding': encoding },
      body,
    });
    expect(reply.json).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
  });

  test.each([
    ['gzip', Buffer.from(row)],
    ['gzip', gzipSync(row).subarray(0, 30)],
    ['br', Buffer.from('not brotli at all')],
  ])('that is not the %s it says it is gets 400', async (encoding, body) => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { ...lines, 'content-encoding': encoding },
      body,
    });
    expect(reply.status).toBe(400);
    expect(problem(reply)).toMatchObject({ title: 'Malformed body', detail: `The body is not ${encoding}.` });
  });

  test('in an unknown encoding gets 415', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { ...lines, 'content-encoding': 'zstd, gzip' },
      body: row,
    });
    expect(reply.status).toBe(415);
  });

  test('that becomes too large when it is decoded gets 413', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { ...lines, 'content-encoding': 'gzip' },
      body: bomb,
    });
    expect(reply.status).toBe(413);
    expect(problem(reply)).toMatchObject({
      title: 'Body too large',
      detail: 'A body may have 2097152 bytes, decompressed too. Send it in parts.',
    });
  });

  test('that is too large gets 413', async () => {
    const reply = await north.send('/api/v1/facts/requests', { headers: lines, body: Buffer.alloc(2_097_153, 0x20) });
    expect(reply.status).toBe(413);
    const init = {
      method: 'POST',
      headers: { ...lines, authorization: 'Bearer th_north_all' },
      body: new Blob([Buffer.alloc(2_097_153, 0x20)]).stream(),
      // Needed for a body of unknown length.
      duplex: 'half' as const,
    };
    const chunked = await fetch(`${server.url}/api/v1/facts/requests`, init);
    expect(chunked.status).toBe(413);
  });

  test('of exactly the limit is read', async () => {
    const body = Buffer.alloc(2_097_152, 0x20);
    body.write(row);
    expect((await north.send('/api/v1/facts/requests', { headers: lines, body })).json).toMatchObject({ accepted: 1 });
  });

  test('that is not JSON gets 400', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'content-type': 'application/json' },
      body: '[{"time":"2026-11-21T10:00:00Z","service":"x"}',
    });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problem(reply)).toEqual({
      type: 'urn:tallyhouse:problem:malformed_body',
      title: 'Malformed body',
      status: 400,
      detail: 'The body is not JSON.',
    });
  });

  test('of a type that is no rows gets 415', async () => {
    const reply = await north.send('/api/v1/facts/requests', {
      headers: { 'content-type': 'text/csv' },
      body: 'time,service',
    });
    expect(reply.status).toBe(415);
    expect(problem(reply)).toMatchObject({ detail: '"text/csv" is not accepted here.' });
  });

  test('of 20,000 rows is stored whole', async () => {
    const body = Array.from({ length: 20_000 }, (_, index) => ({
      time: '2026-11-21T10:00:00Z',
      service: 'many',
      id: `m${index}`,
    }));
    expect((await north.send('/api/v1/facts/requests', { body })).json).toEqual({
      accepted: 20_000,
      duplicate: 0,
      rejected: [],
    });
    expect(await counted('many')).toEqual([{ organization: NORTH, count: 20_000, rows: 20_000 }]);
  });
});

test('an unknown stream is not found', async () => {
  const reply = await north.send('/api/v1/facts/request', { body: [] });
  expect(reply.status).toBe(404);
  expect(problem(reply)).toMatchObject({ detail: 'There is no stream "request".' });
});
