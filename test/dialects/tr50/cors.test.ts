import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { send } from './support/client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ env: { TALLYHOUSE_TR50_ORIGINS: 'https://portal.example.org,http://localhost:8080' } });
});
afterAll(() => server.stop());

test('1: with CORS on, OPTIONS is answered', async () => {
  const headers = { origin: 'https://portal.example.org', 'access-control-request-method': 'POST' };
  const reply = await send(server.url, { method: 'OPTIONS', headers });
  expect(reply.status).toBe(204);
  expect(reply.headers).toMatchObject({
    'access-control-allow-origin': 'https://portal.example.org',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, sessionid',
    vary: 'Origin',
  });
});

test('1: with CORS on, pages of the listed origins may read replies, and others may not', async () => {
  const reply = await send(server.url, { headers: { origin: 'http://localhost:8080' }, body: '{}' });
  expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([200, 'http://localhost:8080']);
  const foreign = await send(server.url, { headers: { origin: 'https://evil.example' }, body: '{}' });
  expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([200, undefined]);
});

test('1: with CORS on, GET is answered 405 all the same', async () => {
  const reply = await send(server.url, { method: 'GET', headers: { origin: 'http://localhost:8080' } });
  expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST, OPTIONS']);
});
