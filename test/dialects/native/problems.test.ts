import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Client, problem } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

/** Design 7: credentials, scopes, and RFC 9457 problems for whatever is wrong. */
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2026-11-21T12:00:00Z' });
});
afterAll(() => server.stop());

const as = (key: string | null): Client => new Client(server.url, key);

describe('without a key', () => {
  test('nothing is answered but 401, which says how', async () => {
    for (const path of ['/api/v1/streams', '/api/v1/whoami', '/api/v1/export/requests', '/api/v1/audit']) {
      const reply = await as(null).send(path);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="tallyhouse"');
      expect(problem(reply)).toEqual({
        type: 'urn:tallyhouse:problem:not_authenticated',
        title: 'Not authenticated',
        status: 401,
        detail: 'Send the key in the header "Authorization: Bearer <key>".',
      });
    }
  });

  test('a body is not even read', async () => {
    const reply = await as(null).send('/api/v1/facts/requests', { body: '[' });
    expect(reply.status).toBe(401);
  });

  test.each([
    'Basic dGhfbm9ydGg6',
    'Bearer',
    'Bearer th_wrong',
    'th_north_all',
    `Bearer ${'x'.repeat(1000)}`,
    'Bearer th_north_all x',
  ])('"%s" is none', async (authorization) => {
    const reply = await as(null).send('/api/v1/whoami', { headers: { authorization } });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="tallyhouse", error="invalid_token"');
  });

  test('"bearer" may be written in any case', async () => {
    expect((await as(null).send('/api/v1/whoami', { headers: { authorization: 'bEARER th_north_all' } })).status).toBe(
      200,
    );
  });
});

describe('a key', () => {
  const row = { time: '2026-11-21T10:00:00Z', service: 'x' };
  const query = { stream: 'requests', last: '1d', measures: ['count'] };

  test.each([
    ['th_north_ingest', [200, 403, 403]],
    ['th_north_read', [403, 200, 403]],
    ['th_north_admin', [403, 403, 200]],
    ['th_north_all', [200, 200, 200]],
    ['th_gone_all', [403, 403, 403]],
  ])('%s may do what its scopes say', async (key, statuses) => {
    const replies = [
      await as(key).send('/api/v1/facts/requests', { body: [row] }),
      await as(key).send('/api/v1/query', { body: query }),
      await as(key).send('/api/v1/audit'),
    ];
    expect(replies.map(({ status }) => status)).toEqual(statuses);
  });

  test('without the scope is told which one', async () => {
    expect(problem(await as('th_north_read').send('/api/v1/facts/requests', { body: [row] }))).toEqual({
      type: 'urn:tallyhouse:problem:not_permitted',
      title: 'Not permitted',
      status: 403,
      detail: 'This needs a key with the scope "ingest".',
    });
  });

  test('of a suspended organization is told so', async () => {
    expect(problem(await as('th_gone_all').send('/api/v1/whoami'))).toMatchObject({
      status: 403,
      detail: 'This needs an organization that is not suspended.',
    });
  });
});

describe('a request', () => {
  test.each([
    ['GET', '/api/v1/nope', 404, null],
    ['GET', '/api/v1/', 404, null],
    ['GET', '/api/v1', 404, null],
    ['GET', '/api/v1/facts', 404, null],
    ['GET', '/api/v1/facts/requests', 405, 'POST'],
    ['PUT', '/api/v1/facts/requests', 405, 'POST'],
    ['GET', '/api/v1/query', 405, 'POST'],
    ['DELETE', '/api/v1/streams', 405, 'GET, HEAD'],
    ['POST', '/api/v1/export/requests', 405, 'GET'],
    ['OPTIONS', '/api/v1/query', 405, 'POST'],
  ])('%s %s gets %i', async (method, path, status, allow) => {
    const reply = await as('th_north_all').send(path, { method });
    expect([reply.status, reply.headers.get('allow')]).toEqual([status, allow]);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test('that is not there names its path without the query', async () => {
    expect(problem(await as(null).send('/api/v1/nope?access_token=secret'))).toEqual({
      type: 'urn:tallyhouse:problem:not_found',
      title: 'Not found',
      status: 404,
      detail: 'There is no path "/api/v1/nope".',
    });
  });

  test.each(['/api/v1/%', '/api/v1/facts/%ff', '/api/v1/facts/..%2f', `/api/v1/facts/${'x'.repeat(3000)}`])(
    'with the path %s gets no server error',
    async (path) => {
      const reply = await as('th_north_all').send(path, { method: 'POST' });
      expect([400, 404, 414]).toContain(reply.status);
    },
  );

  test('has its own id in the answer, or the one it brought', async () => {
    const own = await as(null).send('/api/v1/whoami');
    expect((own.json as { request_id: string }).request_id).toBe(own.headers.get('x-request-id'));
    const brought = await as(null).send('/api/v1/whoami', { headers: { 'x-request-id': 'abc-1' } });
    expect(brought.json).toMatchObject({ request_id: 'abc-1' });
    expect(brought.headers.get('x-request-id')).toBe('abc-1');
  });

  test('whose JSON is too long for what is no facts gets 413', async () => {
    const reply = await as('th_north_all').send('/api/v1/query', {
      body: JSON.stringify({ stream: 'x'.repeat(1_100_000) }),
    });
    expect(reply.status).toBe(413);
    expect(problem(reply)).toMatchObject({
      detail: 'A body may have 1048576 bytes, decompressed too. Send it in parts.',
    });
  });

  test.each(['application/xml', 'text/plain', 'application/x-ndjson', 'nonsense'])(
    'whose JSON is called %s gets 415',
    async (type) => {
      const reply = await as('th_north_all').send('/api/v1/query', {
        headers: { 'content-type': type },
        body: JSON.stringify({}),
      });
      expect(reply.status).toBe(415);
      expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    },
  );

  test('whose body ends early is not counted, and the server goes on', async () => {
    const { port } = new URL(server.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          'POST /api/v1/facts/requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer th_north_all\r\nContent-Length: 1000\r\n\r\n',
        );
        socket.write('[{"time":"2026-11-21T10:00:00Z","service":"cut"}]');
        setTimeout(() => socket.destroy(), 200);
      });
      socket.once('close', () => resolve());
    });
    expect(
      await as('th_north_all').query({
        stream: 'requests',
        last: '1d',
        measures: ['count'],
        filters: [{ dimension: 'service', values: ['cut'] }],
      }),
    ).toEqual([{ count: 0 }]);
  });
});
