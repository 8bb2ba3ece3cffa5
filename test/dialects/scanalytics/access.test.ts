import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, FORM, JSON_TYPE, send, SERVER, tokens, VERA, type Reply, type Sent } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let dana: string;
let vera: string;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' } });
  dana = (await tokens(server.url, DANA)).access_token;
  vera = (await tokens(server.url, VERA)).access_token;
}, 60_000);
afterAll(() => server.stop());

const call = (path: string, sent: Sent = {}): Promise<Reply> => send(server.url, path, sent);

describe('whoami (contract 6.1)', () => {
  test.each(['/v1/whoami', '/v2/whoami', '/v1/whoami/', '/v2/whoami/'])('%s has exactly four keys', async (path) => {
    const reply = await call(path, { headers: bearer(dana) });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(reply.text).toBe(
      '{"email":"Dana@Museum.example","firstName":"Dana","lastName":"Reyes","timezone":"America/Chicago"}',
    );
  });

  test('of a client is that of its owner', async () => {
    const { access_token } = await tokens(server.url, SERVER);
    expect((await call('/v2/whoami', { headers: bearer(access_token) })).json()).toMatchObject({ firstName: 'Dana' });
  });
});

describe('the three ways to send a token (contract 4)', () => {
  test('header, in any case of the scheme', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect((await call('/v2/whoami', { headers: { authorization: `${scheme} ${dana}` } })).status).toBe(200);
    }
  });

  test('query; the reply may then not be shared', async () => {
    const reply = await call(`/v2/whoami?access_token=${dana}`);
    expect(reply.status).toBe(200);
    expect(reply.headers['cache-control']).toBe('private');
    expect(server.output()).not.toContain(dana);
  });

  test('form, with the change beside it', async () => {
    const body = `access_token=${dana}&name=Mat+seventeen`;
    const reply = await call('/v2/device/D00017', { method: 'PATCH', headers: FORM, body });
    expect(reply.json()).toMatchObject({ deviceKey: 'D00017', name: 'Mat seventeen' });
    await call('/v2/device/D00017', {
      method: 'PUT',
      headers: { ...JSON_TYPE, ...bearer(dana) },
      body: '{"name":"Mat 17"}',
    });
  });

  test.each([
    ['header and query', `?access_token=TOKEN`, 'GET', bearer('TOKEN'), undefined],
    ['header and form', '', 'PATCH', { ...bearer('TOKEN'), ...FORM }, 'access_token=TOKEN&name=x'],
    ['query twice', '?access_token=TOKEN&access_token=TOKEN', 'GET', {}, undefined],
  ])('%s are one too many', async (_case, query, method, headers, body) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('TOKEN', dana)]),
    );
    const reply = await call(`/v2/device/D00017${query.replaceAll('TOKEN', dana)}`, {
      method,
      headers: filled,
      ...(body === undefined ? {} : { body: body.replace('TOKEN', dana) }),
    });
    expect(reply.status).toBe(400);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="api", error="invalid_request"');
    expect(reply.json()).toEqual({ detail: 'Send the access token once and in one way only.' });
  });

  test.each([
    ['no token', {}],
    ['another scheme', { authorization: 'Basic eDp5' }],
  ])('%s is 401 without an error code', async (_case, headers) => {
    const reply = await call('/v2/whoami', { headers: { ...headers } });
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="api"');
    expect(reply.json()).toEqual({ detail: 'Authentication credentials were not provided.' });
  });

  test.each(['bogus', '', 'two words', 'a'.repeat(5000), "' or 1=1 --"])('token %j is invalid_token', async (token) => {
    const reply = await call('/v2/whoami', { headers: { authorization: `Bearer ${token}`.trim() } });
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe(
      'Bearer realm="api", error="invalid_token", error_description="The access token is unknown, expired or revoked"',
    );
  });

  test('a refresh token opens nothing', async () => {
    const { refresh_token } = await tokens(server.url, DANA);
    expect((await call('/v2/whoami', { headers: bearer(refresh_token) })).status).toBe(401);
  });
});

describe('scopes and rights (contract 4)', () => {
  const change = (path: string, token: string, body = '{"name":"x"}'): Promise<Reply> =>
    call(path, { method: 'PATCH', headers: { ...JSON_TYPE, ...bearer(token) }, body });

  test('without write nothing changes, whether it exists or not', async () => {
    for (const key of ['7QX2B', 'NOSUCH', 'list']) {
      const reply = await change(`/v2/deployment/${key}`, vera);
      expect(reply.status).toBe(403);
      expect(reply.headers['www-authenticate']).toBe('Bearer realm="api", error="insufficient_scope", scope="write"');
    }
  });

  test('with only write nothing can be read', async () => {
    const { access_token } = await tokens(server.url, `${DANA}&scope=write`);
    for (const method of ['GET', 'HEAD']) {
      const reply = await call('/v2/whoami', { method, headers: bearer(access_token) });
      expect(reply.status).toBe(403);
      expect(reply.headers['www-authenticate']).toContain('scope="read"');
    }
  });

  test('invisible is 404, visible without the right to edit a plain 403', async () => {
    expect((await change('/v2/deployment/9SZ4D', dana)).status).toBe(404);
    expect((await change('/v2/deployment/list', dana)).status).toBe(405);
    const viewed = await change('/v2/device/D00021', dana);
    expect(viewed.status).toBe(403);
    expect(viewed.headers['www-authenticate']).toBeUndefined();
  });
});

describe('paths and methods (contract 1)', () => {
  test.each([
    '/v2/nope',
    '/v1/',
    '/v2',
    '/v9/whoami',
    '/v0/x',
    '/v2/whoami/more',
    '/v2/aggregate/1AMDK/dwell/1h',
    '/v2/Whoami',
  ])('%s is 404 for everybody', async (path) => {
    for (const headers of [bearer(dana), {}]) {
      const reply = await call(path, { headers });
      expect([reply.status, reply.text]).toEqual([404, '{"detail":"Not found."}']);
    }
  });

  test.each([
    ['POST', '/v2/whoami', 'GET, HEAD'],
    ['DELETE', '/v1/deployment/list/', 'GET, HEAD'],
    ['DELETE', '/v2/deployment/7QX2B', 'GET, HEAD, PATCH, PUT'],
    ['PATCH', '/v2/whoami', 'GET, HEAD'],
  ])('%s %s is 405 with Allow', async (method, path, allow) => {
    const reply = await call(path, { method, headers: bearer(dana) });
    expect([reply.status, reply.headers['allow']]).toEqual([405, allow]);
    expect((await call(path, { method })).status).toBe(401);
  });

  test('HEAD answers like GET without the body', async () => {
    const reply = await call('/v2/whoami', { method: 'HEAD', headers: bearer(dana) });
    expect([reply.status, reply.text]).toEqual([200, '']);
  });
});
