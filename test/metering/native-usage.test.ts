import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../dialects/native/support/client.ts';
import { serviceCalls } from '../dialects/threescale/service/support/calls.ts';
import { directory } from '../dialects/threescale/service/support/directory.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Rows of usage through the native API behave like reported transactions (threescale.md appendix B 13). */
let server: TestServer;
let north: Client;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2024-03-09T10:15:05Z' });
  north = new Client(server.url, 'th_north');
});
afterAll(() => server.stop());
const { get } = serviceCalls(() => server.url);

const row = (application: number, metric: string, value: number, more: object = {}): object => ({
  time: '2024-03-09T10:15:00Z',
  product: 'weather',
  application,
  metric,
  value,
  ...more,
});

async function values(application: number): Promise<unknown> {
  return north.query({
    stream: 'usage',
    from: '2024-01-01T00:00:00Z',
    to: '2025-01-01T00:00:00Z',
    measures: ['value'],
    dimensions: ['metric'],
    filters: [{ dimension: 'application', operator: 'in', values: [application] }],
  });
}

async function limitsOf(userKey: string): Promise<string[]> {
  const { body } = await get('authorize', `service_token=st_weather&service_id=7&user_key=${userKey}`);
  const report = /<usage_report metric="(\w+)" period="(\w+)".*?<current_value>(\d+)<\/current_value>/g;
  return [...body.matchAll(report)].map(([, metric, period, value]) => `${metric} ${period} ${value}`);
}

test('methods add to their parents, and limits of the periods of the row’s own time advance', async () => {
  await north.count('usage', [
    row(41, 'search', 3, { code: 200 }),
    row(41, 'hits', 2),
    row(41, 'forecast', 1, { time: '2024-03-09T10:16:30Z' }),
    row(41, 'search', 4, { time: '2024-03-01T00:00:00Z' }),
    row(41, 'search', 5, { time: '2024-02-29T23:59:59Z' }),
    row(41, 'hits', 6, { time: '2024-05-01T00:00:00Z' }),
    row(41, 'bytes', 0),
  ]);
  expect(await values(41)).toEqual([
    { metric: 'bytes', value: 0 },
    { metric: 'forecast', value: 1 },
    { metric: 'hits', value: 21 },
    { metric: 'search', value: 12 },
  ]);
  expect(await limitsOf('uk_41')).toEqual(['hits eternity 21', 'hits day 6', 'hits minute 5', 'search month 7']);
});

test('limits that are used up that way refuse the next call', async () => {
  await north.count('usage', [row(43, 'search', 3)]);
  const call = 'service_token=st_weather&service_id=7&user_key=uk_43&usage[hits]=1';
  expect((await get('authrep', call)).status).toBe(409);
});

test('a row that is a repeat counts once in everything', async () => {
  const once = row(48, 'search', 1, { id: 'once' });
  for (let turn = 0; turn < 3; turn += 1) await north.send('/api/v1/facts/usage', { body: [once, once] });
  expect(await values(48)).toEqual([
    { metric: 'hits', value: 1 },
    { metric: 'search', value: 1 },
  ]);
  expect(await limitsOf('uk_48')).toEqual(['hits day 1']);
});

test('an export has what was sent, so that its import makes the same again', async () => {
  await north.count('usage', [row(47, 'search', 7, { code: 404, id: 'a' }), row(47, 'hits', 1)]);
  await north.query({ stream: 'usage', from: '2024-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z', measures: ['rows'] });
  const exported = await north.send(
    '/api/v1/export/usage?since=2024-01-01T00:00:00Z&until=2025-01-01T00:00:00Z&format=ndjson',
  );
  const rows = exported.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ application }) => application === 47);
  expect(
    rows
      .map(({ organization: _, ...rest }) => rest)
      .toSorted((a, b) => String(a['metric']).localeCompare(String(b['metric']))),
  ).toEqual([
    { time: '2024-03-09T10:15:00.000Z', product: 'weather', application: 47, metric: 'hits', value: 1 },
    {
      time: '2024-03-09T10:15:00.000Z',
      id: 'a',
      product: 'weather',
      application: 47,
      metric: 'search',
      value: 7,
      code: 404,
    },
  ]);
});

test('the mark of rows that were made cannot be sent', async () => {
  const { json } = await north.send('/api/v1/facts/usage', { body: [row(42, 'hits', 1, { inherited: 1 })] });
  expect(json).toMatchObject({ accepted: 0, rejected: [{ index: 0, field: 'inherited' }] });
});
