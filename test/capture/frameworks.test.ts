import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { fileURLToPath } from 'node:url';
import express from 'express';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  createCapture,
  expressCapture,
  fastifyCapture,
  type CapturedRow,
  type CaptureOptions,
} from '../../src/capture/index.ts';
import { Client } from '../dialects/native/support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { get, listen, shop } from './applications.ts';

const NAMES = ['http2', 'express', 'gone', 'fastify', 'hook', 'package'] as const;
const DIRECTORY = `organizations:\n${NAMES.map((name) => `  - {key: ${name}, name: ${name}, native_keys: [{key: th_${name}, scopes: [ingest, read]}]}`).join('\n')}\n`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
});
afterAll(async () => server.stop());

/** What the server has of an organization, one row a request. */
async function stored(name: (typeof NAMES)[number], ...dimensions: readonly string[]): Promise<unknown> {
  return new Client(server.url, `th_${name}`).query({
    stream: 'requests',
    last: '1d',
    measures: ['count', 'bytes'],
    dimensions,
    order: dimensions.map((by) => ({ by })),
  });
}

const options = (name: (typeof NAMES)[number]) => ({ url: server.url, key: `th_${name}`, service: name });

describe('Express', () => {
  test('every answer becomes one row, with what it said', async () => {
    const { capture, ...rest } = expressCapture(options('express'));
    expect(rest).toEqual({});
    const middleware = expressCapture(options('express'));
    const { url } = await listen(shop(middleware));
    const host = new URL(url).host;
    const headers = {
      'user-agent': 'Shop/1.0 (ü)',
      'x-user-agent': 'contentstack-management-javascript/1.13.0',
      api_key: 'bltstack00000001',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
    };
    expect(await get(`${url}/items/7?colour=r%C3%B8d`, { headers })).toBe(200);
    expect(await get(`${url}/stream`)).toBe(200);
    expect(await get(`${url}/items/7`, { method: 'HEAD' })).toBe(200);
    expect(await get(`${url}/items`, { method: 'POST' })).toBe(201);
    expect(await get(`${url}/empty`)).toBe(204);
    expect(await get(`${url}/nowhere`)).toBe(404);
    expect(await get(`${url}/broken`)).toBe(500);
    await middleware.capture.close();
    expect(middleware.capture.stats()).toEqual({
      captured: 7,
      accepted: 7,
      duplicate: 0,
      rejected: 0,
      dropped: 0,
      waiting: 0,
      failed: 0,
    });
    await capture.close();

    const rows = (await stored('express', 'url', 'method', 'status')) as { bytes: number; count: number }[];
    expect(rows).toMatchObject([
      { url: `http://${host}/broken`, method: 'GET', status: 500, count: 1 },
      { url: `http://${host}/empty`, method: 'GET', status: 204, bytes: 0 },
      { url: `http://${host}/items`, method: 'POST', status: 201, bytes: 0 },
      { url: `http://${host}/items/7`, method: 'HEAD', status: 200, bytes: 0 },
      { url: `http://${host}/nowhere`, method: 'GET', status: 404 },
      // "grüße " is 8 bytes, then 3, then 2.
      { url: `http://${host}/stream`, method: 'GET', status: 200, bytes: 13 },
      { url: `https://${host}/items/7?colour=r%C3%B8d`, method: 'GET', status: 200, bytes: 10 },
    ]);
    expect(await stored('express', 'service', 'stack', 'sdk', 'device', 'ip', 'cache')).toContainEqual({
      service: 'express',
      stack: 'bltstack00000001',
      sdk: 'contentstack-management-javascript/1.13.0',
      device: 'Shop/1.0 (ü)',
      ip: '203.0.113.9',
      cache: 'HIT',
      count: 1,
      bytes: 10,
    });
  });

  test('a caller that goes away has a row without status; what waits is sent when the server closes', async () => {
    const middleware = expressCapture({ ...options('gone'), sendEveryMs: 60_000 });
    const { url, server: http } = await listen(shop(middleware));
    await expect(fetch(`${url}/slow`, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    expect(await get(`${url}/empty`)).toBe(204);
    http.close();
    http.closeAllConnections();
    await once(http, 'close');
    await expect.poll(() => middleware.capture.stats()).toMatchObject({ accepted: 2, waiting: 0 });
    expect(await stored('gone', 'url', 'status')).toEqual([
      { url: `${url}/empty`, status: 204, count: 1, bytes: 0 },
      { url: `${url}/slow`, status: null, count: 1, bytes: 0 },
    ]);
  });
});

describe('Fastify', () => {
  test('every answer of the whole application becomes one row, and closing it sends them', async () => {
    const app = fastify({ trustProxy: true });
    await app.register(fastifyCapture, { ...options('fastify'), sendEveryMs: 60_000 });
    app.get('/items/:id', async () => ({ found: true }));
    await app.register(
      async (scope) => {
        scope.get('/deep', async () => 'deep');
      },
      { prefix: '/v2' },
    );
    app.get('/broken', async () => {
      throw new Error('on purpose');
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    expect(await get(`${url}/items/1`, { headers: { 'x-forwarded-for': '203.0.113.7' } })).toBe(200);
    expect(await get(`${url}/v2/deep?a=1`)).toBe(200);
    expect(await get(`${url}/broken`)).toBe(500);
    expect(await get(`${url}/nowhere`)).toBe(404);
    expect((await app.inject('/items/2')).statusCode).toBe(200);
    await app.close();
    expect(await stored('fastify', 'url', 'status', 'ip')).toMatchObject([
      { url: `${url}/broken`, status: 500, ip: '127.0.0.1' },
      { url: `${url}/items/1`, status: 200, ip: '203.0.113.7', bytes: 14 },
      { url: `${url}/nowhere`, status: 404 },
      { url: `${url}/v2/deep?a=1`, status: 200, bytes: 4 },
      { url: 'http://localhost:80/items/2', status: 200, ip: '127.0.0.1', bytes: 14 },
    ]);
    expect(app).toHaveProperty('tallyhouseCapture');
  });
});

test('over HTTP/2, bytes are counted once', async () => {
  const app = fastify({ http2: true });
  await app.register(fastifyCapture, options('http2'));
  app.get('/items/:id', async () => ({ found: true }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const session = connect(url);
  const stream = session.request({ ':path': '/items/1' });
  stream.resume();
  await once(stream, 'end');
  session.close();
  await app.close();
  expect(await stored('http2', 'url', 'status')).toEqual([{ url: `${url}/items/1`, status: 200, count: 1, bytes: 14 }]);
});

describe('the row hook', () => {
  test('changes rows, leaves requests out, and may fail without harm', async () => {
    const middleware = expressCapture({
      ...options('hook'),
      row(row: CapturedRow, request: express.Request) {
        if (request.path === '/empty') return null;
        if (request.path === '/nowhere') throw new Error('on purpose');
        return { ...row, url: request.path, user: 'u1', country: 'TR' };
      },
    });
    const { url } = await listen(shop(middleware));
    for (const path of ['/items/1?token=secret', '/empty', '/nowhere', '/items/1?token=other'])
      await get(`${url}${path}`);
    await middleware.capture.close();
    expect(middleware.capture.stats()).toMatchObject({ captured: 2, accepted: 2, failed: 1 });
    expect(await stored('hook', 'url', 'user', 'country')).toMatchObject([
      { url: '/items/1', user: 'u1', country: 'TR', count: 2 },
    ]);
  });
});

/** What would have ended an application's process. */
function unhandledRejections(): readonly unknown[] {
  const reasons: unknown[] = [];
  const keep = (reason: unknown): void => void reasons.push(reason);
  process.on('unhandledRejection', keep);
  onTestFinished(() => void process.off('unhandledRejection', keep));
  return reasons;
}

describe('hooks that misbehave', () => {
  test('of rows: what gives no row is left out and counted, and a promise that fails ends nothing', async () => {
    const unhandled = unhandledRejections();
    const bad: (() => unknown)[] = [
      () => undefined,
      () => 'text',
      () => 7,
      async () => ({}),
      async () => Promise.reject(new Error('on purpose')),
    ];
    let next = 0;
    const middleware = expressCapture({ ...options('hook'), row: () => bad[next++]?.() as CapturedRow });
    const { url } = await listen(shop(middleware));
    for (const _ of bad) expect(await get(`${url}/empty`)).toBe(204);
    await middleware.capture.close();
    expect(middleware.capture.stats()).toMatchObject({ captured: 0, waiting: 0, failed: 5 });
    expect(unhandled).toEqual([]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('on purpose');
      },
    ],
    ['is asynchronous and fails', async () => Promise.reject(new Error('on purpose'))],
  ])('of problems: one that %s, from the start on', async (_how, onProblem) => {
    const unhandled = unhandledRejections();
    const untyped = { url: 4000, key: null, onProblem } as unknown as CaptureOptions;
    const middleware = expressCapture(untyped);
    const { url } = await listen(shop(middleware));
    expect(await get(`${url}/empty`)).toBe(204);
    await middleware.capture.close();
    const refused = expressCapture({ ...untyped, url: 'http://127.0.0.1:9', key: 'k' });
    const second = await listen(shop(refused));
    expect(await get(`${second.url}/empty`)).toBe(204);
    await refused.capture.close(200);
    expect(refused.capture.stats()).toMatchObject({ captured: 1, dropped: 1 });
    expect(unhandled).toEqual([]);
  });
});

describe('a mistake in the settings', () => {
  test.each([
    [{ url: '', key: 'k' }, 'nothing is captured: give the address of the server as url or in TALLYHOUSE_URL'],
    [{ url: 'localhost:4000', key: 'k' }, 'nothing is captured: "localhost:4000" is no address of a server'],
    [{ url: 'http://h', key: '' }, 'nothing is captured: give a native key as key or in TALLYHOUSE_KEY'],
    [{ url: 'http://h', key: 'a b' }, 'nothing is captured: the key has characters that no key has'],
  ])('is told and stops nothing: %j', async (given, problem) => {
    const problems: string[] = [];
    const middleware = expressCapture({ ...given, onProblem: (text) => problems.push(text) });
    const { url } = await listen(shop(middleware));
    expect(await get(`${url}/empty`)).toBe(204);
    expect(problems).toEqual([problem]);
    expect(middleware.capture.stats()).toMatchObject({ captured: 0, dropped: 0 });
    await middleware.capture.close();
  });
});

describe('the package', () => {
  const folder = fileURLToPath(new URL('../../dist/capture/', import.meta.url));
  const script = `
    const app = require('express')();
    app.use(expressCapture({ service: 'package' }));
    app.get('/', (request, response) => response.end('ok'));
    const server = app.listen(0, '127.0.0.1', async () => {
      await (await fetch('http://127.0.0.1:' + server.address().port)).text();
      server.close();
      server.closeAllConnections();
    });`;

  test.each([
    ['CommonJS', `const { expressCapture } = require(${JSON.stringify(`${folder}index.cjs`)});${script}`, 'commonjs'],
    [
      'an ES module',
      `import { createRequire } from 'node:module';
       import { expressCapture } from ${JSON.stringify(`${folder}index.js`)};
       const require = createRequire(${JSON.stringify(import.meta.url)});${script}`,
      'module',
    ],
  ])('works as %s in a process that ends by itself', async (_name, source, type) => {
    const before = (await stored('package')) as { count: number }[];
    const env = { ...process.env, TALLYHOUSE_URL: server.url, TALLYHOUSE_KEY: 'th_package' };
    const cwd = fileURLToPath(new URL('../../', import.meta.url));
    const output = execFileSync(process.execPath, [`--input-type=${type}`, '-e', source], {
      env,
      cwd,
      encoding: 'utf8',
    });
    expect(output).toBe('');
    expect(await stored('package')).toMatchObject([{ count: (before[0]?.count ?? 0) + 1 }]);
  });

  test('needs no other package', () => {
    const { dependencies, exports } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as Record<
      string,
      unknown
    >;
    expect(dependencies).toBeUndefined();
    expect(exports).toEqual({ '.': { types: './index.d.ts', require: './index.cjs', default: './index.js' } });
    for (const file of ['index.js', 'index.cjs']) {
      const imported = [...readFileSync(`${folder}${file}`, 'utf8').matchAll(/(?:from |require\()"([^"]+)"/g)];
      expect(imported.map(([, name]) => name).filter((name) => !name?.startsWith('node:'))).toEqual([]);
    }
    expect(createCapture).toBeTypeOf('function');
  });
});
