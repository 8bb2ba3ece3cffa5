import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { totpCode } from '../../../src/access/totp.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authtokenOf, login, send, type Reply } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
}, 60_000);
afterAll(() => server.stop());

const NOT_LOGGED_IN = { error_code: 105, errors: { authtoken: ['is required.'] } };
const NOT_VALID = { error_code: 105, errors: { authtoken: ['is not valid.'] } };

const get = (path: string, authtoken: string, headers = {}): Promise<Reply> =>
  send(server.url, path, { headers: { authtoken, ...headers } });

describe('log in (contract 9)', () => {
  test.each(['/v3/user-session', '/api/v3/user-session'])('%s gives a token that opens /v3/user', async (path) => {
    const reply = await login(server.url, { email: 'ada@north.example', password: 'correct-horse' }, path);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    const { user } = reply.json() as { user: { authtoken: string } };
    expect(reply.json()).toEqual({
      notice: expect.stringMatching(/./),
      user: {
        uid: 'blt00000000000000a1',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        email: 'Ada@North.example',
        username: 'ada',
        first_name: 'Ada',
        last_name: 'North',
        org_uid: ['blt0000000000000001'],
        shared_org_uid: [],
        active: true,
        failed_attempts: 0,
        roles: [],
        authtoken: expect.stringMatching(/^blt[0-9a-f]{16}$/),
      },
    });
    expect((await get('/v3/user', user.authtoken)).status).toBe(200);
  });

  test('letters of an e-mail address count in any case, and unknown fields of the body do not', async () => {
    const body = '{"user":{"email":"ADA@NORTH.EXAMPLE","password":"correct-horse","x":[1]},"y":null}';
    expect((await send(server.url, '/v3/user-session', { body })).status).toBe(200);
  });

  test('names and passwords beyond ASCII', async () => {
    const reply = await login(server.url, { email: 'üzgür@north.example', password: 'pässwörd ☃' });
    expect(reply.json()).toMatchObject({ user: { first_name: 'Özgür', last_name: 'Ünal' } });
  });

  test.each([
    ['a wrong password', { email: 'ada@north.example', password: 'wrong' }],
    ['an address nobody has', { email: 'nobody@north.example', password: 'correct-horse' }],
    ['a disabled user', { email: 'off@north.example', password: 'was-here-once' }],
    ['no password', { email: 'ada@north.example' }],
    ['an empty password', { email: 'ada@north.example', password: '' }],
    ['a number as password', { email: 'ada@north.example', password: 5 }],
    ['no e-mail address', { password: 'correct-horse' }],
    ['U+0000', { email: 'ada\u0000@north.example', password: 'correct-horse' }],
    ['a very long address', { email: 'a'.repeat(10_000), password: 'x' }],
  ])('%s is 422 with code 104, and no token', async (_case, user) => {
    const reply = await login(server.url, user);
    expect([reply.status, reply.json()]).toMatchObject([422, { error_code: 104, errors: {} }]);
    expect(reply.text).not.toMatch(/blt[0-9a-f]{16}/);
  });

  test.each(['', '{}', '[]', 'null', '"user"', '{"user":null}', '{"user":[]}', '{"user":"ada"}'])(
    'without a user in the body (%s) it is 422 with code 104',
    async (body) => {
      const reply = await send(server.url, '/v3/user-session', { method: 'POST', body });
      expect([reply.status, reply.json()]).toMatchObject([
        422,
        { error_code: 104, errors: { user: ['is required.'] } },
      ]);
    },
  );

  test.each([
    ['broken JSON', '{"user":'],
    ['no UTF-8', Buffer.from('7b2275736572223a22ff227d', 'hex')],
    ['too much', `{"user":{"email":"${'a'.repeat(100_000)}"}}`],
  ])('%s is 400', async (_case, body) => {
    const reply = await send(server.url, '/v3/user-session', { body });
    expect([reply.status, reply.json()]).toMatchObject([400, { error_code: 400, errors: {} }]);
  });

  test('a user who comes through the identity provider only is told so, and gets no token', async () => {
    for (const email of ['sam@south.example', 'SAM@South.example']) {
      const reply = await login(server.url, { email, password: 'anything' });
      expect([reply.status, reply.json()]).toMatchObject([401, { error_code: 105 }]);
      expect(reply.text).not.toMatch(/blt[0-9a-f]{16}/);
    }
  });

  test('a second factor is asked for, taken once, and refused when it is wrong', async () => {
    const user = { email: 'tom@north.example', password: 'two-factors' };
    const asked = await login(server.url, user);
    expect([asked.status, asked.json()]).toMatchObject([401, { error_code: 294, errors: expect.any(Object) }]);
    const wrong = await login(server.url, { ...user, tfa_token: '000000' });
    expect([wrong.status, wrong.json()]).toMatchObject([422, { error_code: 104 }]);
    const tfa_token = totpCode('JBSWY3DPEHPK3PXP', epochMs(Date.now()));
    const wrongPassword = await login(server.url, { ...user, password: 'wrong', tfa_token });
    expect([wrongPassword.status, wrongPassword.json()]).toMatchObject([422, { error_code: 104 }]);
    expect((await login(server.url, { ...user, tfa_token })).status).toBe(200);
    expect((await login(server.url, { ...user, tfa_token })).status).toBe(422);
  });
});

describe('tokens (contract 2)', () => {
  test.each([undefined, '', 'None', ' '])('a request with the authtoken %j has none', async (authtoken) => {
    const headers = authtoken === undefined ? {} : { authtoken };
    for (const path of ['/v3/user', '/v3/organizations', '/v3/stacks', '/api/v3/user']) {
      const reply = await send(server.url, path, { headers });
      expect([reply.status, reply.json()]).toMatchObject([401, NOT_LOGGED_IN]);
    }
    const reply = await send(server.url, '/v3/user-session', { method: 'DELETE', headers });
    expect([reply.status, reply.json()]).toMatchObject([401, NOT_LOGGED_IN]);
  });

  test.each([
    'blt0123456789abcdef',
    'BLT0123456789ABCDEF',
    'blt00000000000000a1',
    'x',
    "blt' or 1=1 --",
    'a'.repeat(8000),
  ])('the unknown token %s is not valid', async (authtoken) => {
    const reply = await get('/v3/user', authtoken);
    expect([reply.status, reply.json()]).toMatchObject([401, NOT_VALID]);
  });

  test('only Authorization is no token', async () => {
    const token = await authtokenOf(server.url, 'ben@north.example', 'battery-staple');
    const reply = await send(server.url, '/v3/user', { headers: { authorization: `Bearer ${token}` } });
    expect([reply.status, reply.json()]).toMatchObject([401, NOT_LOGGED_IN]);
  });

  test('the header counts in any case; logging out ends the sent token alone, at once', async () => {
    const one = await authtokenOf(server.url, 'ben@north.example', 'battery-staple');
    const other = await authtokenOf(server.url, 'ben@north.example', 'battery-staple');
    expect((await send(server.url, '/v3/user', { headers: { AuthToken: one } })).status).toBe(200);
    const out = await send(server.url, '/v3/user-session', {
      method: 'DELETE',
      headers: { authtoken: one, 'content-type': 'application/json' },
    });
    expect([out.status, out.json()]).toEqual([200, { notice: expect.stringMatching(/./) }]);
    expect((await get('/v3/user', one)).status).toBe(401);
    expect((await get('/v3/user', other)).status).toBe(200);
    const again = await send(server.url, '/api/v3/user-session', { method: 'DELETE', headers: { authtoken: one } });
    expect(again.status).toBe(401);
  });

  test('the 21st log-in ends the earliest token, however much it is used', async () => {
    const tokens: string[] = [];
    for (let n = 0; n < 20; n += 1) tokens.push(await authtokenOf(server.url, 'sue@south.example', 'sue-owns-it'));
    const statuses = async (): Promise<number[]> =>
      Promise.all(tokens.map(async (token) => (await get('/v3/user', token)).status));
    expect(await statuses()).toEqual(Array(20).fill(200));
    tokens.push(await authtokenOf(server.url, 'sue@south.example', 'sue-owns-it'));
    expect(await statuses()).toEqual([401, ...Array(20).fill(200)]);
    await send(server.url, '/v3/user-session', { method: 'DELETE', headers: { authtoken: tokens[5] ?? '' } });
    tokens.push(await authtokenOf(server.url, 'sue@south.example', 'sue-owns-it'));
    expect((await statuses()).filter((status) => status === 200)).toHaveLength(20);
    expect((await get('/v3/user', tokens[1] ?? '')).status).toBe(200);
  }, 30_000);

  test('tokens survive a restart, of the process and of the clock', async () => {
    const clock = '2030-01-01T00:00:00Z';
    const first = await startServer({ directory: DIRECTORY, clock });
    const { dataDirectory } = first;
    const tokens = [await authtokenOf(first.url, 'ben@north.example', 'battery-staple')];
    await first.kill();
    const second = await startServer({ dataDirectory, clock: '2020-01-01T00:00:00Z' });
    try {
      for (let n = 0; n < 19; n += 1) tokens.push(await authtokenOf(second.url, 'ben@north.example', 'battery-staple'));
      const status = async (token = ''): Promise<number> =>
        (await send(second.url, '/v3/user', { headers: { authtoken: token } })).status;
      expect(await status(tokens[0])).toBe(200);
      tokens.push(await authtokenOf(second.url, 'ben@north.example', 'battery-staple'));
      expect([await status(tokens[0]), await status(tokens[1]), await status(tokens[20])]).toEqual([401, 200, 200]);
    } finally {
      await second.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  }, 60_000);
});
