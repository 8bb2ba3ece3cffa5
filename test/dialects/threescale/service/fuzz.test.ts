import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { directory } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory });
});
afterAll(() => server.stop());

const CONTENT_TYPE = 'application/vnd.3scale-v2.0+xml';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    ' 7 ',
    '#5',
    '1e9',
    '9'.repeat(30),
    '\0',
    '\ud83d',
    '𝟙',
    '<a>',
    "'--",
    '1709973000',
    '2024-03-09 10:00:00',
  ),
  fc.string({ maxLength: 2000 }),
);
const value = fc.oneof(
  { weight: 6, arbitrary: text.map((each) => encodeURIComponent(Buffer.from(each).toString())) },
  { weight: 4, arbitrary: fc.constantFrom('st_weather', 'pk_north', '7', '8', 'uk_41', 'open', 'key-one', '1') },
  { weight: 1, arbitrary: fc.constantFrom('%', '%zz', '%ff', '+', '=', '%00', '\u00e9') },
);
const name = fc.oneof(
  fc.constantFrom(
    'service_token',
    'service_id',
    'provider_key',
    'user_key',
    'app_id',
    'app_key',
    'user_id',
    'referrer',
    'redirect_url',
    'no_body',
    'usage',
    'usage[hits]',
    'usage[search]',
    'usage[]',
    'usage[][x]',
    '[usage][hits]',
    'log',
    'log[code]',
    'transactions',
    'transactions[]',
    'transactions[0]',
    'transactions[0][user_key]',
    'transactions[0][usage]',
    'transactions[0][usage][hits]',
    'transactions[a][b][c][d]',
    'transactions[0][timestamp]',
    '__proto__[x]',
    'constructor[prototype][x]',
    '[',
    ']',
    '[]',
    '[][]',
    'a[',
    'a]b',
    `a${'[b]'.repeat(50)}`,
  ),
  text.map((each) => encodeURIComponent(Buffer.from(each).toString())),
);
const pair = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(name, value).map(([left, right]) => `${left}=${right}`) },
  { weight: 1, arbitrary: name },
);
/** Often with credentials and an application that are right, so that what comes after them is reached. */
const form = fc
  .tuple(
    fc.constantFrom(
      '',
      'service_token=st_weather&service_id=7',
      'service_token=st_weather&service_id=7&user_key=uk_41',
      'provider_key=pk_north&service_id=8&app_id=open',
    ),
    fc.array(pair, { maxLength: 12 }),
  )
  .map(([start, pairs]) => [start, ...pairs].join('&'));

const call = fc.constantFrom('authorize', 'authrep', 'oauth_authorize', 'oauth_authrep');
const options = fc.oneof(
  fc.constant(''),
  fc.constantFrom('no_body=1', 'limit_headers=1&hierarchy=1', '%', 'list_app_keys=1', '[]=1'),
);

const STATUSES = new Set([200, 202, 400, 403, 404, 409, 422]);

test('nothing that is asked of /transactions breaks it', async () => {
  await fc.assert(
    fc.asyncProperty(call, form, options, async (name_, query, header) => {
      const response = await fetch(`${server.url}/transactions/${name_}.xml?${query.replace(/#/g, '%23')}`, {
        headers: { '3scale-options': header },
      });
      await response.text();
      expect(STATUSES).toContain(response.status);
      expect(response.headers.get('content-type')).toBe(CONTENT_TYPE);
    }),
    { numRuns: 150, seed: 20_240_309 },
  );
});

test('nothing that is reported breaks it', async () => {
  const types = fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'application/json',
    'text',
    ';;',
  );
  const bodies = fc.oneof(
    { weight: 5, arbitrary: form.map((each) => Buffer.from(each, 'latin1')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.tuple(name, text), { maxLength: 5 })
        .map((fields) =>
          Buffer.from(
            `${fields.map(([left, right]) => `--x\r\nContent-Disposition: form-data; name="${left}"\r\n\r\n${right}\r\n`).join('')}--x--\r\n`,
          ),
        ),
    },
  );
  await fc.assert(
    fc.asyncProperty(types, bodies, form, async (type, body, query) => {
      const response = await fetch(`${server.url}/transactions.xml?${query.replace(/#/g, '%23')}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      await response.text();
      expect(STATUSES).toContain(response.status);
      expect(response.headers.get('content-type')).toBe(CONTENT_TYPE);
    }),
    { numRuns: 150, seed: 20_240_310 },
  );
});
