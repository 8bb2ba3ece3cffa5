import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { outcome, send, type Sent } from './support/client.ts';
import { directory, SELIN, SHOP_APP } from './support/directory.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=cut' };
const CREDENTIALS = `app_key=appkey1&device_id=d1`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    directory,
    env: { TALLYHOUSE_COUNTLY_PREFIX: '/stats/app', TALLYHOUSE_COUNTLY_BODY_BYTES: '64K' },
  });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

describe('paths and methods (1.1, 1.2)', () => {
  test.each<[string, string, number, string]>([
    ['GET', '/o/ping', 200, '{"result":"Success"}'],
    ['GET', '/o/ping/', 200, '{"result":"Success"}'],
    ['POST', '/o/ping', 200, '{"result":"Success"}'],
    ['POST', '/o/ping/', 200, '{"result":"Success"}'],
    ['GET', '/stats/app/o/ping', 200, '{"result":"Success"}'],
    ['GET', '/stats/app/o/ping/', 200, '{"result":"Success"}'],
    ['GET', '/i/nothing', 400, '{"result":"Invalid path"}'],
    ['GET', '/o/nothing', 400, '{"result":"Invalid path"}'],
    ['POST', '/o/nothing/below/it?x=1', 400, '{"result":"Invalid path"}'],
    ['GET', '/stats/app/i/nothing', 400, '{"result":"Invalid path"}'],
    ['PUT', '/i', 405, '{"result":"Method not allowed"}'],
    ['DELETE', '/o', 405, '{"result":"Method not allowed"}'],
    ['PATCH', '/i/nothing', 405, '{"result":"Method not allowed"}'],
    ['HEAD', '/o/ping', 405, ''],
    ['PROPFIND', '/o', 405, '{"result":"Method not allowed"}'],
    ['OPTIONS', '/i', 200, ''],
    ['OPTIONS', '/o/analytics/dashboard', 200, ''],
    ['OPTIONS', '/i/nothing/', 200, ''],
  ])('%s %s', async (method, path, status, text) => {
    expect(await outcome(server.url, path, { method })).toEqual([status, text]);
  });
});

describe('headers (1.6)', () => {
  test.each(['/i', '/o', '/o/ping', '/i/nothing', '/o/users/all'])('%s', async (path) => {
    const { headers } = await send(server.url, path);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'x-countly': 'api',
      'cache-control': 'no-store',
    });
  });

  test('a preflight', async () => {
    const { headers } = await send(server.url, '/i', { method: 'OPTIONS', headers: { origin: 'https://a.example' } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST, GET, OPTIONS',
      'access-control-allow-headers': 'countly-token, Content-Type',
      'x-countly': 'api',
    });
  });
});

describe('where parameters may stand (1.3 to 1.5)', () => {
  const part = (name: string, value: string) =>
    `--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const CONFIGURATION = expect.stringMatching(/^\{"v":2,"t":\d{13},"c":\{\}\}$/) as string;

  test.each<[string, string, Sent, string]>([
    ['in the query', `?${CREDENTIALS}&method=ab`, {}, '{"result":"Success"}'],
    ['in a form', '', { headers: FORM, body: `${CREDENTIALS}&method=ab` }, '{"result":"Success"}'],
    ['in a form without a type', '', { body: `${CREDENTIALS}&method=ab` }, '{"result":"Success"}'],
    [
      'in a form with a type that is none',
      '',
      { headers: { 'content-type': 'é;;' }, body: `${CREDENTIALS}&method=ab` },
      '{"result":"Success"}',
    ],
    ['in the query of a POST without body', `?${CREDENTIALS}&method=ab`, { method: 'POST' }, '{"result":"Success"}'],
    ['in the query of an empty form', `?${CREDENTIALS}&method=ab`, { headers: FORM, body: '' }, '{"result":"Success"}'],
    [
      'in the query of an empty JSON body',
      `?${CREDENTIALS}&method=ab`,
      { headers: JSON_TYPE, body: '' },
      '{"result":"Success"}',
    ],
    [
      'in JSON',
      '',
      { headers: JSON_TYPE, body: '{"app_key":"appkey1","device_id":7,"method":"ab"}' },
      '{"result":"Success"}',
    ],
    [
      'in multipart',
      '',
      {
        headers: MULTIPART,
        body: `${part('app_key', 'appkey1')}${part('device_id', 'd')}${part('method', 'ab')}--cut--\r\n`,
      },
      '{"result":"Success"}',
    ],
    ['in both', `?app_key=appkey1`, { headers: FORM, body: 'device_id=d&method=sc' }, CONFIGURATION],
    [
      'in both, the query wins',
      `?method=ab`,
      { headers: FORM, body: `${CREDENTIALS}&method=sc` },
      '{"result":"Success"}',
    ],
    ['repeated, the first counts', `?${CREDENTIALS}&method=ab&method=sc&app_key=other`, {}, '{"result":"Success"}'],
  ])('%s', async (_what, query, sent, text) => {
    const reply = await send(server.url, `/o/sdk${query}`, sent);
    expect(reply).toMatchObject({ status: 200, text });
  });

  test.each<[string, string, Sent]>([
    ['an operator in the query', '?app_key[$regex]=.*&device_id=d&method=ab', {}],
    ['an array in the query', '?app_key[]=appkey1&device_id=d&method=ab', {}],
    [
      'an operator in JSON',
      '',
      { headers: JSON_TYPE, body: '{"app_key":{"$regex":".*"},"device_id":"d","method":"ab"}' },
    ],
    ['an array in JSON', '', { headers: JSON_TYPE, body: '{"app_key":["appkey1"],"device_id":"d","method":"ab"}' }],
  ])('%s is no key', async (_what, query, sent) => {
    expect(await outcome(server.url, `/o/sdk${query}`, sent)).toEqual([400, '{"result":"App does not exist"}']);
  });

  test('an operator as api_key is nobody’s', async () => {
    const path = `/o?app_id=${SHOP_APP}&method=live&api_key[$ne]=x`;
    expect(await outcome(server.url, path)).toEqual([401, '{"result":"User does not exist"}']);
  });
});

describe('JSONP (1.8)', () => {
  test.each([
    [`/o/users/me?api_key=nobody&callback=cb`, 401, 'cb({"result":"User does not exist"})'],
    ['/o/ping?callback=a.b.c', 200, 'a.b.c({"result":"Success"})'],
    [`/i?callback=cb`, 400, 'cb({"result":"Missing parameter \\"app_key\\" or \\"device_id\\""})'],
    ['/o/nothing?callback=cb', 400, 'cb({"result":"Invalid path"})'],
  ])('%s', async (path, status, text) => {
    const reply = await send(server.url, path);
    expect(reply).toMatchObject({ status, text });
    expect(reply.headers['content-type']).toBe('application/javascript; charset=utf-8');
  });

  test('of a method that is not allowed', async () => {
    expect(await outcome(server.url, '/o?callback=cb', { method: 'PUT' })).toEqual([
      405,
      'cb({"result":"Method not allowed"})',
    ]);
  });

  test.each(['alert(1)', '1', 'a%20b', `${'a'.repeat(129)}`])('callback=%s is refused', async (name) => {
    const reply = await send(server.url, `/o/ping?callback=${name}`);
    expect(reply).toMatchObject({ status: 400, text: '{"result":"Invalid parameter \\"callback\\""}' });
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('an empty one is none', async () => {
    expect(await outcome(server.url, '/o/ping?callback=')).toEqual([200, '{"result":"Success"}']);
  });
});

describe('bodies that are too large (1.9)', () => {
  const LARGE = `${CREDENTIALS}&method=ab&x=${'x'.repeat(65_536)}`;

  test('413', async () => {
    expect(await outcome(server.url, '/i', { headers: FORM, body: LARGE })).toEqual([
      413,
      '{"result":"Request too large"}',
    ]);
  });

  test('as JSONP', async () => {
    const reply = await outcome(server.url, '/i?callback=cb', { headers: FORM, body: LARGE });
    expect(reply).toEqual([413, 'cb({"result":"Request too large"})']);
  });
});

test('another path prefix is not served', async () => {
  const { status } = await send(server.url, '/other/o/ping');
  expect(status).toBe(404);
});

test('the key is in no log', () => {
  expect(server.output()).not.toContain(SELIN);
});
