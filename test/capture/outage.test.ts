import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expressCapture, type CaptureOptions } from '../../src/capture/index.ts';
import { freePort } from '../cli/run-cli.ts';
import { Client } from '../dialects/native/support/client.ts';
import { applyDirectory, environment, startServer, type TestServer } from '../support/server.ts';
import { get, listen, shop } from './applications.ts';

vi.setConfig({ testTimeout: 120_000 });

let dataDirectory = '';
let port = 0;
let server: TestServer;
const start = async (): Promise<TestServer> => startServer({ dataDirectory, env: { TALLYHOUSE_PORT: String(port) } });

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
  port = await freePort();
  const directory = 'organizations: [{key: N, name: N, native_keys: [{key: th_n, scopes: [ingest, read]}]}]\n';
  await applyDirectory(directory, environment(dataDirectory, {}));
  server = await start();
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

interface Stub {
  readonly url: string;
  readonly bodies: string[][];
}

/** Something that answers as Tallyhouse does when it cannot. */
async function stub(
  answer: (rows: readonly string[], request: IncomingMessage) => [number, unknown, object?],
): Promise<Stub> {
  const bodies: string[][] = [];
  const http = createServer((request, response) => {
    void buffer(request).then((body) => {
      const rows = gunzipSync(body).toString('utf8').trim().split('\n');
      bodies.push(rows);
      const [status, content, headers = {}] = answer(rows, request);
      if (status === 0) return void response.destroy();
      response.writeHead(status, { ...headers }).end(JSON.stringify(content));
    });
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, bodies };
}

const all = (rows: readonly string[]): [number, unknown] => [
  200,
  { accepted: rows.length, duplicate: 0, rejected: [] },
];

async function captured(options: CaptureOptions) {
  const problems: string[] = [];
  const middleware = expressCapture({ key: 'th_n', onProblem: (text) => problems.push(text), ...options });
  const { url } = await listen(shop(middleware));
  onTestFinished(() => middleware.capture.close(0));
  return { url, capture: middleware.capture, problems };
}

test('a server that is killed and comes back gets every row once, and the application notices nothing', async () => {
  const { url, capture, problems } = await captured({ url: server.url, sendEveryMs: 20, batchRows: 7 });
  const count = async (): Promise<number> => {
    const rows = await new Client(server.url, 'th_n').query({ stream: 'requests', last: '1d', measures: ['count'] });
    return (rows as { count: number }[])[0]?.count ?? 0;
  };
  const serve = async (requests: number): Promise<void> => {
    for (let n = 0; n < requests; n += 1) expect(await get(`${url}/items/${n}`)).toBe(200);
  };
  await serve(20);
  await expect.poll(() => capture.stats().accepted, { timeout: 20_000 }).toBe(20);

  // In the middle of the traffic, so that an answer may be lost.
  const busy = serve(60);
  await server.kill();
  await busy;
  await expect.poll(() => problems.length, { timeout: 20_000 }).toBe(1);
  expect(problems[0]).toMatch(/^cannot deliver to http:\/\/127\.0\.0\.1:\d+: .+; rows wait and are sent later$/);
  expect(capture.stats().waiting).toBeGreaterThan(0);

  server = await start();
  await serve(20);
  await expect.poll(() => capture.stats().waiting, { timeout: 60_000 }).toBe(0);
  const { accepted, duplicate, ...others } = capture.stats();
  expect(accepted + duplicate).toBe(100);
  expect(others).toEqual({ captured: 100, rejected: 0, dropped: 0, waiting: 0, failed: 0 });
  expect(await count()).toBe(100);
});

test('an answer that is lost is made up for by the same rows under the same ids', async () => {
  let lost = 0;
  const { url: to, bodies } = await stub((rows) =>
    (lost += 1) === 1 ? [0, null] : [200, { accepted: 0, duplicate: rows.length, rejected: [] }],
  );
  const { url, capture } = await captured({ url: to, sendEveryMs: 10 });
  await get(`${url}/empty`);
  await expect.poll(() => capture.stats().duplicate).toBe(1);
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toEqual(bodies[0]);
});

test('beyond its memory rows are dropped, counted and told; the oldest are kept', async () => {
  let open = false;
  const { url: to, bodies } = await stub((rows) =>
    open ? all(rows) : [503, { detail: 'Later.' }, { 'retry-after': '1' }],
  );
  const { url, capture, problems } = await captured({ url: to, sendEveryMs: 10, bufferBytes: 1_000 });
  for (let n = 0; n < 20; n += 1) await get(`${url}/items/${n}`);
  const { captured: seen, waiting, dropped } = capture.stats();
  expect(seen).toBe(20);
  expect(waiting).toBeGreaterThan(0);
  expect(waiting + dropped).toBe(20);
  expect(problems.toSorted()).toEqual([
    `cannot deliver to ${to}: it answers 503: Later.; rows wait and are sent later`,
    'there is no room for more rows: further ones are dropped',
  ]);
  open = true;
  await expect.poll(() => capture.stats().waiting, { timeout: 20_000 }).toBe(0);
  expect(bodies.at(-1)?.map((row) => /items\/(\d+)/.exec(row)?.[1])).toEqual(
    Array.from({ length: waiting }, (_, n) => String(n)),
  );
  expect(capture.stats()).toMatchObject({ accepted: waiting, dropped });
});

test('tries grow apart while the server is away', async () => {
  const { url: to, bodies } = await stub(() => [500, {}]);
  const { url } = await captured({ url: to, sendEveryMs: 1 });
  await get(`${url}/empty`);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  // At 0, 125-250, 375-750, 875-1,750 ms.
  expect(bodies.length).toBeGreaterThanOrEqual(2);
  expect(bodies.length).toBeLessThanOrEqual(5);
});

test('a request that is too large is sent in parts, and a row that is refused is counted', async () => {
  const { url: to, bodies } = await stub((rows) => {
    if (rows.length > 2) return [413, {}];
    if (rows.some((row) => row.includes('/items/3'))) {
      return [
        200,
        { accepted: rows.length - 1, duplicate: 0, rejected: [{ index: 0, field: 'url', problem: 'is odd' }] },
      ];
    }
    return all(rows);
  });
  const { url, capture, problems } = await captured({ url: to, sendEveryMs: 60_000, batchRows: 5 });
  for (let n = 0; n < 5; n += 1) await get(`${url}/items/${n}`);
  await capture.flush();
  expect(bodies.map((rows) => rows.length)).toEqual([5, 3, 2, 2, 1]);
  expect(capture.stats()).toMatchObject({ accepted: 4, rejected: 1, waiting: 0 });
  expect(problems).toEqual(['1 rows were refused, the first for url: is odd']);
});

test('the end is bounded: what cannot be delivered by then is dropped and told', async () => {
  const { url: to } = await stub(() => [503, {}]);
  const { url, capture, problems } = await captured({ url: to, sendEveryMs: 60_000 });
  await get(`${url}/empty`);
  const before = performance.now();
  await capture.close(300);
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(capture.stats()).toMatchObject({ captured: 1, dropped: 1, waiting: 0 });
  expect(problems.at(-1)).toBe('1 rows could not be delivered before the end and are lost');
  // The application still answers.
  expect(await get(`${url}/empty`)).toBe(204);
  expect(capture.stats()).toMatchObject({ captured: 2, dropped: 2 });
});

test('a server that takes a connection and says nothing is given up after a while', async () => {
  const http = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  const to = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const { url, problems } = await captured({ url: to, sendEveryMs: 10, timeoutMs: 200 });
  await get(`${url}/empty`);
  await expect
    .poll(() => problems)
    .toEqual([`cannot deliver to ${to}: it takes too long; rows wait and are sent later`]);
});
