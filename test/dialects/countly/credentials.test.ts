import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, send } from './support/client.ts';
import { directory, OLU, RITA, RIVAL_APP, SELIN, SHOP_APP, UMUT } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

describe('checks of a read, in order (3.1)', () => {
  test.each([
    ['an app_id that is too short', 'app_id=5f00', 400, 'Invalid parameter "app_id"'],
    ['an app_id that is too long', `app_id=${SHOP_APP}0`, 400, 'Invalid parameter "app_id"'],
    ['no app_id', '', 400, 'Missing parameter "app_id"'],
    ['an empty app_id', 'app_id=', 400, 'Missing parameter "app_id"'],
    ['no method', `app_id=${SHOP_APP}`, 400, 'Invalid method'],
    ['an unknown method', `app_id=${SHOP_APP}&method=nope`, 400, 'Invalid method'],
    ['a method of every object', `app_id=${SHOP_APP}&method=constructor`, 400, 'Invalid method'],
    ['no credentials', `app_id=${SHOP_APP}&method=live`, 400, 'Missing parameter "api_key" or "auth_token"'],
    ['an empty key', `app_id=${SHOP_APP}&method=live&api_key=`, 400, 'Missing parameter "api_key" or "auth_token"'],
    ['an unknown key', `app_id=${SHOP_APP}&method=live&api_key=${'9'.repeat(32)}`, 401, 'User does not exist'],
    ['a key with NUL', `app_id=${SHOP_APP}&method=live&api_key=%00`, 401, 'User does not exist'],
    ['a token, which is not offered', `app_id=${SHOP_APP}&method=live&auth_token=t`, 401, 'User does not exist'],
    [
      'another tenant’s key',
      `app_id=${SHOP_APP}&method=live&api_key=${RITA}`,
      401,
      'User does not have view right for this application',
    ],
    [
      'another tenant’s app',
      `app_id=${RIVAL_APP}&method=live&api_key=${SELIN}`,
      401,
      'User does not have view right for this application',
    ],
    [
      'an app that is not there',
      `app_id=${'0'.repeat(24)}&method=live&api_key=${SELIN}`,
      401,
      'User does not have view right for this application',
    ],
    [
      'an app that is not there, asked by a global administrator',
      `app_id=${'0'.repeat(24)}&method=live&api_key=${OLU}`,
      401,
      'App does not exist',
    ],
  ])('%s', async (_what, parameters, status, result) => {
    expect(await outcome(server.url, `/o?${parameters}`)).toEqual([status, JSON.stringify({ result })]);
  });

  test('a token in the header is nobody’s', async () => {
    const reply = await outcome(server.url, `/o?app_id=${SHOP_APP}&method=live`, { headers: { 'countly-token': 't' } });
    expect(reply).toEqual([401, '{"result":"User does not exist"}']);
  });

  test.each([
    ['an administrator of the app', SELIN],
    ['a user of the app', UMUT],
    ['a global administrator', OLU],
  ])('%s may read', async (_who, key) => {
    expect(await outcome(server.url, `/o?app_id=${SHOP_APP}&method=sessions&api_key=${key}`)).toEqual([200, '{}']);
  });
});

describe('another tenant’s key, method by method', () => {
  test.each([
    'sessions',
    'users',
    'locations',
    'cities',
    'carriers',
    'devices',
    'device_details',
    'app_versions',
    'events',
    'get_events',
    'live',
    'live_graph',
    'retention',
    'total_users',
  ])('%s', async (method) => {
    const reply = await send(server.url, `/o?app_id=${SHOP_APP}&method=${method}&api_key=${RITA}`);
    expect(reply).toMatchObject({
      status: 401,
      text: '{"result":"User does not have view right for this application"}',
    });
  });

  test.each(['dashboard', 'countries', 'sessions', 'metric', 'tops', 'frequency', 'loyalty', 'durations', 'events'])(
    '/o/analytics/%s',
    async (path) => {
      const reply = await send(server.url, `/o/analytics/${path}?app_id=${SHOP_APP}&api_key=${RITA}`);
      expect(reply).toMatchObject({
        status: 401,
        text: '{"result":"User does not have view right for this application"}',
      });
    },
  );
});
