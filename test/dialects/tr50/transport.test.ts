import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let sessionId: string;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  sessionId = await new Client(server.url).login('ada@north.example', 'correct-horse');
});
afterAll(() => server.stop());

const ping = () => JSON.stringify({ auth: { sessionId }, cmd: { command: 'diag.ping' } });
const PONG = '{"cmd":{"success":true}}';

test.each([
  ['application/json'],
  ['application/json; charset=utf-16'],
  ['text/plain'],
  ['text/plain;charset=UTF-8'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x'],
  ['application/octet-stream'],
  ['application/xml'],
  ['nonsense'],
  ['/;;==,,'],
  ['application/json, application/json'],
  [' '],
])('1: the Content-Type %j is ignored', async (contentType) => {
  const reply = await send(server.url, { headers: { 'content-type': contentType }, body: ping() });
  expect([reply.status, reply.text]).toEqual([200, PONG]);
});

test('1: a packet without any Content-Type and Accept is answered', async () => {
  const reply = await send(server.url, { body: ping() });
  expect([reply.status, reply.text]).toEqual([200, PONG]);
});

test('1: a packet sent in chunks without length and Content-Type is answered', async () => {
  const reply = await send(server.url, { headers: { 'transfer-encoding': 'chunked' }, body: ping() });
  expect([reply.status, reply.text]).toEqual([200, PONG]);
});

test('1: Expect: 100-continue and an Accept for something else do not matter', async () => {
  const headers = { expect: '100-continue', accept: 'image/png', 'accept-encoding': 'br;q=0, *;q=0' };
  const reply = await send(server.url, { headers, body: ping() });
  expect([reply.status, reply.text]).toEqual([200, PONG]);
});

test('1: the reply is application/json; charset=utf-8', async () => {
  const reply = await send(server.url, { body: ping() });
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
});

test.each([
  ['', -99001],
  ['nonsense', -99001],
  ['[]', -99001],
  ['{}', -99002],
  ['{"cmd":{"command":"diag.ping"}}', -99002],
  ['{"auth":{"sessionId":"7d0f"},"cmd":{"command":"diag.ping"}}', -99003],
  ['{"auth":{"command":"api.authenticate","params":{"username":"x","password":"y"}}}', -99004],
])('1: the status is 200 for the failure of %j', async (body, code) => {
  const reply = await send(server.url, { body });
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(reply.text)).toEqual({ success: false, errorCodes: [code], errorMessages: [expect.any(String)] });
});

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'PURGE'])(
  '1: %s is answered 405, and says that POST is the method',
  async (method) => {
    const reply = await send(server.url, { method });
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST']);
  },
);

test('1: GET is answered 405 also with a body that is no packet', async () => {
  const reply = await send(server.url, { method: 'PUT', headers: { 'content-type': 'a/b' }, body: 'x'.repeat(5000) });
  expect(reply.status).toBe(405);
});

test('1: a body of 1 MiB is read, one byte more is answered 413', async () => {
  const packet = (bytes: number) => ping().padEnd(bytes, ' ');
  expect(await send(server.url, { body: packet(1_048_576) })).toMatchObject({ status: 200, text: PONG });
  const reply = await send(server.url, { body: packet(1_048_577) });
  expect(reply.status).toBe(413);
  expect(JSON.parse(reply.text)).toMatchObject({ success: false });
});

test('1: a body above 1 MiB is answered 413 in chunks, too', async () => {
  const body = ping().padEnd(1_100_000, ' ');
  const reply = await send(server.url, { headers: { 'transfer-encoding': 'chunked' }, body });
  expect(reply.status).toBe(413);
});

test.each(['/api/', '/api/x', '/Api', '/rest/', '/rest/session.info'])('1: %s is answered 404', async (path) => {
  const reply = await send(server.url, { path, body: ping() });
  expect(reply.status).toBe(404);
});

test('1: a query behind the path does not matter', async () => {
  const reply = await send(server.url, { path: '/api?x=1', body: ping() });
  expect([reply.status, reply.text]).toEqual([200, PONG]);
});

test('1: comments as in the examples of the reference are refused as malformed', async () => {
  const body = `// Definite time period request\n${ping()}`;
  const reply = await send(server.url, { body });
  expect([reply.status, JSON.parse(reply.text)]).toMatchObject([200, { success: false, errorCodes: [-99001] }]);
});

test('1: a byte order mark before the packet does not matter', async () => {
  const reply = await send(server.url, { body: `\uFEFF${ping()}` });
  expect([reply.status, reply.text]).toEqual([200, PONG]);
});
