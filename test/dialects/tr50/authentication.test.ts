import { expect, test } from 'vitest';
import { totpCode } from '../../../src/access/totp.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import type { TestServer } from '../../support/server.ts';
import { Client, send } from './support/client.ts';
import { serving } from './support/serving.ts';

let server: TestServer;
let client: Client;

serving({}, (started) => {
  ({ server, client } = started);
});

const ADA = { username: 'ada@north.example', password: 'correct-horse' };
const login = (params: unknown) => ({ auth: { command: 'api.authenticate', params } });
const refused = (code: number) => ({ success: false, errorCodes: [code], errorMessages: [expect.any(String)] });
const SESSION_ID = expect.stringMatching(/^[0-9a-f]{32,}$/);

test('3: a packet without any session is refused with -99002', async () => {
  expect(await client.packet({ cmd: { command: 'diag.ping' } })).toEqual(refused(-99002));
});

test('3: {} without any session is refused with -99002 (appendix 1)', async () => {
  expect(await client.packet({})).toEqual(refused(-99002));
});

test('3: the session in the packet is used', async () => {
  const sessionId = await client.login(ADA.username, ADA.password);
  expect(await client.packet({ auth: { sessionId }, a: { command: 'diag.ping' } })).toEqual({ a: { success: true } });
});

test('3: the session in the header is used when the packet has none', async () => {
  const sessionId = await client.login(ADA.username, ADA.password);
  const packets = [{}, { auth: {} }, { auth: null }, { auth: { sessionId: null } }];
  for (const packet of packets) {
    expect(await client.packet({ ...packet, a: { command: 'diag.ping' } }, { sessionId })).toEqual({
      a: { success: true },
    });
  }
});

test('3: the name of the header is read in any case', async () => {
  const sessionId = await client.login(ADA.username, ADA.password);
  for (const name of ['sessionId', 'SESSIONID', 'sessionid']) {
    expect(await client.packet({ a: { command: 'diag.ping' } }, { [name]: sessionId })).toEqual({
      a: { success: true },
    });
  }
});

test('3: if both are present the session of the packet wins', async () => {
  const sessionId = await client.login(ADA.username, ADA.password);
  const ping = { a: { command: 'diag.ping' } };
  expect(await client.packet({ auth: { sessionId }, ...ping }, { sessionId: 'gone' })).toEqual({
    a: { success: true },
  });
  expect(await client.packet({ auth: { sessionId: 'gone' }, ...ping }, { sessionId })).toEqual(refused(-99003));
});

test('3: bearer and basic headers are no credentials', async () => {
  const sessionId = await client.login(ADA.username, ADA.password);
  const basic = Buffer.from(`${ADA.username}:${ADA.password}`).toString('base64');
  for (const authorization of [`Bearer ${sessionId}`, 'Bearer th_north', `Basic ${basic}`]) {
    expect(await client.packet({ a: { command: 'diag.ping' } }, { authorization })).toEqual(refused(-99002));
  }
});

test('3.1: a user logs in and gets the key of the default organization and a session', async () => {
  expect(await client.packet(login(ADA))).toEqual({
    auth: { success: true, params: { orgKey: 'NORTH', sessionId: SESSION_ID } },
  });
});

test('3.1: the default organization is the first membership in the directory (appendix 2)', async () => {
  expect(await client.packet(login({ username: 'bob@north.example', password: 'bob-is-a-member' }))).toMatchObject({
    auth: { params: { orgKey: 'NORTH' } },
  });
  expect(await client.packet(login({ username: 'lea@north.example', password: 'lea-in-the-lab' }))).toMatchObject({
    auth: { params: { orgKey: 'NORTH_LAB' } },
  });
});

test('3.1: every login has a session of its own', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => client.login(ADA.username, ADA.password)));
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(await client.call(id, 'diag.ping')).toEqual({ success: true });
});

test('3.1: api.authenticate under another id is an unknown command', async () => {
  const sessionId = await client.login(ADA.username, ADA.password);
  const packet = { auth: { sessionId }, login: { command: 'api.authenticate', params: ADA } };
  expect(await client.packet(packet)).toEqual({
    login: { success: false, errorCodes: [-99010], errorMessages: ['Unknown command: api.authenticate'] },
  });
});

test('3.1: api.authenticate under another id does not log in', async () => {
  expect(await client.packet({ login: { command: 'api.authenticate', params: ADA } })).toEqual(refused(-99002));
});

test('3.1: login and commands in one packet: the commands run under the new session', async () => {
  const packet = { who: { command: 'session.info' }, ...login(ADA), bad: { command: 'x' } };
  expect(await client.packet(packet)).toMatchObject({
    auth: { success: true, params: { orgKey: 'NORTH' } },
    who: { success: true, params: { userName: 'ada@north.example' } },
    bad: { success: false, errorCodes: [-99010] },
  });
});

test('3.1: a login ignores the session in the header', async () => {
  const packet = { ...login(ADA), who: { command: 'session.info' } };
  expect(await client.packet(packet, { sessionId: 'gone' })).toMatchObject({ who: { params: { orgKey: 'NORTH' } } });
});

test.each([
  ['a wrong password', { username: 'ada@north.example', password: 'wrong' }],
  ['an unknown user', { username: 'nobody@north.example', password: 'correct-horse' }],
  ['an empty password', { username: 'ada@north.example', password: '' }],
  ['no password', { username: 'ada@north.example' }],
  ['no user', { password: 'correct-horse' }],
  ['a password that is no string', { username: 'ada@north.example', password: 12345678 }],
  ['a user that is no string', { username: ['ada@north.example'], password: 'correct-horse' }],
  ['a disabled user', { username: 'dis@north.example', password: 'dis-was-here' }],
  ['a user without any organization', { username: 'nil@nowhere.example', password: 'nil-has-nothing' }],
  ['nothing', {}],
  ['no params', undefined],
  ['params that are no object', 'ada'],
])('3.1: a login with %s fails at top level with -99004, and nothing runs', async (_, params) => {
  expect(await client.packet({ ...login(params), a: { command: 'diag.ping' } })).toEqual(refused(-99004));
});

test('3.1: another command under auth is no login', async () => {
  expect(await client.packet({ auth: { command: 'diag.ping' }, a: { command: 'diag.ping' } })).toEqual(refused(-99004));
});

test('3.1: whether a user exists does not show in the message', async () => {
  const known = await client.packet(login({ username: 'eve@south.example', password: 'wrong' }));
  const unknown = await client.packet(login({ username: 'ghost@south.example', password: 'wrong' }));
  expect(known).toEqual(unknown);
});

test('3.1: the same login in other letters of the address is the same user', async () => {
  expect(await client.packet(login({ ...ADA, username: 'Ada@North.EXAMPLE' }))).toMatchObject({
    auth: { success: true },
  });
});

test('3.1: an application logs in with a registered token', async () => {
  const params = { appId: 'app-1', appToken: 'tok_north', thingKey: 'thing-1' };
  expect(await client.packet(login(params))).toEqual({
    auth: { success: true, params: { orgKey: 'NORTH', sessionId: SESSION_ID } },
  });
});

test('3.1: the first appId of a thingKey is bound to it, another one is rejected', async () => {
  const params = { appId: 'meter', appToken: 'tok_north', thingKey: 'thing-2' };
  expect(await client.packet(login(params))).toMatchObject({ auth: { success: true } });
  expect(await client.packet(login(params))).toMatchObject({ auth: { success: true } });
  expect(await client.packet(login({ ...params, appId: 'other' }))).toEqual(refused(-99004));
  expect(await client.packet(login(params))).toMatchObject({ auth: { success: true } });
});

test('3.1: a rejected application binds nothing', async () => {
  const params = { appId: 'first', appToken: 'no-such-token', thingKey: 'thing-3' };
  expect(await client.packet(login(params))).toEqual(refused(-99004));
  expect(await client.packet(login({ ...params, appToken: 'tok_north', appId: 'second' }))).toMatchObject({
    auth: { success: true },
  });
});

test('3.1: things of two organizations may have the same key', async () => {
  expect(await client.packet(login({ appId: 'a', appToken: 'tok_north', thingKey: 'twin' }))).toMatchObject({
    auth: { success: true },
  });
  expect(await client.packet(login({ appId: 'b', appToken: 'tok_south', thingKey: 'twin' }))).toMatchObject({
    auth: { success: true, params: { orgKey: 'SOUTH' } },
  });
});

test.each([
  ['an empty appId', { appId: '', appToken: 'tok_north', thingKey: 'thing-4' }],
  ['no appId', { appToken: 'tok_north', thingKey: 'thing-4' }],
  ['an empty thingKey', { appId: 'app-1', appToken: 'tok_north', thingKey: '' }],
  ['no thingKey', { appId: 'app-1', appToken: 'tok_north' }],
  ['a thingKey that is no string', { appId: 'app-1', appToken: 'tok_north', thingKey: 7 }],
  ['no appToken', { appId: 'app-1', thingKey: 'thing-4' }],
  ['a wrong appToken', { appId: 'app-1', appToken: 'tok_nort', thingKey: 'thing-4' }],
  ['a native key as appToken', { appId: 'app-1', appToken: 'th_north', thingKey: 'thing-4' }],
])('3.1: an application login with %s is rejected', async (_, params) => {
  expect(await client.packet(login(params))).toEqual(refused(-99004));
});

test('3.1: application logins are not locked out', async () => {
  const wrong = { appId: 'app-1', appToken: 'wrong', thingKey: 'thing-5' };
  for (let i = 0; i < 12; i++) expect(await client.packet(login(wrong))).toEqual(refused(-99004));
  expect(await client.packet(login({ ...wrong, appToken: 'tok_north' }))).toMatchObject({ auth: { success: true } });
});

test('3.1: 8 failed logins in a row lock the user, even for the right password', async () => {
  const vic = { username: 'vic@north.example', password: 'vic-looks-on' };
  for (let i = 0; i < 8; i++) {
    expect(await client.packet(login({ ...vic, password: `guess ${i}` }))).toEqual(refused(-99004));
  }
  expect(await client.packet(login(vic))).toEqual(refused(-99005));
  expect(await client.packet(login({ ...vic, username: 'VIC@north.example' }))).toEqual(refused(-99005));
});

test('3.1: 7 failed logins and a good one begin the count anew', async () => {
  const eve = { username: 'eve@south.example', password: 'eve-of-south' };
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) {
      expect(await client.packet(login({ ...eve, password: 'wrong' }))).toEqual(refused(-99004));
    }
  };
  // Two earlier tests may have failed once for her.
  expect(await client.packet(login(eve))).toMatchObject({ auth: { success: true } });
  await fail(7);
  expect(await client.packet(login(eve))).toMatchObject({ auth: { success: true } });
  await fail(7);
  expect(await client.packet(login(eve))).toMatchObject({ auth: { success: true } });
});

test('3.1: a lock does not end the sessions that the user has', async () => {
  const bob = { username: 'bob@north.example', password: 'bob-is-a-member' };
  const sessionId = await client.login(bob.username, bob.password);
  for (let i = 0; i < 8; i++) await client.packet(login({ ...bob, password: 'wrong' }));
  expect(await client.packet(login(bob))).toEqual(refused(-99005));
  expect(await client.call(sessionId, 'diag.ping')).toEqual({ success: true });
});

test('3.1: with a second factor the right password is answered -90041, and the code as password logs in', async () => {
  const tom = { username: 'tom@north.example', password: 'tom-has-a-code' };
  const code = () => totpCode('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', epochMs(Date.now()));
  expect(await client.packet(login({ ...tom, password: code() }))).toEqual(refused(-99004));
  expect(await client.packet(login({ ...tom, password: 'wrong' }))).toEqual(refused(-99004));
  expect(await client.packet(login(tom))).toEqual(refused(-90041));
  const right = code();
  expect(await client.packet(login({ ...tom, password: right }))).toMatchObject({
    auth: { success: true, params: { orgKey: 'NORTH' } },
  });
  // A code is good for one login.
  expect(await client.packet(login({ ...tom, password: right }))).toEqual(refused(-99004));
});

test('3.1: a password of a megabyte is refused in no time', async () => {
  const before = performance.now();
  const body = JSON.stringify(login({ ...ADA, password: 'x'.repeat(1_000_000) }));
  expect(JSON.parse((await send(server.url, { body })).text)).toEqual(refused(-99004));
  expect(performance.now() - before).toBeLessThan(10_000);
});
