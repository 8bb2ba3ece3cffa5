import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../support/random.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, send, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { noise } from './support/noise.ts';

const REQUESTS = 10_000;
const AT_ONCE = 16;
const SEED = 50;

let server: TestServer;
let client: Client;
let sessionId: string;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_LOG: 'error' } });
  client = new Client(server.url);
  sessionId = await client.login('ada@north.example', 'correct-horse');
  await client.count('th_north', [{ time: '2014-03-27T00:00:00Z', service: 'thing' }]);
});
afterAll(() => server.stop());

/** What is wrong with an answer, or null. */
function faultOf({ status, headers, text }: Reply, method: string): string | null {
  if (status !== 200 && status !== 405 && status !== 413) return `status ${status}`;
  if ((status === 405) !== (method !== 'POST')) return `status ${status} for ${method}`;
  if (headers['content-type'] !== 'application/json; charset=utf-8') return `type ${String(headers['content-type'])}`;
  if (method === 'HEAD') return null;
  try {
    const reply: unknown = JSON.parse(text);
    return typeof reply === 'object' && reply !== null && !Array.isArray(reply) ? null : 'no object';
  } catch {
    return 'no JSON';
  }
}

test(`${REQUESTS} random requests: 200, 405 or 413, valid JSON, nobody waits, and the server is well afterwards`, async () => {
  const random = new Random(SEED);
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  let slowestMs = 0;
  let left = REQUESTS;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const post = noise(random, sessionId);
      const sent = performance.now();
      const reply = await send(server.url, post).catch((error: Error): Reply => ({
        status: 0,
        headers: {},
        text: error.message,
      }));
      slowestMs = Math.max(slowestMs, performance.now() - sent);
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
      const fault = faultOf(reply, post.method ?? 'POST');
      if (fault !== null) faults.push(`${fault}: ${JSON.stringify(post).slice(0, 500)} -> ${reply.text.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  expect(faults.slice(0, 5)).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS * 0.9);
  expect(statuses.get(405)).toBeGreaterThan(100);
  expect(statuses.get(413)).toBeGreaterThan(0);
  // Nothing hung.
  expect(slowestMs).toBeLessThan(10_000);
  // Nothing of it was a failure of ours, and the session still works.
  expect(server.output()).not.toMatch(/"level":(50|60)/);
  const window = { start: '2014-03-27T00:00:00Z', end: '2014-03-28T00:00:00Z' };
  const fresh = await client.login('ada@north.example', 'correct-horse');
  expect(await client.call(fresh, 'usage.api.history', window)).toMatchObject({ success: true, params: { total: 1 } });
}, 120_000);
