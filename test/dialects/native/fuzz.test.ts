import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';
import { malformedRequest, type FuzzedRequest } from './support/malformed.ts';
import { Random } from '../../support/random.ts';

/** Design 9: fuzzed input never gives a 5xx or a hang, and loses nothing else. */
const SEED = 20_261_121;
const REQUESTS = 10_000;
const AT_ONCE = 16;
/** An answer later than this is a hang; the machine may be busy. */
const ANSWER_MS = 20_000;

let server: TestServer;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  server = await startServer({
    directory: DIRECTORY,
    clock: '2026-11-21T12:00:00Z',
    env: { TALLYHOUSE_BODY_BYTES: '1M' },
  });
});
afterAll(async () => {
  agent.destroy();
  await server.stop();
});

function send({ method, path, headers, body }: FuzzedRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(server.url), { agent, method, path, headers, timeout: ANSWER_MS }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      incoming.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });
}

test(
  `${REQUESTS} requests that are wrong get no server error, and the right ones between them are counted`,
  { timeout: 180_000 },
  async () => {
    const random = new Random(SEED);
    const statuses = new Map<number, number>();
    let good = 0;
    const numbers = Array.from({ length: REQUESTS }, (_, index) => index + 1).values();

    const one = async (number: number): Promise<void> => {
      if (number % 10 === 0) {
        const rows = Array.from({ length: 1 + random.below(5) }, (_, index) => ({
          id: `${number}-${index}`,
          time: '2026-11-21T10:00:00Z',
          service: 'good',
        }));
        good += rows.length;
        const reply = await send({
          method: 'POST',
          path: '/api/v1/facts/requests',
          headers: { authorization: 'Bearer th_north_ingest', 'content-type': 'application/json' },
          body: Buffer.from(JSON.stringify(rows)),
        });
        expect(reply).toEqual({ status: 200, text: `{"accepted":${rows.length},"duplicate":0,"rejected":[]}` });
        return;
      }
      const asked = malformedRequest(random);
      const context = `seed ${SEED}, request ${number}: ${asked.method} ${asked.path} ${JSON.stringify(asked.headers)} ${asked.body?.toString('latin1').slice(0, 500)}`;
      const { status, text } = await send(asked).catch((error: unknown) => {
        throw new Error(context, { cause: error });
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 || status < 200) throw new Error(`${status} ${text}\n${context}`);
      // Whatever was refused has its reason in the right form.
      if (status >= 400 && text !== '' && !/"(status|rejected|statusCode)":/.test(text)) {
        throw new Error(`no reason: ${status} ${text}\n${context}`);
      }
    };
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const number of numbers) await one(number);
      }),
    );

    // The mixture has to reach all kinds of answers, or it tests nothing.
    for (const status of [200, 400, 401, 403, 404, 405, 409, 415, 422])
      expect([status, statuses.get(status) ?? 0]).not.toEqual([status, 0]);
    const client = new Client(server.url, 'th_north_all');
    const query = {
      stream: 'requests',
      last: '1d',
      measures: ['rows'],
      filters: [{ dimension: 'service', values: ['good'] }],
    };
    expect(await client.query(query)).toEqual([{ rows: good }]);
    const { rows } = (await client.send('/api/v1/ledger?limit=1000&descendants=true')).json as { rows: LedgerRow[] };
    for (const { received, accepted, duplicate, rejected } of rows) {
      expect(received).toBe(accepted + duplicate + Object.values(rejected).reduce((sum, count) => sum + count, 0));
    }
    expect(server.output()).not.toMatch(/request failed/);
  },
);

interface LedgerRow {
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: Readonly<Record<string, number>>;
}

test(
  'bytes that are no HTTP, and requests that stop in the middle, harm nobody else',
  { timeout: 60_000 },
  async () => {
    const random = new Random(SEED);
    const { port } = new URL(server.url);
    const pieces = [
      'POST /api/v1/facts/requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer th_north_all\r\n',
      'Content-Length: 10\r\n\r\n{"a"',
      'Content-Length: -1\r\n\r\n',
      'Content-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      'Transfer-Encoding: chunked\r\n\r\nzz\r\n',
      'Transfer-Encoding: chunked\r\n\r\n5\r\n[',
      'Expect: 100-continue\r\nContent-Length: 5\r\n\r\n',
      '\r\n\r\n\r\n',
      `X: ${'y'.repeat(40_000)}\r\n\r\n`,
    ];
    const harass = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          const length = 1 + random.below(3);
          for (let index = 0; index < length; index += 1) {
            socket.write(random.chance(0.3) ? random.bytes(random.below(300)) : random.pick(pieces));
          }
          setTimeout(() => socket.destroy(), random.below(50));
        });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      });
    for (let round = 0; round < 30; round += 1) await Promise.all(Array.from({ length: 10 }, harass));
    const reply = await new Client(server.url, 'th_north_all').send('/api/v1/facts/requests', {
      body: [{ time: '2026-11-21T10:00:00Z', service: 'after' }],
    });
    expect(reply.json).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
  },
);
