import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, postForm, send, tokens, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer({ directory: DIRECTORY });
}, 60_000);
afterEach(() => server.stop());

const RAE = 'grant_type=password&client_id=scripts&username=rae@museum.example&password=rae-runs-fast';
const LIMITED = 'grant_type=client_credentials&client_id=limited&client_secret=s3cret-of-limited';

async function statuses(count: number, ask: () => Promise<Reply>): Promise<Record<number, number>> {
  const counted: Record<number, number> = {};
  for (let request = 0; request < count; request += 1) {
    const { status } = await ask();
    counted[status] = (counted[status] ?? 0) + 1;
  }
  return counted;
}

function expectThrottled(reply: Reply): void {
  expect(reply.status).toBe(429);
  const seconds = Number(reply.headers['retry-after']);
  expect(Number.isInteger(seconds)).toBe(true);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(reply.json()).toEqual({ detail: `Request was throttled. Expected available in ${seconds} seconds.` });
}

test('180 requests of a user pass in a minute, over all tokens, versions and answers, and the next is 429', async () => {
  const first = await tokens(server.url, RAE);
  const second = await tokens(server.url, RAE.replace('scripts', 'other-scripts'));
  const get = (path: string, token: string) => (): Promise<Reply> => send(server.url, path, { headers: bearer(token) });
  expect(await statuses(100, get('/v2/whoami', first.access_token))).toEqual({ 200: 100 });
  expect(await statuses(30, get('/v1/nope', second.access_token))).toEqual({ 404: 30 });
  const write = (): Promise<Reply> =>
    send(server.url, '/v2/array/1AMDK', { method: 'PATCH', headers: bearer(second.access_token), body: '{}' });
  expect(await statuses(49, write)).toEqual({ 403: 49 });
  // A refreshed token does not begin anew, and /o/ is outside of the budget.
  const refreshed = await tokens(
    server.url,
    `grant_type=refresh_token&client_id=scripts&refresh_token=${first.refresh_token}`,
  );
  expect(await statuses(1, get('/v2/whoami', refreshed.access_token))).toEqual({ 200: 1 });
  expectThrottled(await get('/v2/whoami', refreshed.access_token)());
  expectThrottled(await get('/v1/nope', second.access_token)());
  expect((await postForm(server.url, '/o/token/', RAE)).status).toBe(200);

  // The application of the same user has a budget of its own, and so have others.
  const application = await tokens(server.url, LIMITED);
  expect((await get('/v2/whoami', application.access_token)()).status).toBe(200);
  expect((await get('/v2/whoami', (await tokens(server.url, DANA)).access_token)()).status).toBe(200);
}, 60_000);

test('the 21st anonymous request of a minute is 429, not 401, and wrong tokens are anonymous', async () => {
  const anonymous = (): Promise<Reply> => send(server.url, '/v2/whoami');
  const wrong = (): Promise<Reply> => send(server.url, '/v2/whoami', { headers: bearer('bogus') });
  expect(await statuses(10, anonymous)).toEqual({ 401: 10 });
  expect(await statuses(5, wrong)).toEqual({ 401: 5 });
  expect(await statuses(5, () => send(server.url, '/v2/nope'))).toEqual({ 404: 5 });
  expectThrottled(await anonymous());
  expectThrottled(await wrong());
  const { access_token } = await tokens(server.url, DANA);
  expect((await send(server.url, '/v2/whoami', { headers: bearer(access_token) })).status).toBe(200);
});
