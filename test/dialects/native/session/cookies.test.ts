import fastify from 'fastify';
import { expect, test } from 'vitest';
import { createCookies } from '../../../../src/dialects/native/session/cookies.ts';

async function exchange(baseUrl: string | undefined, cookie: string): Promise<unknown> {
  const cookies = createCookies(baseUrl);
  const app = fastify();
  app.get('/', async (request, reply) => {
    cookies.setSession(reply, 'ths_1', 86_400);
    cookies.clearBegunLogin(reply);
    return { session: cookies.sessionIn(request), login: cookies.begunLoginIn(request) };
  });
  const response = await app.inject({ url: '/', headers: { cookie } });
  return { ...response.json<object>(), set: response.headers['set-cookie'] };
}

test('over https cookies are for https and this host only, and no others are taken', async () => {
  const cookie = 'a=b; __Host-tallyhouse=ths_2; tallyhouse=ths_evil; __Host-tallyhouse-login=1; tallyhouse-login=evil';
  expect(await exchange('https://tally.example', cookie)).toEqual({
    session: 'ths_2',
    login: '1',
    set: [
      '__Host-tallyhouse=ths_1; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure',
      '__Host-tallyhouse-login=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    ],
  });
  expect(await exchange('https://tally.example', 'tallyhouse=ths_evil')).toMatchObject({ session: null, login: null });
});

test('on this machine they go without', async () => {
  expect(await exchange('http://127.0.0.1:4000', 'tallyhouse=ths_2;tallyhouse-login=')).toEqual({
    session: 'ths_2',
    login: null,
    set: [
      'tallyhouse=ths_1; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax',
      'tallyhouse-login=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ],
  });
});
