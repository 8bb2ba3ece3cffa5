import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyDirectory, environment, startServer, type TestServer } from '../../support/server.ts';
import { ask, DIRECTORY, NOW, use } from './support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: NOW });
  await use(server.url, [{ time: '2024-03-02T10:00:00Z', value: 12 }]);
}, 60_000);
afterAll(() => server.stop());

const XML = 'application/xml; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';
const DECLARED = '<?xml version="1.0" encoding="UTF-8"?>';
const ACCOUNTS = '/admin/api/accounts/17';
const USAGE = '/stats/applications/41/usage';
const RANGE = 'metric_name=hits&since=2024-03-01&until=2024-03-03&granularity=day';

/** Sends a path with nothing but these headers. */
async function send(path: string, headers: Record<string, string> = {}, body?: string) {
  const { port } = new URL(server.url);
  return new Promise<{ status: number; type: string; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = request({ host: '127.0.0.1', port, path, headers: { ...headers, ...length } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            text,
            headers: answer.headers,
          }),
        );
      });
      outgoing.on('error', reject).end(body);
    },
  );
}

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const hash = createHash('sha256').update('at_north').digest('hex');

describe('credentials', () => {
  test.each<[string, string, Record<string, string>]>([
    ['an access token', `?access_token=at_north`, {}],
    ['a provider key', `?provider_key=pk_north`, {}],
    ['Basic :TOKEN, as the Ruby and Go clients send it', '', basic(':at_north')],
    ['Basic TOKEN:', '', basic('at_north:')],
    ['Basic with a provider key', '', basic('pk_north:')],
    ['Basic :KEY', '', basic(':pk_north')],
    ['Basic USER:PASSWORD takes the user', '', basic('pk_north:whatever')],
    ['Basic without a colon', '', basic('at_north')],
    ['Bearer with a token', '', { authorization: 'Bearer at_north' }],
    ['Bearer with a provider key', '', { authorization: 'bearer pk_north' }],
    ['a token that has not expired', '?access_token=at_north_young', {}],
    ['a blank token beside a good key', '?access_token=&provider_key=pk_north', {}],
    ['a good token beside a bad key', '?access_token=at_north&provider_key=wrong', {}],
    ['a good token beside bad Basic', '?access_token=at_north', basic(':wrong')],
    ['the last of a token sent twice', '?access_token=wrong&access_token=at_north', {}],
  ])('%s counts', async (_, query, headers) => {
    expect((await send(`${ACCOUNTS}.json${query}`, headers)).status).toBe(200);
    const separator = query === '' ? '?' : `${query}&`;
    expect((await send(`${USAGE}.json${separator}${RANGE}`, headers)).status).toBe(200);
  });

  test.each<[string, string, Record<string, string>]>([
    ['nothing', '', {}],
    ['a blank token', '?access_token=', {}],
    ['an unknown token', '?access_token=nobody', {}],
    ['an expired token', '?access_token=at_north_old', {}],
    ['the stored hash of a token', `?access_token=${hash}`, {}],
    ['a provider key as token', '?access_token=pk_north', {}],
    ['a token as provider key', '?provider_key=at_north', {}],
    ['a bad token beside a good key', '?access_token=wrong&provider_key=pk_north', {}],
    ['an expired token beside a good key', '?access_token=at_north_old&provider_key=pk_north', {}],
    ['a service token', '?provider_key=st_north_7', {}],
    ['a key of the native API', '', { authorization: 'Bearer th_north' }],
    ['Basic with nothing', '', basic(':')],
    ['Basic that is no base64', '', { authorization: 'Basic ???' }],
    ['Basic USER:TOKEN, where the user decides', '', basic('nobody:at_north')],
    ['another scheme', '', { authorization: 'Token at_north' }],
    ['a scheme alone', '', { authorization: 'Bearer' }],
    ['a token of 10,000 characters', `?access_token=${'x'.repeat(10_000)}`, {}],
    ['U+0000', '?access_token=%00', {}],
  ])('%s does not: 403, never 401', async (_, query, headers) => {
    for (const path of [ACCOUNTS, USAGE]) {
      expect(await send(`${path}.xml${query}`, headers)).toMatchObject({
        status: 403,
        type: XML,
        text: `${DECLARED}<error>Access denied</error>`,
      });
      expect(await send(`${path}.json${query}`, headers)).toMatchObject({
        status: 403,
        type: JSON_TYPE,
        text: '{"error":"Access denied"}',
      });
    }
    expect(await send(`${USAGE}.csv${query}`, headers)).toMatchObject({
      status: 403,
      type: TEXT,
      text: 'Access denied',
    });
  });

  test.each([
    ['at_north_stats', ACCOUNTS, 403],
    ['at_north_stats', USAGE, 200],
    ['at_north_accounts', ACCOUNTS, 200],
    ['at_north_accounts', USAGE, 403],
    ['at_north_cms', ACCOUNTS, 403],
    ['at_north_cms', USAGE, 403],
  ])('the scopes of %s at %s: %i', async (token, path, status) => {
    const json = await send(`${path}.json?access_token=${token}&${RANGE}`);
    expect(json.status).toBe(status);
    if (status === 200) return;
    const words = 'Your access token does not have the correct permissions';
    expect([json.type, json.text]).toEqual([JSON_TYPE, JSON.stringify({ error: words })]);
    const xml = await send(`${path}.xml?access_token=${token}&${RANGE}`);
    expect([xml.type, xml.text]).toEqual([XML, `${DECLARED}<error>${words}</error>`]);
  });

  test.each(['provider_key=pk_east', 'access_token=at_east'])(
    'a suspended tenant: 403 with an empty body',
    async (query) => {
      for (const path of [`${ACCOUNTS}.xml`, `${ACCOUNTS}.json`, `${USAGE}.json`]) {
        expect(await send(`${path}?${query}`)).toMatchObject({ status: 403, text: '' });
      }
    },
  );

  test('a change of the directory counts at once', async () => {
    const change = (expires: string) => `
organizations:
  - uid: north
    key: NORTH
    name: North
    provider: {access_tokens: [{token: at_new, scopes: [stats]${expires}}]}`;
    const env = environment(server.dataDirectory, { clock: NOW });
    const status = async () => (await send(`${USAGE}.json?access_token=at_new&${RANGE}`)).status;
    expect(await status()).toBe(403);
    await applyDirectory(change(''), env);
    await expect.poll(status, { timeout: 5_000 }).toBe(200);
    await applyDirectory(change(', expires_at: 2020-01-01T00:00:00Z'), env);
    await expect.poll(status, { timeout: 5_000 }).toBe(403);
  });
});

describe('formats', () => {
  test.each<[string, string, string | null, string]>([
    ['the suffix beats Accept: the Go client', `${ACCOUNTS}.json`, 'application/xml', JSON_TYPE],
    ['and the other way', `${ACCOUNTS}.xml`, 'application/json', XML],
    ['without suffix /admin/api is XML', ACCOUNTS, 'application/json', XML],
    ['without suffix and header too', ACCOUNTS, null, XML],
    ['/stats follows Accept', USAGE, 'application/xml', XML],
    ['text/xml', USAGE, 'text/xml', XML],
    ['CSV by header', USAGE, 'text/csv', 'text/csv; header=present'],
    ['/stats is JSON without Accept', USAGE, null, JSON_TYPE],
    ['and for */*', USAGE, '*/*', JSON_TYPE],
    ['the best by weight', USAGE, 'application/json;q=0.1, application/xml;q=0.9', XML],
    ['what a browser sends', USAGE, 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', XML],
    ['.csv', `${USAGE}.csv`, 'application/json', 'text/csv; header=present'],
  ])('%s', async (_, path, accept, type) => {
    const headers: Record<string, string> = accept === null ? {} : { accept };
    const answer = await send(`${path}?provider_key=pk_north&${RANGE}`, headers);
    expect([answer.status, answer.type]).toEqual([200, type]);
  });

  test.each([
    [`${ACCOUNTS}.php`, 'php'],
    [`${ACCOUNTS}.csv`, 'csv'],
    [`${ACCOUNTS}.XML`, 'XML'],
    [`${USAGE}.php`, 'php'],
    ['/stats/services/7/summary.xml', 'xml'],
    ['/stats/applications/41/summary.csv', 'csv'],
  ])('%s: 406, and 403 without credentials', async (path, suffix) => {
    expect(await send(`${path}?provider_key=pk_north&${RANGE}`)).toMatchObject({
      status: 406,
      type: TEXT,
      text: `The server does not understand "${suffix}" request.`,
    });
    expect((await send(`${path}?provider_key=nobody`)).status).toBe(403);
  });

  test('a bare question mark and unknown parameters are ignored; HEAD is GET without a body', async () => {
    expect((await send(`${ACCOUNTS}.xml?`, basic(':at_north'))).status).toBe(200);
    expect((await send(`${ACCOUNTS}.xml?provider_key=pk_north&foo=bar&x[y]=1&z[]=`)).status).toBe(200);
    const head = await fetch(`${server.url}${ACCOUNTS}.xml?provider_key=pk_north`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, XML]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is 404: there are no writes', async (method) => {
    for (const path of [`${ACCOUNTS}.json`, '/admin/api/applications.json', `${USAGE}.json`]) {
      const answer = await fetch(`${server.url}${path}?provider_key=pk_north`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: '{"name":"x"}',
      });
      expect([answer.status, await answer.text()]).toEqual([404, '{"status":"Not found"}']);
    }
  });
});

describe('parameters in the body of a GET', () => {
  const JSON_BODY = { 'content-type': 'application/json' };
  const FORM_BODY = { 'content-type': 'application/x-www-form-urlencoded' };

  test('the Python client: token in the query, the rest as JSON with nulls', async () => {
    const body = '{"metric_name":"hits","since":null,"period":"year"}';
    const answer = await send(`${USAGE}.json?access_token=at_north`, JSON_BODY, body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ period: { name: 'year', granularity: 'month' }, total: 0 });
  });

  test('JSON false switches the comparison on', async () => {
    const body = '{"metric_name":"hits","since":"2024-03-01","period":"month","skip_change":false}';
    const answer = await send(`${USAGE}.json?access_token=at_north`, JSON_BODY, body);
    expect(JSON.parse(answer.text)).toMatchObject({ total: 12, previous_total: 0, change: 100 });
  });

  test('a form, credential included', async () => {
    const answer = await send(`${USAGE}.json`, FORM_BODY, `provider_key=pk_north&${RANGE}`);
    expect(JSON.parse(answer.text)).toMatchObject({ values: [0, 12, 0] });
  });

  test('the query wins over the body, the path over both', async () => {
    const body = '{"metric_name":"none","since":"2000-01-01","application_id":45}';
    const answer = await send(`${USAGE}.json?access_token=at_north&application_id=46&${RANGE}`, JSON_BODY, body);
    expect(JSON.parse(answer.text)).toMatchObject({ values: [0, 12, 0], application: { id: 41 } });
  });

  test('numbers are read as they are written', async () => {
    const body = '{"per_page":2,"page":2}';
    const answer = await send('/admin/api/applications.json?access_token=at_north', JSON_BODY, body);
    expect(JSON.parse(answer.text)).toMatchObject({ metadata: { per_page: 2, current_page: 2 } });
  });

  test.each([
    ['not JSON', '{"metric_name":', 400],
    ['a list', '[1,2]', 200],
    ['a text', '"x"', 200],
    ['blanks', '  ', 200],
    ['nested values', '{"metric_name":{"a":1},"since":[1]}', 200],
    ['100 KB', `{"x":"${'y'.repeat(100_000)}"}`, 400],
  ])('%s', async (_, body, status) => {
    const answer = await send(`${USAGE}.json?access_token=at_north&${RANGE}`, JSON_BODY, body);
    expect([answer.status, answer.type]).toEqual([status, JSON_TYPE]);
  });

  test('another media type carries no parameters', async () => {
    const answer = await send(
      `${USAGE}.json?access_token=at_north&${RANGE}`,
      { 'content-type': 'text/plain' },
      'since=',
    );
    expect(answer.status).toBe(200);
  });
});

describe("another tenant's objects are not there", () => {
  test.each([
    '/admin/api/accounts/170',
    '/admin/api/accounts/170/applications',
    '/admin/api/accounts/170/applications/410',
    '/admin/api/accounts/170/applications/find?user_key=uk_mar',
    '/admin/api/accounts/17/applications/410',
    '/admin/api/accounts/170/users',
    '/admin/api/accounts/170/users/25',
    '/admin/api/accounts/17/users/24',
    '/admin/api/accounts/find?username=sol',
    '/admin/api/accounts/find?user_id=25',
    '/admin/api/accounts/find?email=mar@sur.example',
    '/admin/api/applications/find?application_id=410',
    '/admin/api/applications/find?user_key=uk_mar',
    '/admin/api/applications/find?user_key=uk_sol',
    '/admin/api/services/70',
    '/admin/api/services/70/metrics',
    '/admin/api/services/7/metrics/51',
    '/admin/api/services/70/metrics/52',
    '/admin/api/services/70/application_plans',
    '/admin/api/services/70/application_plans/71',
    '/admin/api/application_plans/71/limits',
    '/admin/api/application_plans/71/metrics/52/limits',
  ])('%s', async (path) => {
    const [bare = '', query = ''] = path.split('?');
    expect(await ask(server.url, `${bare}.json?${query}`)).toEqual({
      status: 404,
      type: JSON_TYPE,
      text: '{"status":"Not found"}',
    });
    const south = await ask(server.url, `${bare}.json?${query}&provider_key=pk_south`);
    // The owner sees it, so it is there to be hidden.
    const crossed = ['/accounts/17/applications/410', '/accounts/17/users/24', '/services/7/metrics/51'];
    expect(south.status).toBe(path.endsWith(crossed[0] ?? '') ? 404 : 200);
  });

  test.each([
    ['/stats/applications/410/usage', 'Application not found'],
    ['/stats/applications/410/usage_response_code', 'Application not found'],
    ['/stats/applications/410/summary', 'Application not found'],
    ['/stats/services/70/usage', 'Service not found'],
    ['/stats/services/70/usage_response_code', 'Service not found'],
    ['/stats/services/70/top_applications', 'Service not found'],
    ['/stats/services/70/summary', 'Service not found'],
  ])('%s', async (path, words) => {
    const query = `${RANGE}&response_code=200&period=month`;
    expect(await ask(server.url, `${path}.json?${query}`)).toEqual({
      status: 404,
      type: JSON_TYPE,
      text: JSON.stringify({ error: words }),
    });
    expect((await ask(server.url, `${path}.json?${query}&provider_key=pk_south`)).status).toBe(200);
  });

  test('objects with the same id are the own ones, and so are their numbers', async () => {
    await use(server.url, [{ time: '2024-03-02T10:00:00Z', value: 5 }], 'th_south');
    const south = JSON.parse((await ask(server.url, `${USAGE}.json?provider_key=pk_south&${RANGE}`)).text) as object;
    expect(south).toMatchObject({ total: 5, application: { name: 'Sol', account: { name: 'Sur' } } });
    const north = JSON.parse((await ask(server.url, `${USAGE}.json?${RANGE}`)).text) as object;
    expect(north).toMatchObject({ total: 12, application: { name: 'Weather widget' } });
    for (const path of [
      '/admin/api/applications',
      '/admin/api/accounts',
      '/admin/api/services',
      '/admin/api/application_plans',
    ]) {
      const text = (await ask(server.url, `${path}.xml?provider_key=pk_south`)).text;
      expect(text).not.toMatch(
        /Weather|Ann's lab|evaluation<\/name><type>application_plan<\/type><state>published.*Pro/,
      );
    }
  });
});

test('nothing a caller may send is answered with a failure of ours', async () => {
  const junk = [
    '%00',
    '%ff%fe',
    "';--",
    '🗺',
    '-1',
    '1e400',
    'null',
    'x'.repeat(3_000),
    '[]',
    '%',
    '..%2f..',
    '9'.repeat(40),
  ];
  const names = ['page', 'per_page', 'service_id', 'plan_id', 'account', 'name', 'user_key', 'state', 'active_since'];
  const stats = ['metric_name', 'since', 'until', 'granularity', 'period', 'timezone', 'response_code', 'limit'];
  const requests = junk.flatMap((value) => [
    ...names.map((name) => `/admin/api/applications.json?access_token=at_north&${name}=${value}`),
    ...stats.map((name) => `${USAGE}.json?access_token=at_north&${RANGE}&${name}=${value}`),
    ...stats.map(
      (name) => `/stats/services/7/top_applications.xml?access_token=at_north&${RANGE}&period=week&${name}=${value}`,
    ),
    `/admin/api/accounts/${value}.xml?access_token=at_north`,
    `/stats/services/${value}/usage.csv?access_token=at_north&${RANGE}`,
    `/admin/api/accounts/find.json?access_token=at_north&username=${value}`,
  ]);
  const failed: string[] = [];
  const look = async (path: string): Promise<void> => {
    const { status } = await send(
      encodeURI(decodable(path) ? path : path.replaceAll('%', '%25')).replaceAll('%25', '%'),
    );
    if (status >= 500) failed.push(`${status} ${path}`);
  };
  while (requests.length > 0) await Promise.all(requests.splice(0, 24).map(look));
  expect(failed).toEqual([]);
});

function decodable(text: string): boolean {
  try {
    decodeURI(text);
    return true;
  } catch {
    return false;
  }
}

test('a tenant that asks more often than configured is told when to come back', async () => {
  const limited = await startServer({ directory: DIRECTORY, clock: NOW, env: { TALLYHOUSE_THREESCALE_READS: '2' } });
  try {
    const get = (format: string, key = 'pk_north') => fetch(`${limited.url}${ACCOUNTS}.${format}?provider_key=${key}`);
    expect([(await get('xml')).status, (await get('json')).status]).toEqual([200, 200]);
    const refused = await get('json');
    expect([refused.status, await refused.text()]).toEqual([429, '{"error":"Too many requests"}']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await (await get('xml')).text()).toBe(`${DECLARED}<error>Too many requests</error>`);
    expect((await get('json', 'pk_south')).status).toBe(200);
  } finally {
    await limited.stop();
  }
}, 60_000);
