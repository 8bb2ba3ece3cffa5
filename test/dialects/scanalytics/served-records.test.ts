import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { bearer, DANA, postForm, send, tokens, type Tokens } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Two nodes on one PostgreSQL. */
let postgres: TestPostgres;
const nodes: TestServer[] = [];
beforeAll(async () => {
  // Durable, because a power cut must not take what was answered.
  postgres = await startPostgres({ durable: true });
  const env = { TALLYHOUSE_RECORDS: await postgres.createDatabase() };
  nodes.push(await startServer({ env, directory: DIRECTORY }), await startServer({ env }));
}, 120_000);
afterAll(async () => {
  for (const node of nodes) await node.stop();
  await postgres.stop();
});

const urlOf = (node: number): string => nodes[node % 2]?.url ?? '';
const refresh = (node: number, { refresh_token }: Tokens): Promise<{ status: number; text: string }> =>
  postForm(urlOf(node), '/o/token/', `grant_type=refresh_token&client_id=scripts&refresh_token=${refresh_token}`);

test('of 20 refreshes at once on two nodes exactly one wins, and its token works on both (contract 3.5)', async () => {
  let pair = await tokens(urlOf(0), DANA);
  for (let round = 0; round < 5; round += 1) {
    const old = pair;
    const replies = await Promise.all(Array.from({ length: 20 }, (_, node) => refresh(node, old)));
    const winners = replies.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    const errors = replies.filter(({ status }) => status !== 200).map(({ text }) => JSON.parse(text) as object);
    for (const error of errors) expect(error).toMatchObject({ error: 'invalid_grant' });
    pair = JSON.parse(winners[0]?.text ?? '') as Tokens;
    for (const node of [0, 1]) {
      expect((await send(urlOf(node), '/v2/whoami', { headers: bearer(pair.access_token) })).status).toBe(200);
      expect((await send(urlOf(node), '/v2/whoami', { headers: bearer(old.access_token) })).status).toBe(401);
    }
  }
});

test('a token revoked on one node is dead on the other at once (contract 3.7)', async () => {
  const { access_token } = await tokens(urlOf(0), DANA);
  expect((await send(urlOf(1), '/v2/whoami', { headers: bearer(access_token) })).status).toBe(200);
  await postForm(urlOf(0), '/o/revoke_token/', `client_id=scripts&token=${access_token}`);
  expect((await send(urlOf(1), '/v2/whoami', { headers: bearer(access_token) })).status).toBe(401);
});

test('without the store the answers are 503, and a refresh token is not used up (contract 3.5, 3.6)', async () => {
  const pair = await tokens(urlOf(0), DANA);
  await postgres.kill();
  const refused = await postForm(
    urlOf(0),
    '/o/token/',
    `grant_type=refresh_token&client_id=scripts&refresh_token=${pair.refresh_token}`,
  );
  expect([refused.status, refused.json()]).toMatchObject([503, { error: 'temporarily_unavailable' }]);
  expect(refused.headers['cache-control']).toBe('no-store');
  const read = await send(urlOf(0), '/v2/whoami', { headers: bearer(pair.access_token) });
  expect([read.status, read.json()]).toEqual([503, { detail: 'Temporarily unavailable; try again later.' }]);
  expect((await send(urlOf(0), '/o/applications/', { headers: { cookie: 'tallyhouse_console=x' } })).status).toBe(503);
  await postgres.start();
  for (let tries = 0; ; tries += 1) {
    const again = await refresh(0, pair);
    if (again.status === 200) break;
    expect(again.status).toBe(503);
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}, 60_000);
