import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../dialects/native/support/client.ts';
import { startClickHouseBridge } from '../support/clickhouse-http-bridge.ts';
import { startPostgres } from '../support/postgres.ts';
import { startServer, type TestServer } from '../support/server.ts';

const DIRECTORY = `
organizations:
  - {key: NORTH, name: North, native_keys: [{key: th_north, scopes: [ingest, read]}]}
`;
const COUNT = { stream: 'requests', from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', measures: ['count'] };

function row(id: string): object {
  return { id, time: '2026-03-01T10:00:00Z', service: 'cdn' };
}

test('two nodes on one pair of stores: each reads what the other took, a repeat counts once, and one takes over from the other', async () => {
  const postgres = await startPostgres({ durable: true });
  onTestFinished(() => postgres.stop());
  const bridge = await startClickHouseBridge();
  onTestFinished(() => bridge.stop());
  const env = { TALLYHOUSE_RECORDS: await postgres.createDatabase(), TALLYHOUSE_FACTS: bridge.url() };
  const start = async (options: { directory?: string }): Promise<TestServer> => {
    const server = await startServer({ ...options, env });
    onTestFinished(async () => void (await server.stop()));
    return server;
  };
  const first = await start({ directory: DIRECTORY });
  const second = await start({});
  const a = new Client(first.url, 'th_north');
  const b = new Client(second.url, 'th_north');

  for (let n = 0; n < 10; n += 1) {
    const [writer, reader] = n % 2 === 0 ? [a, b] : [b, a];
    await writer.count('requests', [row(`turn ${n}`)]);
    expect(await reader.query(COUNT)).toEqual([{ count: n + 1 }]);
  }

  const same = { body: [row('same 1'), row('same 2')], headers: { 'idempotency-key': 'once' } };
  const replies = await Promise.all([a, b, a, b].map((client) => client.send('/api/v1/facts/requests', same)));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(replies.map(({ json }) => (json as { accepted: number }).accepted).sort((x, y) => x - y)).toEqual([
    0, 0, 0, 2,
  ]);

  // Both send all ids; one of the two dies in the middle.
  const acknowledged = new Set<string>();
  const load = async (client: Client): Promise<void> => {
    for (let n = 0; n < 60; n += 1) {
      const ids = Array.from({ length: 50 }, (_, index) => `load ${n * 50 + index}`);
      const reply = await client.send('/api/v1/facts/requests', { body: ids.map(row) }).catch(() => null);
      if (reply?.status === 200) for (const id of ids) acknowledged.add(id);
    }
  };
  const loads = [load(a), load(b)];
  await sleep(400);
  await first.kill();
  await Promise.all(loads);
  expect(acknowledged.size).toBe(3_000);
  // What the dead node had begun to insert is its own until its lease ends.
  await expect.poll(() => b.query(COUNT), { timeout: 45_000, interval: 1_000 }).toEqual([{ count: 3_012 }]);
  await sleep(2_000);
  expect(await b.query(COUNT)).toEqual([{ count: 3_012 }]);
}, 180_000);
