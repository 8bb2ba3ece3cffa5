import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, FORM, JSON_TYPE, send, tokens } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' } });
  token = (await tokens(server.url, DANA)).access_token;
}, 60_000);
afterAll(() => server.stop());

/** Text as clients mistype and attackers type it, encoded for a URL or raw. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '1h',
    '99999M',
    '2018-03-01',
    '9999-12-31T23:59:59.999',
    '0000-01-01',
    'UTC',
    "'; --",
    '\0',
    '\ud83d',
    '𝟙h',
    '../..',
  ),
  fc.string({ maxLength: 3000 }),
);
const encoded = text.map((value) => encodeURIComponent(Buffer.from(value).toString()));
const raw = fc.constantFrom('%', '%zz', '%ff%fe', '+', '&', '=', ';', '%2F', '%00');
const piece = fc.oneof({ weight: 5, arbitrary: encoded }, { weight: 1, arbitrary: raw });

const name = fc.constantFrom(
  'grant_type',
  'client_id',
  'client_secret',
  'username',
  'password',
  'refresh_token',
  'scope',
  'x',
);
const known = fc.constantFrom(
  'password',
  'refresh_token',
  'client_credentials',
  'scripts',
  'server',
  's3cret-of-server',
  'read',
  'dana@museum.example',
);
const form = fc
  .array(fc.tuple(name, fc.oneof(known, piece)), { maxLength: 8 })
  .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));

test('whatever is sent to the token endpoints is answered below 500 and with an OAuth error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/o/token/', '/o/revoke_token'),
      form,
      fc.option(fc.base64String({ maxLength: 80 })),
      async (path, body, basic) => {
        const headers = { ...FORM, ...(basic === null ? {} : { authorization: `Basic ${basic}` }) };
        const reply = await send(server.url, path, { method: 'POST', headers, body });
        expect(reply.status).toBeLessThan(500);
        if (reply.status !== 200) expect(reply.json()).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) });
      },
    ),
    { numRuns: 300, seed: 20_260_301, endOnFailure: true },
  );
}, 120_000);

test('whatever is asked of the API is answered below 500 and as JSON', async () => {
  const query = fc
    .array(fc.tuple(fc.constantFrom('start', 'end', 'timezone', 'x'), piece), { maxLength: 5 })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
  const path = fc.oneof(
    fc.tuple(piece, piece).map(([array, bucket]) => `/aggregate/${array}/visits/${bucket}`),
    fc.tuple(fc.constant('1AMDK'), piece).map(([array, bucket]) => `/aggregate/${array}/visits/${bucket}`),
    fc.constant('/aggregate/1AMDK/visits/1d'),
    fc.tuple(fc.constantFrom('deployment', 'array', 'device'), piece).map(([kind, key]) => `/${kind}/${key}`),
    piece.map((rest) => `/${rest}`),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/v1', '/v2'), path, query, async (version, rest, asked) => {
      const reply = await send(server.url, `${version}${rest}?${asked}`, { headers: bearer(token) });
      expect(reply.status).toBeLessThan(500);
      reply.json();
    }),
    { numRuns: 300, seed: 20_260_302, endOnFailure: true },
  );
}, 120_000);

test('whatever is sent as a change is answered below 500', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json({ maxDepth: 3 }),
        fc
          .record({ name: fc.oneof(text, fc.jsonValue()), timezone: fc.oneof(text, fc.jsonValue()) })
          .map((value) => JSON.stringify(value)),
        text,
      ),
      async (body) => {
        const reply = await send(server.url, '/v2/deployment/7QX2B', {
          method: 'PATCH',
          headers: { ...JSON_TYPE, ...bearer(token) },
          body,
        });
        expect([200, 400]).toContain(reply.status);
      },
    ),
    { numRuns: 200, seed: 20_260_303, endOnFailure: true },
  );
}, 120_000);
