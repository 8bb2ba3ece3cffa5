import { expect, test } from 'vitest';
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
