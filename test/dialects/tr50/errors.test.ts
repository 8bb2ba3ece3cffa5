import { expect, test } from 'vitest';
import { startClickHouseBridge } from '../../support/clickhouse-http-bridge.ts';
import { startServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

test('7: when the analytics store fails, -99013 for that command, and the others are answered', async () => {
  // No question can be answered with so little memory.
  const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_QUERY_MEMORY: '1' } });
  try {
    const client = new Client(server.url);
    const sessionId = await client.login('ada@north.example', 'correct-horse');
    await client.count('th_north', [{ time: '2025-06-01T12:00:00Z', service: 'thing' }]);
    const window = { start: '2025-06-01T00:00:00Z', end: '2025-06-02T00:00:00Z' };
    const packet = {
      auth: { sessionId },
      a: { command: 'diag.ping' },
      b: { command: 'usage.api.history', params: window },
      c: { command: 'usage.api.history', params: { ...window, dimension: 'org' } },
      d: { command: 'diag.ping' },
    };
    const failed = { success: false, errorCodes: [-99013], errorMessages: [expect.stringContaining('store')] };
    expect(await client.packet(packet)).toEqual({ a: { success: true }, b: failed, c: failed, d: { success: true } });
  } finally {
    await server.stop();
  }
});

test('7: while the analytics store is away the other commands go on, and once it is back nothing is lost', async () => {
  const bridge = await startClickHouseBridge();
  try {
    const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_FACTS: bridge.url() } });
    try {
      const client = new Client(server.url);
      const sessionId = await client.login('ada@north.example', 'correct-horse');
      const window = { start: '2025-06-01T12:00:00-04:00', end: '2025-06-01T13:00:00-04:00' };
      const row = { time: '2025-06-01T16:30:00Z', service: 'thing' };
      const packet = {
        auth: { sessionId },
        a: { command: 'usage.api.history', params: window },
        b: { command: 'session.info' },
        c: { command: 'session.org.switch', params: { key: 'NORTH' } },
      };
      await client.count('th_north', [row]);
      expect(await client.packet(packet)).toMatchObject({ a: { params: { counters: { thing: [1] } } } });

      await bridge.kill();
      expect(await client.packet(packet)).toMatchObject({
        a: { success: false, errorCodes: [-99013], errorMessages: ['The analytics store failed; try again later.'] },
        b: { success: true },
        c: { success: true },
      });
      await client.count('th_north', [row]);

      await bridge.start();
      const deadline = performance.now() + 30_000;
      let reply: unknown;
      do reply = await client.packet(packet);
      while (!JSON.stringify(reply).includes('"total":2') && performance.now() < deadline);
      expect(reply).toMatchObject({ a: { params: { counters: { thing: [2] }, total: 2 } } });
    } finally {
      await server.stop();
    }
  } finally {
    await bridge.stop();
  }
}, 90_000);
