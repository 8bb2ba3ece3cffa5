import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../support/postgres.ts';
import { startServer } from '../../support/server.ts';

const DIRECTORY = `
organizations:
  - {key: NORTH, name: North, native_keys: [{key: th_north_1, scopes: [ingest, read, admin]}]}
`;
const ROW = '[{"time":"2026-03-01T10:00:00Z","service":"weather"}]';
const NDJSON = `${JSON.stringify({ time: '2026-03-01T10:00:00Z', service: 'weather' })}\n`.repeat(10_000);

test('while the records store is away every request is put off, and none is taken for a bug of the server', async () => {
  const postgres = await startPostgres({ durable: true });
  onTestFinished(() => postgres.stop());
  const server = await startServer({
    directory: DIRECTORY,
    env: { TALLYHOUSE_RECORDS: await postgres.createDatabase() },
  });
  onTestFinished(async () => void (await server.stop()));
  const ask = async (path: string, key: string, init: RequestInit = {}): Promise<number> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers };
    const response = await fetch(`${server.url}/api/v1${path}`, { ...init, headers });
    await response.arrayBuffer();
    return response.status;
  };
  const send = { method: 'POST', body: ROW };
  const bulk = { method: 'POST', body: NDJSON, headers: { 'content-type': 'text/plain', 'idempotency-key': 'one' } };
  expect(await ask('/facts/requests', 'th_north_1', send)).toBe(200);

  await postgres.kill();
  expect(await ask('/whoami', 'th_nobody')).toBe(503);
  expect(await ask('/facts/requests', 'th_north_1', send)).toBe(503);
  expect(await ask('/facts/requests', 'th_north_1', bulk)).toBe(503);
  expect(await ask('/ledger', 'th_north_1')).toBe(503);
  expect(await ask('/audit', 'th_north_1')).toBe(503);
  expect(await ask('/organizations', 'th_north_1')).toBe(503);
  const packet = '{"auth":{"command":"api.authenticate","params":{"username":"a@b.example","password":"secret"}}}';
  const tr50 = await fetch(`${server.url}/api`, { method: 'POST', body: packet });
  expect(await tr50.json()).toMatchObject({ success: false, errorMessages: ['The store failed; try again later.'] });

  await postgres.start();
  await expect.poll(() => ask('/facts/requests', 'th_north_1', bulk), { timeout: 20_000 }).toBe(200);
  expect(await ask('/ledger', 'th_north_1')).toBe(200);
}, 120_000);
