import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { authtokenOf, send, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let token = '';
beforeAll(async () => {
  const env = { TALLYHOUSE_CONTENTSTACK_RATE: '1000000', TALLYHOUSE_JOBS_ACTIVE: '10000' };
  server = await startServer({ directory: DIRECTORY, env });
  token = await authtokenOf(server.url, 'ada@north.example', 'correct-horse');
}, 60_000);
afterAll(() => server.stop());

const NAMES =
  'orgUid from to services duration includeCount includeTotalCount orderBy skip limit apiKey projectUid environmentUid httpStatusCode cache page x organization_uid'.split(
    ' ',
  );
const known = fc.constantFrom(
  'blt0000000000000001',
  '2024-01-01',
  '2024-03-01',
  '9999-12-31',
  '0000-01-01',
  '["cdn"]',
  '[',
  'cdn,cma',
  'launch',
  'day',
  'week',
  'month',
  'true',
  'false',
  '1',
  '-1',
  '0',
  '900',
  '2147483647',
  '2147483648',
  'bltstack00000001',
  'HIT',
  'MISS',
  '200',
  '__proto__',
  "'; --",
  '\0',
  '\ud83d',
  '[[]]',
  '[null]',
  '{}',
  '𝟙',
);
const text = fc.oneof(
  { weight: 4, arbitrary: known },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 2_000 }),
);
const encoded = text.map((value) => encodeURIComponent(Buffer.from(value).toString()));
const raw = fc.constantFrom('%', '%zz', '%ff%fe', '+', '&', '=', ';', '%2F', '%00');
const piece = fc.oneof({ weight: 6, arbitrary: encoded }, { weight: 1, arbitrary: raw });
const pairs = fc
  .array(fc.tuple(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...NAMES) }, piece), piece), { maxLength: 8 })
  .map((list) => list.map(([name, value]) => `${name}=${value}`).join('&'));

/** Errors have the one form, whatever the status. */
function expectAnswer(reply: Reply): void {
  expect(reply.status).toBeLessThan(500);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  if (reply.status === 200) return;
  expect(reply.json()).toEqual({
    error_message: expect.stringMatching(/./),
    error_code: expect.any(Number),
    errors: expect.any(Object),
  });
}

const READS = ['subscription', 'devices', 'usage', 'url', 'http-statuses', 'hit-miss-ratio', 'sdk'];

test('whatever is asked of the analytics is answered below 500 in the dialect’s form', async () => {
  const path = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...READS) },
    piece.map((id) => `job/${id}/data`),
    piece,
  );
  const good = 'orgUid=blt0000000000000001&from=2024-01-01&to=2024-01-09';
  await fc.assert(
    fc.asyncProperty(path, pairs, fc.boolean(), async (name, query, helped) => {
      const asked = helped ? `${good}&${query}` : query;
      expectAnswer(await send(server.url, `/analytics/v2/${name}?${asked}`, { headers: { authtoken: token } }));
    }),
    { numRuns: 400, seed: 20_261_101, endOnFailure: true },
  );
}, 120_000);

test('whatever is asked of the management calls is answered below 500 in the dialect’s form', async () => {
  const path = fc.oneof(
    fc.constantFrom('user', 'organizations', 'stacks', 'organizations/blt0000000000000001/stacks'),
    piece.map((uid) => `organizations/${uid}`),
    piece,
  );
  const prefix = fc.constantFrom('/v3', '/api/v3');
  const sent = fc.oneof(fc.constant(undefined), fc.stringMatching(/^[ -~]{0,40}$/));
  const window = fc
    .array(fc.tuple(fc.constantFrom('limit', 'skip', 'include_count', 'organization_uid'), piece), { maxLength: 3 })
    .map((list) => list.map(([name, value]) => `${name}=${value}`).join('&'));
  await fc.assert(
    fc.asyncProperty(prefix, path, window, sent, async (base, name, query, authtoken) => {
      const headers = { authtoken: authtoken ?? token };
      expectAnswer(await send(server.url, `${base}/${name}?${query}`, { headers }));
    }),
    { numRuns: 200, seed: 20_261_102, endOnFailure: true },
  );
}, 120_000);

test('whatever is sent to log in is answered below 500, and opens nothing', async () => {
  const body = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc
      .record({ user: fc.oneof(fc.jsonValue(), fc.record({ email: fc.jsonValue(), password: fc.jsonValue() })) })
      .map((value) => JSON.stringify(value)),
    text,
    fc.uint8Array({ maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(body, async (sent) => {
      const reply = await send(server.url, '/v3/user-session', { method: 'POST', body: sent });
      expect([400, 422]).toContain(reply.status);
      expectAnswer(reply);
    }),
    { numRuns: 200, seed: 20_261_103, endOnFailure: true },
  );
}, 120_000);
