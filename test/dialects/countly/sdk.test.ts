import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, send } from './support/client.ts';
import { directory } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2014-02-18T10:34:00Z' });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

describe('what SDKs ask besides writing (2.12)', () => {
  test.each([
    ['/o/sdk', 'rc', 200, '{}'],
    ['/o/sdk', 'fetch_remote_config', 200, '{}'],
    ['/o/sdk', 'ab', 200, '{"result":"Success"}'],
    ['/o/sdk', 'feedback', 200, '{"result":[]}'],
    ['/i/sdk', 'rc', 200, '{}'],
    ['/i/sdk', 'ab', 200, '{"result":"Success"}'],
    ['/o/sdk/content', 'queue', 200, '{}'],
    ['/o/sdk', 'queue', 400, '{"result":"Invalid method"}'],
    ['/o/sdk/content', 'sc', 400, '{"result":"Invalid method"}'],
    ['/o/sdk', 'toString', 400, '{"result":"Invalid method"}'],
    ['/o/sdk', '', 400, '{"result":"Invalid method"}'],
  ])('%s, method %s', async (path, method, status, text) => {
    const parameters = `app_key=appkey1&device_id=d1&method=${method}`;
    expect(await outcome(server.url, `${path}?${parameters}`)).toEqual([status, text]);
    expect(await outcome(server.url, path, { body: parameters })).toEqual([status, text]);
  });

  test('sc tells the time', async () => {
    const { text } = await send(server.url, '/o/sdk?app_key=appkey1&device_id=d1&method=sc');
    const { v, t, c } = JSON.parse(text) as { v: number; t: number; c: object };
    expect({ v, c }).toEqual({ v: 2, c: {} });
    expect(t).toBeGreaterThanOrEqual(Date.UTC(2014, 1, 18, 10, 34));
    expect(t).toBeLessThan(Date.UTC(2014, 1, 18, 10, 40));
  });
});

describe('refusals (2.7)', () => {
  const missing = '{"result":"Missing parameter \\"app_key\\" or \\"device_id\\""}';

  test.each([
    ['no app_key', 'device_id=d1', 400, missing],
    ['an empty app_key', 'app_key=&device_id=d1', 400, missing],
    ['no device_id', 'app_key=appkey1', 400, missing],
    ['neither', '', 400, missing],
    ['an unknown app_key', 'app_key=nope&device_id=d1', 400, '{"result":"App does not exist"}'],
    ['an app_key in another case', 'app_key=APPKEY1&device_id=d1', 400, '{"result":"App does not exist"}'],
    ['a paused app', 'app_key=appkey3&device_id=d1', 400, '{"result":"App is currently not accepting data"}'],
    [
      'the all-zero device',
      'app_key=appkey1&device_id=00000000-0000-0000-0000-000000000000',
      200,
      '{"result":"Ignoring device_id"}',
    ],
    ['no checksum', 'app_key=appkey2&device_id=d1', 200, '{"result":"Request does not have checksum"}'],
    [
      'a wrong checksum',
      'app_key=appkey2&device_id=d1&checksum256=00',
      200,
      '{"result":"Request does not match checksum"}',
    ],
  ])('%s', async (_what, parameters, status, text) => {
    for (const path of ['/o/sdk', '/i/sdk', '/i']) {
      expect(await outcome(server.url, `${path}?${parameters}`)).toEqual([status, text]);
    }
  });

  test('a right checksum', async () => {
    const parameters = 'app_key=appkey2&device_id=d%201&method=ab';
    const checksum = createHash('sha256').update(`${parameters}pepper`).digest('hex').toUpperCase();
    const signed = `${parameters}&checksum256=${checksum}`;
    expect(await outcome(server.url, `/o/sdk?${signed}`)).toEqual([200, '{"result":"Success"}']);
    expect(await outcome(server.url, '/o/sdk', { body: signed })).toEqual([200, '{"result":"Success"}']);
  });
});
