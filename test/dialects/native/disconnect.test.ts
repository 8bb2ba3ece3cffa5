import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Sends a request and closes the connection after some milliseconds, whatever has come by then. */
async function leave(url: string, path: string, ms: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer th_north_all\r\n\r\n`);
  await sleep(ms);
  socket.destroy();
}

test('callers that leave before their answer are no failures, and nothing is done for them any more', async () => {
  const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_LOG: 'error' } });
  try {
    const north = new Client(server.url, 'th_north_all');
    const row = { time: '2026-11-21T10:00:00Z', service: 'x', url: '/some/path/of/a/length' };
    for (let n = 0; n < 5; n += 1)
      await north.count(
        'requests',
        Array.from({ length: 2_000 }, () => row),
      );
    const formats = ['csv', 'ndjson', 'parquet'];
    for (let ms = 0; ms < 60; ms += 2) {
      await leave(server.url, `/api/v1/export/requests?format=${formats[ms % 3]}`, ms);
      await leave(server.url, '/api/v1/live', ms % 4);
    }
    await expect
      .poll(async () => (await north.send('/metrics')).text, { timeout: 10_000 })
      .toMatch(/tallyhouse_facts_queries\{kind="streams",state="running"\} 0/);
    expect(server.output()).not.toContain('request failed');
  } finally {
    expect(await server.stop()).toBe(0);
  }
}, 60_000);
