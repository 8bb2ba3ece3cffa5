import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../native/support/client.ts';
import { startServer, type TestServer } from '../../../support/server.ts';
import { serviceCalls, type Answered } from './support/calls.ts';
import { directory } from './support/directory.ts';

let server: TestServer;
let north: Client;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2024-03-09T10:15:05Z' });
  north = new Client(server.url, 'th_north');
});
afterAll(() => server.stop());

const { send, get, report } = serviceCalls(() => server.url);
const WEATHER = 'service_token=st_weather&service_id=7';
const MAPS = 'service_token=st_maps&service_id=8';

/** Form of transactions by label, each the rest of its names: `transactions[0][usage][hits]=1`. */
function batch(transactions: Readonly<Record<string, Readonly<Record<string, string | number>>>>): string {
  return Object.entries(transactions)
    .flatMap(([label, fields]) =>
      Object.entries(fields).map(
        ([name, value]) => `transactions[${label}]${name}=${encodeURIComponent(String(value))}`,
      ),
    )
    .join('&');
}

interface UsageRow {
  readonly metric: string;
  readonly value: number;
  readonly rows: number;
}

/** What the facts have of an application, by metric, or by status of the calls. */
async function usageOf(application: number, by: 'metric' | 'code' = 'metric'): Promise<unknown> {
  return north.query({
    stream: 'usage',
    from: '2024-01-01T00:00:00Z',
    to: '2024-12-31T00:00:00Z',
    measures: by === 'metric' ? ['value'] : ['rows'],
    dimensions: [by],
    filters: [{ dimension: 'application', operator: 'in', values: [application] }],
  });
}

async function errorsOf(service: number): Promise<{ code: string; message: string }[]> {
  const { body } = await send(`/admin/api/services/${service}/errors.json?provider_key=pk_north`);
  return (JSON.parse(body) as { errors: { code: string; message: string }[] }).errors;
}

function accepted(answered: Answered): void {
  expect([answered.status, answered.body]).toEqual([202, '']);
}

describe('a report', () => {
  test('is counted: methods with their parents, one call for each status', async () => {
    accepted(
      await report(
        `${WEATHER}&${batch({
          0: { '[user_key]': 'uk_42', '[usage][hits]': 2, '[usage][search]': 5, '[log][code]': 200 },
          7: { '[user_key]': 'uk_42', '[usage][search]': 1, '[log][code]': '404' },
          label: { '[user_key]': 'uk_42', '[usage][bytes]': 1024, '[log][code]': '2000', '[log][request]': 'x' },
          none: { '[user_key]': 'uk_42', '[log][code]': 500 },
          zero: { '[user_key]': 'uk_42', '[usage][hits]': 0, '[log][code]': 500 },
          text: { '[user_key]': 'uk_42', '[usage][hits]': ' 3 ', '[log]': 'a text' },
        })}`,
      ),
    );
    expect(await usageOf(42)).toEqual([
      { metric: 'bytes', value: 1024 },
      { metric: 'hits', value: 11 },
      { metric: 'search', value: 6 },
    ] satisfies Omit<UsageRow, 'rows'>[]);
    const codes = (await usageOf(42, 'code')) as { code: number | null; rows: number }[];
    expect(codes.filter(({ code }) => code !== null)).toEqual([
      { code: 200, rows: 1 },
      { code: 404, rows: 1 },
    ]);
  });

  test('reaches limits, also beyond them, of applications in any state', async () => {
    accepted(
      await report(
        `${WEATHER}&${batch({
          a: { '[user_key]': 'uk_43', '[usage][search]': 2 },
          b: { '[user_key]': 'uk_44', '[usage][hits]': 9 },
          c: { '[user_key]': 'uk_43', '[usage][hits]': 2 },
        })}`,
      ),
    );
    expect((await get('authorize', `${WEATHER}&user_key=uk_43`)).body).toContain('<current_value>4</current_value>');
    expect((await get('authorize', `${WEATHER}&user_key=uk_44`)).body).toContain('<current_value>9</current_value>');
  });

  test('with everything in the query and no body', async () => {
    const query = `?${MAPS}&transactions%5B0%5D%5Bapp_id%5D=open&transactions%5B0%5D%5Busage%5D%5Btile%5D=4`;
    accepted(await send(`/transactions.xml${query}`, { method: 'POST' }));
    expect(await usageOf(51)).toEqual([
      { metric: 'hits', value: 4 },
      { metric: 'tile', value: 4 },
    ]);
  });

  test('with credentials in the query and a multipart body', async () => {
    const form = new FormData();
    form.append('transactions[0][app_id]', 'keyed');
    form.append('transactions[0][usage][hits]', '6');
    form.append('a file', new Blob(['x'.repeat(100)]), 'x.txt');
    accepted(await send(`/transactions.xml?${MAPS}`, { method: 'POST', body: form }));
    expect(await usageOf(52)).toEqual([{ metric: 'hits', value: 6 }]);
  });

  test('flat_usage leaves the parents alone', async () => {
    const body = `${MAPS}&${batch({ 0: { '[app_id]': 'filtered', '[usage][tile]': 4 } })}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', '3scale-options': 'flat_usage=1' };
    accepted(await send('/transactions.xml', { method: 'POST', headers, body }));
    expect(await usageOf(53)).toEqual([{ metric: 'tile', value: 4 }]);
  });

  test('of a thousand transactions, five parameters each', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [
        index,
        {
          '[user_key]': 'uk_41',
          '[usage][hits]': 1,
          '[usage][search]': 2,
          '[timestamp]': '2024-03-09 10:00:00',
          '[log][code]': 200,
        },
      ]),
    );
    accepted(await report(`${WEATHER}&${batch(many)}`));
    expect(await usageOf(41)).toEqual([
      { metric: 'hits', value: 3000 },
      { metric: 'search', value: 2000 },
    ]);
    expect(await usageOf(41, 'code')).toContainEqual({ code: 200, rows: 1000 });
  });

  test.each([
    ['of UTC', '2024-03-09 08:30:00', '2024-03-09T08:00:00Z'],
    ['with UTC said', '2024-03-09 08:30:00 UTC', '2024-03-09T08:00:00Z'],
    ['with an offset', '2024-03-09 10:30:00 +0200', '2024-03-09T08:00:00Z'],
    ['with an offset and a colon', '2024-03-09 06:30:00 -02:00', '2024-03-09T08:00:00Z'],
    ['of ISO 8601', '2024-03-09T08:30:00Z', '2024-03-09T08:00:00Z'],
    ['in seconds', '1709973000', '2024-03-09T08:00:00Z'],
    ['blank', '', '2024-03-09T10:00:00Z'],
    ['unreadable', 'yesterday', '2024-03-09T10:00:00Z'],
    ['of no day', '2024-02-31 08:00:00', '2024-03-09T10:00:00Z'],
  ])('a timestamp %s', async (_name, timestamp, hour) => {
    const before = await hours();
    accepted(
      await report(`${MAPS}&${batch({ 0: { '[app_id]': 'strict', '[usage][hits]': 1, '[timestamp]': timestamp } })}`),
    );
    const after = await hours();
    expect(after.get(hour)).toBe((before.get(hour) ?? 0) + 1);
  });

  async function hours(): Promise<Map<string, number>> {
    const rows = (await north.query({
      stream: 'usage',
      from: '2024-03-08T00:00:00Z',
      to: '2024-03-10T00:00:00Z',
      bucket: { every: '1h', zone: 'UTC' },
      measures: ['value'],
      filters: [
        { dimension: 'application', operator: 'in', values: [54] },
        { dimension: 'metric', operator: 'in', values: ['hits'] },
      ],
    })) as { bucket: string; value: number }[];
    return new Map(rows.map(({ bucket, value }) => [bucket.replace('+00:00', 'Z'), value]));
  }
});

describe('a report with a mistake is answered 202, dropped whole, and leaves an integration error', () => {
  const good = { '[user_key]': 'uk_47', '[usage][hits]': 1 };
  test.each([
    [
      'unknown user key',
      { '[user_key]': 'nobody<', '[usage][hits]': 1 },
      'user_key_invalid',
      'user key "nobody<" is invalid',
    ],
    ['no user key', { '[usage][hits]': 1 }, 'user_key_invalid', 'user key is missing'],
    [
      'app id where user keys are',
      { '[app_id]': 'open', '[usage][hits]': 1 },
      'application_not_found',
      'application with id="open" was not found',
    ],
    [
      'both names',
      { '[app_id]': 'open', '[user_key]': 'uk_47', '[usage][hits]': 1 },
      'authentication_error',
      'either app_id or user_key is allowed, not both',
    ],
    [
      'an unknown application without usage',
      { '[user_key]': 'nobody' },
      'user_key_invalid',
      'user key "nobody" is invalid',
    ],
    [
      'unknown metric',
      { '[user_key]': 'uk_47', '[usage][clicks\u0000]': 1 },
      'metric_invalid',
      'metric "clicks\ufffd" is invalid',
    ],
    [
      'bad value',
      { '[user_key]': 'uk_47', '[usage][hits]': 'x' },
      'usage_value_invalid',
      'usage value "x" for metric "hits" is invalid',
    ],
    [
      'a value to be set',
      { '[user_key]': 'uk_47', '[usage][hits]': '#5' },
      'usage_value_invalid',
      'usage value "#5" for metric "hits" is invalid',
    ],
    [
      'empty value',
      { '[user_key]': 'uk_47', '[usage][hits]': '' },
      'usage_value_invalid',
      'usage value for metric "hits" can not be empty',
    ],
    [
      'older than a day',
      { '[user_key]': 'uk_47', '[usage][hits]': 1, '[timestamp]': '2024-03-08 10:15:04' },
      'transaction_timestamp_too_old',
      'reporting transactions older than 86400 seconds is not allowed',
    ],
    [
      'more than an hour ahead',
      { '[user_key]': 'uk_47', '[usage][hits]': 1, '[timestamp]': '2024-03-09 13:15:00' },
      'transaction_timestamp_too_new',
      'reporting transactions more than 3600 seconds in the future is not allowed',
    ],
  ])('%s', async (_name, bad, code, message) => {
    const kept = (await errorsOf(7)).length;
    accepted(await report(`${WEATHER}&${batch({ first: good, bad, last: good })}`));
    const errors = await errorsOf(7);
    expect(errors).toHaveLength(kept + 1);
    expect(errors[0]).toMatchObject({ code, message });
    expect(await usageOf(47)).toEqual([]);
  });

  test('an application of which only usage of 0 is told need not exist', async () => {
    const kept = (await errorsOf(7)).length;
    accepted(await report(`${WEATHER}&${batch({ 0: { '[user_key]': 'nobody', '[usage][clicks]': 0 } })}`));
    expect(await errorsOf(7)).toHaveLength(kept);
  });

  test('the newest come first, and other tenants see none', async () => {
    const { body } = await send('/admin/api/services/7/errors.json?provider_key=pk_north');
    const { errors, count } = JSON.parse(body) as { errors: { timestamp: string }[]; count: number };
    expect(count).toBe(errors.length);
    expect(errors.map(({ timestamp }) => timestamp)).toEqual(
      errors
        .map(({ timestamp }) => timestamp)
        .toSorted()
        .toReversed(),
    );
    expect(errors[0]?.timestamp).toMatch(/^2024-03-09T10:15:\d\dZ$/);
    expect(await errorsOf(8)).toEqual([]);
    expect((await send('/admin/api/services/7/errors.json?provider_key=pk_south')).status).toBe(404);
  });
});
