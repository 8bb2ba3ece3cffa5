import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import {
  basic,
  bearer,
  DANA,
  FORM,
  JSON_TYPE,
  NINA,
  OMAR,
  postForm,
  send,
  SERVER,
  tokens,
  VERA,
  type Reply,
} from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' } });
}, 60_000);
afterAll(() => server.stop());

const token = (body: string, headers: Record<string, string> = {}): Promise<Reply> =>
  postForm(server.url, '/o/token/', body, headers);
const errorOf = (reply: Reply): string => `${reply.status} ${(reply.json() as { error: string }).error}`;
const refused = async (body: string, headers: Record<string, string> = {}): Promise<string> =>
  errorOf(await token(body, headers));
const whoami = async (access: string): Promise<number> =>
  (await send(server.url, '/v2/whoami', { headers: bearer(access) })).status;

describe('success (contract 3.2)', () => {
  test('the reply has the five keys of the seed, no more', async () => {
    const reply = await token(DANA);
    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
      expires_in: 86400,
      token_type: 'Bearer',
      scope: 'read write',
      refresh_token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
    });
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.headers['pragma']).toBe('no-cache');
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
  });

  test('works without the slash at the end, without a redirect', async () => {
    expect((await postForm(server.url, '/o/token', DANA)).status).toBe(200);
  });

  test('parameters of the media type are normal', async () => {
    const headers = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' };
    expect((await send(server.url, '/o/token/', { method: 'POST', headers, body: DANA })).status).toBe(200);
  });

  test('client_credentials gets a refresh token too, and it works', async () => {
    const first = await tokens(server.url, SERVER);
    const body = `grant_type=refresh_token&client_id=server&client_secret=s3cret-of-server&refresh_token=${first.refresh_token}`;
    const second = await tokens(server.url, body);
    expect(second.scope).toBe('read write');
    expect(await whoami(second.access_token)).toBe(200);
  });

  test('the user name is compared without regard to case', async () => {
    expect((await token(DANA.replace('dana@museum.example', 'DANA@MUSEUM.EXAMPLE'))).status).toBe(200);
  });

  test('unknown parameters and those in the URL are ignored', async () => {
    const reply = await postForm(server.url, '/o/token/?grant_type=bogus&scope=bogus', `${DANA}&state=7`);
    expect(reply.status).toBe(200);
  });
});

describe('client identification (contract 3.1)', () => {
  const grant = 'grant_type=client_credentials';

  test('HTTP Basic', async () => {
    expect((await token(grant, basic('server', 's3cret-of-server'))).status).toBe(200);
  });

  test('HTTP Basic with both parts form-urlencoded', async () => {
    const user = '&username=dana%40museum.example&password=open-at-nine';
    const reply = await token(`grant_type=password${user}`, basic('kiosk', 's3cret%2Bof%25kiosk'));
    expect(reply.status).toBe(200);
  });

  test('both ways at once are invalid_request', async () => {
    expect(await refused(SERVER, basic('server', 's3cret-of-server'))).toBe('400 invalid_request');
  });

  test('a secret for a public client is ignored', async () => {
    expect((await token(`${DANA}&client_secret=whatever`)).status).toBe(200);
  });

  test('a confidential client has to authenticate on password and refresh as well', async () => {
    const user = 'username=dana@museum.example&password=open-at-nine';
    expect(await refused(`grant_type=password&client_id=kiosk&${user}`)).toBe('401 invalid_client');
    const { refresh_token } = await tokens(server.url, SERVER);
    const refresh = `grant_type=refresh_token&client_id=server&refresh_token=${refresh_token}`;
    expect(await refused(refresh)).toBe('401 invalid_client');
    expect((await token(`${refresh}&client_secret=s3cret-of-server`)).status).toBe(200);
  });
});

describe('errors (contract 3.6)', () => {
  test.each([
    ['no grant type', 'client_id=scripts', '400 invalid_request'],
    ['an empty grant type', 'grant_type=&client_id=scripts', '400 invalid_request'],
    ['a parameter twice', `${DANA}&scope=read&scope=read`, '400 invalid_request'],
    ['no user name', DANA.replace('username', 'user'), '400 invalid_request'],
    ['an empty password', DANA.replace('open-at-nine', ''), '400 invalid_request'],
    ['no refresh token', 'grant_type=refresh_token&client_id=scripts', '400 invalid_request'],
    ['an unknown grant type', 'grant_type=bogus&client_id=scripts', '400 unsupported_grant_type'],
    ['authorization_code', 'grant_type=authorization_code&client_id=scripts', '400 unsupported_grant_type'],
    ['implicit', 'grant_type=implicit', '400 unsupported_grant_type'],
    ['a name of every object', 'grant_type=constructor&client_id=scripts', '400 unsupported_grant_type'],
    ['an unknown client', DANA.replace('scripts', 'nobody'), '401 invalid_client'],
    ['a client id with NUL', DANA.replace('scripts', '%00'), '401 invalid_client'],
    ['no client', DANA.replace('client_id=scripts&', ''), '401 invalid_client'],
    ['a wrong secret', `${SERVER}x`, '401 invalid_client'],
    ['a missing secret', 'grant_type=client_credentials&client_id=server', '401 invalid_client'],
    ['a grant of another kind of client', SERVER.replace('client_credentials', 'password'), '400 unauthorized_client'],
    [
      'client credentials of a public client',
      'grant_type=client_credentials&client_id=scripts',
      '400 unauthorized_client',
    ],
    ['a wrong password', `${DANA}x`, '400 invalid_grant'],
    ['an unknown user', DANA.replace('dana', 'dina'), '400 invalid_grant'],
    ['a user name with NUL', DANA.replace('dana', '%00'), '400 invalid_grant'],
    ['a disabled user', DANA.replace('dana', 'dis').replace('open-at-nine', 'dis-was-here'), '400 invalid_grant'],
    ['a client whose owner is disabled', SERVER.replaceAll('server', 'orphan'), '400 invalid_grant'],
    ['an unknown refresh token', 'grant_type=refresh_token&client_id=scripts&refresh_token=bogus', '400 invalid_grant'],
    ['an unknown scope', `${DANA}&scope=admin`, '400 invalid_scope'],
    ['a scope beyond the rights', `${VERA}&scope=read+write`, '400 invalid_scope'],
    ['a wrong password before a wrong scope', `${DANA}x&scope=admin`, '400 invalid_grant'],
    [
      'an unknown grant type before an unknown client',
      'grant_type=bogus&client_id=nobody',
      '400 unsupported_grant_type',
    ],
    ['an unknown client before a missing parameter', 'grant_type=password&client_id=nobody', '401 invalid_client'],
  ])('%s', async (_case, body, expected) => {
    const reply = await token(body);
    expect(errorOf(reply)).toBe(expected);
    expect(reply.json()).toEqual({
      error: expected.slice(4),
      error_description: expect.stringMatching(/^[\x20-\x7e]+$/),
    });
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.headers['www-authenticate']).toBe(expected.startsWith('401') ? 'Basic realm="oauth"' : undefined);
  });

  test.each([
    ['JSON', { 'content-type': 'application/json' }, '{"grant_type":"password"}'],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['no content type', {}, DANA],
    ['no body', FORM, ''],
  ])('%s is invalid_request', async (_case, headers, body) => {
    const reply = await send(server.url, '/o/token/', { method: 'POST', headers: { ...headers }, body });
    expect(errorOf(reply)).toBe('400 invalid_request');
  });

  test('a wrong user and a wrong password read alike', async () => {
    const [user, password] = await Promise.all([token(DANA.replace('dana', 'dina')), token(`${DANA}x`)]);
    expect(user.text).toBe(password.text);
  });

  test('another method is 405 with Allow', async () => {
    const reply = await send(server.url, '/o/token/');
    expect(reply.status).toBe(405);
    expect(reply.headers['allow']).toBe('POST');
  });
});

describe('scopes (contract 3.3)', () => {
  test.each([
    ['edit on one deployment', DANA, 'read write'],
    ['owner of the organization', OMAR, 'read write'],
    ['only view, whatever the role', VERA, 'read'],
    ['no deployment at all', NINA, 'read'],
    [
      'the owner of the client',
      'grant_type=client_credentials&client_id=viewer&client_secret=s3cret-of-viewer',
      'read',
    ],
    ['asked in another order', `${DANA}&scope=write%20read`, 'read write'],
    ['only write', `${DANA}&scope=write`, 'write'],
    ['an empty scope is none asked', `${DANA}&scope=`, 'read write'],
  ])('%s', async (_case, body, scope) => {
    expect((await tokens(server.url, body)).scope).toBe(scope);
  });
});

describe('refresh tokens (contract 3.5)', () => {
  const refreshed = (refreshToken: string, more = ''): Promise<Reply> =>
    token(`grant_type=refresh_token&client_id=scripts&refresh_token=${refreshToken}${more}`);

  test('each refresh gives a new pair and ends the old one', async () => {
    const first = await tokens(server.url, DANA);
    const reply = await refreshed(first.refresh_token);
    expect(reply.status).toBe(200);
    const second = reply.json() as typeof first;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await whoami(first.access_token)).toBe(401);
    expect(await whoami(second.access_token)).toBe(200);
    expect(errorOf(await refreshed(first.refresh_token))).toBe('400 invalid_grant');
    expect(errorOf(await refreshed(first.refresh_token))).toBe('400 invalid_grant');
    expect((await refreshed(second.refresh_token)).status).toBe(200);
  });

  test('of 20 at once exactly one wins', async () => {
    const { refresh_token } = await tokens(server.url, DANA);
    const replies = await Promise.all(Array.from({ length: 20 }, () => refreshed(refresh_token)));
    const winners = replies
      .filter(({ status }) => status === 200)
      .map((reply) => reply.json() as { access_token: string });
    expect(winners).toHaveLength(1);
    expect(replies.filter((reply) => reply.status !== 200).map(errorOf)).toEqual(Array(19).fill('400 invalid_grant'));
    expect(await whoami(winners[0]?.access_token ?? '')).toBe(200);
  });

  test('a failed attempt does not use the token up', async () => {
    const { refresh_token } = await tokens(server.url, DANA);
    expect(await refused(`grant_type=refresh_token&client_id=other-scripts&refresh_token=${refresh_token}`)).toBe(
      '400 invalid_grant',
    );
    expect(errorOf(await refreshed(refresh_token, '&scope=admin'))).toBe('400 invalid_scope');
    expect((await refreshed(refresh_token)).status).toBe(200);
  });

  test('the scope may narrow and never widen', async () => {
    const first = await tokens(server.url, DANA);
    const narrow = (await refreshed(first.refresh_token, '&scope=read')).json() as typeof first;
    expect(narrow.scope).toBe('read');
    expect(errorOf(await refreshed(narrow.refresh_token, '&scope=read+write'))).toBe('400 invalid_scope');
    expect((await refreshed(narrow.refresh_token)).json()).toMatchObject({ scope: 'read' });
  });

  test('a replay is on record with user, client and address, and its descendants live on', async () => {
    const first = await tokens(server.url, OMAR);
    const second = (await refreshed(first.refresh_token)).json() as typeof first;
    await refreshed(first.refresh_token);
    const audit = await send(server.url, '/api/v1/audit?limit=1', { headers: bearer('th_museum') });
    const { events } = audit.json() as { events: object[] };
    expect(events).toEqual([
      {
        at: expect.any(String),
        event: 'oauth.refresh_replay',
        actor: 'omar@museum.example',
        organization: expect.any(String),
        subject: 'scripts',
        address: '127.0.0.1',
        detail: { presented_by: 'scripts', family_revoked: false },
      },
    ]);
    expect(await whoami(second.access_token)).toBe(200);
    expect((await refreshed(second.refresh_token)).status).toBe(200);
  });
});

describe('revocation (contract 3.7)', () => {
  const revoke = (body: string): Promise<Reply> => postForm(server.url, '/o/revoke_token/', body);

  test('200 with an empty body, known or not', async () => {
    const { access_token } = await tokens(server.url, DANA);
    for (const each of [access_token, 'bogus']) {
      const reply = await revoke(`client_id=scripts&token=${each}`);
      expect([reply.status, reply.text]).toEqual([200, '']);
    }
    expect(await whoami(access_token)).toBe(401);
  });

  test('a revoked access token leaves its refresh token', async () => {
    const { access_token, refresh_token } = await tokens(server.url, DANA);
    await revoke(`client_id=scripts&token=${access_token}`);
    expect((await token(`grant_type=refresh_token&client_id=scripts&refresh_token=${refresh_token}`)).status).toBe(200);
  });

  test('a revoked refresh token ends its access token', async () => {
    const { access_token, refresh_token } = await tokens(server.url, DANA);
    await revoke(`client_id=scripts&token=${refresh_token}`);
    expect(await whoami(access_token)).toBe(401);
    expect(await refused(`grant_type=refresh_token&client_id=scripts&refresh_token=${refresh_token}`)).toBe(
      '400 invalid_grant',
    );
  });

  test('another client’s token stays', async () => {
    const { access_token } = await tokens(server.url, DANA);
    expect((await revoke(`client_id=other-scripts&token=${access_token}`)).status).toBe(200);
    expect(await whoami(access_token)).toBe(200);
  });

  test('needs the client and the token', async () => {
    expect(errorOf(await revoke('token=x'))).toBe('401 invalid_client');
    expect(errorOf(await revoke('client_id=server&token=x'))).toBe('401 invalid_client');
    expect(errorOf(await revoke('client_id=scripts'))).toBe('400 invalid_request');
    const json = await send(server.url, '/o/revoke_token', { method: 'POST', headers: JSON_TYPE, body: '{}' });
    expect(errorOf(json)).toBe('400 invalid_request');
  });
});

test('ten failed password grants of a user within a minute refuse the right password too (contract 5)', async () => {
  const guess = (password: string): Promise<string> =>
    refused(`grant_type=password&client_id=scripts&username=guess@museum.example&password=${password}`);
  for (let failures = 0; failures < 9; failures += 1) expect(await guess('wrong')).toBe('400 invalid_grant');
  const good = 'grant_type=password&client_id=scripts&username=guess@museum.example&password=hard-to-guess';
  expect((await token(good)).status).toBe(200);
  for (let failures = 0; failures < 10; failures += 1) await guess('wrong');
  const [locked, other] = await Promise.all([token(good), token(`${DANA}x`)]);
  expect(locked.text).toBe(other.text);
  expect((await token(DANA)).status).toBe(200);
});
