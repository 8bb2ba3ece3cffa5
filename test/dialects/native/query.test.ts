import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 7, `POST /api/v1/query`: section 5's question as JSON. */
let server: TestServer;
let north: Client;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2026-11-21T12:34:00Z' });
  north = new Client(server.url, 'th_north_all');
  const hour = (time: string, service: string, more: object = {}): object => ({ time, service, ...more });
  await north.count('requests', [
    // Around the end of New York's summer time, 1 November 2026 06:00 UTC: 01:00 to 02:00 is shown twice.
    hour('2026-11-01T03:59:59.999Z', 'clock', { bytes: 1 }),
    hour('2026-11-01T04:00:00Z', 'clock', { bytes: 2 }),
    hour('2026-11-01T05:30:00Z', 'clock', { bytes: 4 }),
    hour('2026-11-01T06:30:00Z', 'clock', { bytes: 8 }),
    hour('2026-11-02T04:59:59.999Z', 'clock', { bytes: 16 }),
    hour('2026-11-02T05:00:00Z', 'clock', { bytes: 32 }),
    // Around its beginning, 8 March 2026 07:00 UTC: 02:00 to 03:00 is skipped.
    hour('2026-03-08T05:00:00Z', 'clock', { bytes: 64 }),
    hour('2026-03-09T03:59:59.999Z', 'clock', { bytes: 128 }),
    hour('2026-03-09T04:00:00Z', 'clock', { bytes: 256 }),
    // Today.
    hour('2026-11-21T10:00:00Z', 'api', { status: 200, user: 'ann', count: 3, duration_ms: 10 }),
    hour('2026-11-21T10:10:00Z', 'api', { status: 404, user: 'bob', duration_ms: 30 }),
    hour('2026-11-21T11:00:00Z', 'cdn', { status: 200, user: 'ann' }),
    hour('2026-11-21T11:30:00Z', 'cdn', { count: 5, organization: 'NORTH_LAB' }),
    hour('2026-11-21T11:40:00Z', 'cdn', { count: 7, organization: 'NORTH_LAB_COLD' }),
    hour('2026-11-21T09:00:00Z', 'huge', { bytes: Number.MAX_SAFE_INTEGER }),
    hour('2026-11-21T09:00:00Z', 'huge', { bytes: Number.MAX_SAFE_INTEGER }),
  ]);
});
afterAll(() => server.stop());

const TODAY = { stream: 'requests', from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z' };

describe('an answer', () => {
  test('has rows, the window, the buckets with whether they are complete, and a watermark', async () => {
    const reply = await north.send('/api/v1/query', {
      body: {
        ...TODAY,
        from: '2026-11-21T10:00:00Z',
        bucket: { every: '1h', zone: 'Asia/Kolkata' },
        measures: ['count'],
        to: '2026-11-21T13:00:00Z',
      },
    });
    expect(reply.status).toBe(200);
    const { watermark, ...rest } = reply.json as { watermark: string };
    expect(watermark).toMatch(/^2026-11-21T12:3\d:\d\d(\.\d{3})?Z$/);
    expect(rest).toEqual({
      rows: [
        { bucket: '2026-11-21T15:00:00+05:30', count: 4 },
        { bucket: '2026-11-21T16:00:00+05:30', count: 1 },
      ],
      from: '2026-11-21T10:00:00Z',
      to: '2026-11-21T13:00:00Z',
      zone: 'Asia/Kolkata',
      buckets: [
        { start: '2026-11-21T15:00:00+05:30', end: '2026-11-21T16:00:00+05:30', complete: true },
        { start: '2026-11-21T16:00:00+05:30', end: '2026-11-21T17:00:00+05:30', complete: true },
        { start: '2026-11-21T17:00:00+05:30', end: '2026-11-21T18:00:00+05:30', complete: true },
        { start: '2026-11-21T18:00:00+05:30', end: '2026-11-21T19:00:00+05:30', complete: false },
      ],
    });
  });

  test('without bucket and dimensions is one row', async () => {
    const reply = await north.send('/api/v1/query', {
      body: { ...TODAY, measures: ['count', 'rows', 'unique_users', 'duration_ms'] },
    });
    expect(reply.json).toMatchObject({
      rows: [{ count: 7, rows: 5, unique_users: 2, duration_ms: 20 }],
      zone: null,
      buckets: [],
    });
  });

  test('has null for a dimension without value and for a mean of nothing', async () => {
    expect(
      await north.query({
        ...TODAY,
        measures: ['rows', 'duration_ms'],
        dimensions: ['service', 'status'],
        filters: [{ dimension: 'service', values: ['huge', 'api'] }],
      }),
    ).toEqual([
      { service: 'api', status: 200, rows: 1, duration_ms: 10 },
      { service: 'api', status: 404, rows: 1, duration_ms: 30 },
      { service: 'huge', status: null, rows: 2, duration_ms: null },
    ]);
  });

  test('has integers beyond 2^53 as texts', async () => {
    expect(
      await north.query({ ...TODAY, measures: ['bytes'], filters: [{ dimension: 'service', values: ['huge'] }] }),
    ).toEqual([{ bytes: '18014398509481982' }]);
  });

  test('has the zone of the organization unless another is named', async () => {
    const reply = await north.send('/api/v1/query', {
      body: { ...TODAY, bucket: { every: '1d' }, measures: ['count'] },
    });
    expect(reply.json).toMatchObject({ zone: 'America/New_York' });
    const lab = await new Client(server.url, 'th_lab_all').send('/api/v1/query', {
      body: { ...TODAY, bucket: { every: '1d' }, measures: ['count'] },
    });
    expect(lab.json).toMatchObject({ zone: 'Asia/Kolkata' });
  });

  test('is filled with buckets without rows when asked', async () => {
    expect(
      await north.query({
        ...TODAY,
        from: '2026-11-21T08:00:00Z',
        to: '2026-11-21T12:00:00Z',
        bucket: { every: '1h', zone: 'UTC' },
        measures: ['count', 'duration_ms'],
        fill: true,
      }),
    ).toEqual([
      { bucket: '2026-11-21T08:00:00+00:00', count: 0, duration_ms: null },
      { bucket: '2026-11-21T09:00:00+00:00', count: 2, duration_ms: null },
      { bucket: '2026-11-21T10:00:00+00:00', count: 4, duration_ms: 20 },
      { bucket: '2026-11-21T11:00:00+00:00', count: 1, duration_ms: null },
    ]);
  });

  test('is ordered and cut as asked, with the number of all rows', async () => {
    const reply = await north.send('/api/v1/query', {
      body: {
        ...TODAY,
        measures: ['count'],
        dimensions: ['service'],
        order: [{ by: 'count', direction: 'descending' }],
        limit: 1,
        offset: 1,
      },
    });
    expect(reply.json).toMatchObject({ rows: [{ service: 'huge', count: 2 }], total_rows: 3 });
  });
});

describe('a day', () => {
  const days = async (from: string, to: string): Promise<unknown> =>
    north.query({
      stream: 'requests',
      from,
      to,
      bucket: { every: '1d', zone: 'America/New_York' },
      measures: ['bytes'],
      filters: [{ dimension: 'service', values: ['clock'] }],
    });

  test('has 25 hours when the clock is set back', async () => {
    expect(await days('2026-10-31T04:00:00Z', '2026-11-03T05:00:00Z')).toEqual([
      { bucket: '2026-10-31T00:00:00-04:00', bytes: 1 },
      { bucket: '2026-11-01T00:00:00-04:00', bytes: 30 },
      { bucket: '2026-11-02T00:00:00-05:00', bytes: 32 },
    ]);
  });

  test('has 23 hours when the clock is set forward', async () => {
    expect(await days('2026-03-08T05:00:00Z', '2026-03-10T04:00:00Z')).toEqual([
      { bucket: '2026-03-08T00:00:00-05:00', bytes: 192 },
      { bucket: '2026-03-09T00:00:00-04:00', bytes: 256 },
    ]);
  });

  test('has the repeated hour twice', async () => {
    expect(
      await north.query({
        stream: 'requests',
        from: '2026-11-01T05:00:00Z',
        to: '2026-11-01T07:00:00Z',
        bucket: { every: '1h', zone: 'America/New_York' },
        measures: ['bytes'],
      }),
    ).toEqual([
      { bucket: '2026-11-01T01:00:00-04:00', bytes: 4 },
      { bucket: '2026-11-01T01:00:00-05:00', bytes: 8 },
    ]);
  });
});

describe('last', () => {
  const window = async (last: string, zone = 'America/New_York'): Promise<unknown> => {
    const reply = await north.send('/api/v1/query', {
      body: { stream: 'requests', last, bucket: { every: '1d', zone }, measures: ['count'] },
    });
    const { from, to } = reply.json as { from: string; to: string };
    // The server's clock runs on; half an hour is left until these change.
    return { from: from.slice(0, 13), to: to.slice(0, 13), minutes: (Date.parse(to) - Date.parse(from)) / 60_000 };
  };

  test('of minutes and hours is exact, until now', async () => {
    expect(await window('90m')).toEqual({ from: '2026-11-21T11', to: '2026-11-21T12', minutes: 90 });
    expect(await window('24h')).toEqual({ from: '2026-11-20T12', to: '2026-11-21T12', minutes: 1440 });
  });

  test('of days, weeks, months and years goes back in the calendar of the zone', async () => {
    const to = '2026-11-21T12';
    expect(await window('21d')).toEqual({ from: '2026-10-31T11', to, minutes: 21 * 1440 + 60 });
    expect(await window('3w')).toEqual({ from: '2026-10-31T11', to, minutes: 21 * 1440 + 60 });
    expect(await window('1M')).toEqual({ from: '2026-10-21T11', to, minutes: 31 * 1440 + 60 });
    expect(await window('1y', 'UTC')).toEqual({ from: '2025-11-21T12', to, minutes: 365 * 1440 });
  });

  test.each(['0d', '7', 'd', '7days', '-1d', '1.5h', '7D', '99999y', '100000d'])('"%s" is refused', async (last) => {
    const reply = await north.send('/api/v1/query', { body: { stream: 'requests', last, measures: ['count'] } });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ field: 'last' });
  });
});

describe('organizations', () => {
  const counts = async (more: object): Promise<unknown> =>
    north.query({
      ...TODAY,
      measures: ['count'],
      dimensions: ['organization'],
      filters: [{ dimension: 'service', values: ['cdn'] }],
      ...more,
    });
  const own = { organization: 'blt0000000000000001', count: 1 };
  const lab = { organization: 'blt0000000000000002', count: 5 };
  const cold = { organization: 'blt0000000000000003', count: 7 };

  test('are the key’s own by default', async () => {
    expect(await counts({})).toEqual([own]);
  });

  test('are those named by uid or key', async () => {
    expect(await counts({ organizations: ['NORTH_LAB'] })).toEqual([lab]);
    expect(await counts({ organizations: ['blt0000000000000003', 'NORTH'] })).toEqual([own, cold]);
    expect(await counts({ organizations: ['NORTH', 'NORTH'] })).toEqual([own]);
  });

  test('come with those below them when asked, each once', async () => {
    expect(await counts({ descendants: true })).toEqual([own, lab, cold]);
    expect(await counts({ organizations: ['NORTH_LAB'], descendants: true })).toEqual([lab, cold]);
    expect(await counts({ organizations: ['NORTH', 'NORTH_LAB'], descendants: true })).toEqual([own, lab, cold]);
  });

  test('are filtered by their names', async () => {
    const filters = [
      { dimension: 'service', values: ['cdn'] },
      { dimension: 'organization', operator: 'not_in', values: ['NORTH_LAB'] },
    ];
    expect(await counts({ descendants: true, filters })).toEqual([own, cold]);
  });
});

describe('filters', () => {
  const services = async (...filters: object[]): Promise<unknown> =>
    north.query({ ...TODAY, measures: ['rows'], dimensions: ['service'], filters });

  test('take values, absent ones as null', async () => {
    expect(await services({ dimension: 'status', operator: 'in', values: [null, 404] })).toEqual([
      { service: 'api', rows: 1 },
      { service: 'huge', rows: 2 },
    ]);
    expect(await services({ dimension: 'status', operator: 'not_in', values: [null] })).toEqual([
      { service: 'api', rows: 2 },
      { service: 'cdn', rows: 1 },
    ]);
  });

  test('look into texts without wildcards', async () => {
    expect(await services({ dimension: 'service', operator: 'contains', values: ['d'] })).toEqual([
      { service: 'cdn', rows: 1 },
    ]);
    expect(await services({ dimension: 'service', operator: 'contains', values: ['%'] })).toEqual([]);
    expect(await services({ dimension: 'service', operator: 'starts_with', values: ['a', 'h'] })).toEqual([
      { service: 'api', rows: 2 },
      { service: 'huge', rows: 2 },
    ]);
  });

  test('are values, whatever they look like', async () => {
    for (const value of ["' OR 1=1 --", '\\', "\\'", '\u0000', '{x:String}', '😀', ') UNION ALL SELECT 1']) {
      expect(await services({ dimension: 'service', values: [value] })).toEqual([]);
    }
  });
});

describe('a question that is wrong', () => {
  const good = { ...TODAY, measures: ['count'] };

  test.each([
    ['stream', { stream: 'request' }],
    ['stream', { stream: undefined }],
    ['stream', { stream: '__proto__' }],
    ['measures', { measures: undefined }],
    ['measures', { measures: [] }],
    ['measures[0]', { measures: [1] }],
    ['measures[1]', { measures: ['count', 'visits'] }],
    ['measures[1]', { measures: ['count', 'count'] }],
    ['measures[0]', { measures: ['__proto__'] }],
    ['dimensions[0]', { dimensions: ['servise'] }],
    ['dimensions[0]', { dimensions: ['bytes'] }],
    ['dimensions', { dimensions: 'service' }],
    ['from', { from: undefined }],
    ['from', { from: '2026-11-21' }],
    ['from', { from: 1795251600 }],
    ['from', { from: '1850-01-01T00:00:00Z' }],
    ['to', { to: undefined }],
    ['to', { to: '2026-11-20T00:00:00Z' }],
    ['to', { to: '2026-11-31T00:00:00Z' }],
    ['last', { last: '1d' }],
    ['bucket', { bucket: '1h' }],
    ['bucket.every', { bucket: {} }],
    ['bucket.every', { bucket: { every: '1 hour' } }],
    ['bucket.zone', { bucket: { every: '1h', zone: 'Europe/Atlantis' } }],
    ['bucket.zone', { bucket: { every: '1h', zone: '+02:00' } }],
    ['bucket.from', { bucket: { every: '1h', from: 'x' } }],
    ['bucket', { bucket: { every: '1s' }, from: '2025-01-01T00:00:00Z' }],
    ['filters[0].dimension', { filters: [{ dimension: 'nope', values: ['x'] }] }],
    ['filters[0].operator', { filters: [{ dimension: 'service', operator: 'like', values: ['x'] }] }],
    ['filters[0].operator', { filters: [{ dimension: 'status', operator: 'contains', values: [2] }] }],
    ['filters[0].values', { filters: [{ dimension: 'service' }] }],
    ['filters[0].values[1]', { filters: [{ dimension: 'service', values: ['x', 1] }] }],
    ['filters[0].values[0]', { filters: [{ dimension: 'status', values: ['200'] }] }],
    ['filters[0].values[0]', { filters: [{ dimension: 'status', values: [200.5] }] }],
    ['filters[0].values[0]', { filters: [{ dimension: 'organization', values: ['SOUTH'] }] }],
    ['filters[0].values[0]', { filters: [{ dimension: 'organization', values: [1] }] }],
    ['order[0].by', { order: [{ by: 'bytes' }] }],
    ['order[0].by', { order: [{ by: 'bucket' }] }],
    ['order[0].direction', { order: [{ by: 'count', direction: 'up' }] }],
    ['limit', { limit: -1 }],
    ['limit', { limit: 1.5 }],
    ['limit', { limit: 1_000_000 }],
    ['offset', { offset: 'x' }],
    ['fill', { fill: 1 }],
    ['organizations[0]', { organizations: ['SOUTH'] }],
    ['organizations[1]', { organizations: ['NORTH', 'NOWHERE'] }],
    ['organizations', { organizations: [] }],
    ['organizations[0]', { organizations: ['GONE'] }],
    ['scope', { scope: { organizations: 'all' } }],
    ['rollups', { rollups: 'never' }],
  ])('is told the field %s', async (field, change) => {
    const reply = await north.send('/api/v1/query', { body: { ...good, ...change } });
    expect([reply.status, (reply.json as { field?: string }).field]).toEqual([400, field]);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test('gets problem details', async () => {
    expect(problem(await north.send('/api/v1/query', { body: { ...good, measures: ['count', 'visits'] } }))).toEqual({
      type: 'urn:tallyhouse:problem:invalid_field',
      title: 'Invalid field',
      status: 400,
      detail:
        '"measures[1]": unknown measure "visits"; there are count, rows, bytes, duration_ms, unique_users, unique_things, unique_ips, unique_urls.',
      field: 'measures[1]',
    });
  });

  test.each(['', 'null', '[]', '"x"', '{', '{"stream":"requests","stream":', '{"__proto__":{}}'])(
    '%s is refused',
    async (body) => {
      const reply = await north.send('/api/v1/query', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(reply.status).toBe(400);
    },
  );
});

test('a script that writes and then asks sees what it wrote', async () => {
  for (let round = 1; round <= 5; round += 1) {
    await north.count('requests', [{ time: '2026-11-20T10:00:00Z', service: 'own' }]);
    expect(
      await north.query({
        stream: 'requests',
        from: '2026-11-20T00:00:00Z',
        to: '2026-11-21T00:00:00Z',
        measures: ['count'],
        filters: [{ dimension: 'service', values: ['own'] }],
      }),
    ).toEqual([{ count: round }]);
  }
});
