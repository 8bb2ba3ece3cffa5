import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { errorXml, serviceCalls } from './support/calls.ts';
import { directory } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory, clock: '2024-03-09T10:15:30Z' });
});
afterAll(() => server.stop());

const { send, get, report } = serviceCalls(() => server.url);
const WEATHER = 'service_token=st_weather&service_id=7';

describe('a call that gets no verdict', () => {
  test.each([
    [
      'no credentials',
      'user_key=uk_41',
      403,
      'provider_key_or_service_token_required',
      'Provider key or service token are required',
    ],
    [
      'blank credentials',
      'provider_key=&service_token=+&user_key=uk_41',
      403,
      'provider_key_or_service_token_required',
      'Provider key or service token are required',
    ],
    ['a token alone', 'service_token=st_weather&user_key=uk_41', 422, 'service_id_missing', 'Service ID is missing'],
    [
      'an unknown token',
      'service_token=T<1>&service_id=7&user_key=uk_41',
      403,
      'service_token_invalid',
      'service token "T&lt;1&gt;" or service id "7" is invalid',
    ],
    [
      'a token with the id of another service',
      'service_token=st_weather&service_id=8',
      403,
      'service_token_invalid',
      'service token "st_weather" or service id "8" is invalid',
    ],
    [
      'a token with the id of another tenant',
      'service_token=st_weather&service_id=70',
      403,
      'service_token_invalid',
      'service token "st_weather" or service id "70" is invalid',
    ],
    [
      'an unknown key alone',
      'provider_key=nobody&user_key=uk_41',
      403,
      'provider_key_invalid_or_service_missing',
      'provider key "nobody" invalid and/or service ID missing',
    ],
    [
      'a key of a tenant without services',
      'provider_key=pk_empty&user_key=uk_41',
      403,
      'provider_key_invalid_or_service_missing',
      'provider key "pk_empty" invalid and/or service ID missing',
    ],
    [
      'an unknown key with a service',
      'provider_key=nobody&service_id=7&user_key=uk_41',
      403,
      'provider_key_invalid',
      'provider key "nobody" is invalid',
    ],
    [
      'the digest of a key',
      'provider_key=3d29a2&service_id=7',
      403,
      'provider_key_invalid',
      'provider key "3d29a2" is invalid',
    ],
    [
      'an access token as provider key',
      'provider_key=at_north&service_id=7',
      403,
      'provider_key_invalid',
      'provider key "at_north" is invalid',
    ],
    [
      'a key with an unknown service',
      'provider_key=pk_north&service_id=999&user_key=uk_41',
      403,
      'service_id_invalid',
      'service id "999" is invalid',
    ],
    [
      'a key with a service of another tenant',
      'provider_key=pk_north&service_id=70&user_key=uk_41',
      403,
      'service_id_invalid',
      'service id "70" is invalid',
    ],
    [
      'a key with a service that is no number',
      'provider_key=pk_north&service_id=weather',
      403,
      'service_id_invalid',
      'service id "weather" is invalid',
    ],
    [
      'a good token beside a bad key',
      'provider_key=nobody&service_token=st_weather&service_id=7',
      403,
      'provider_key_invalid',
      'provider key "nobody" is invalid',
    ],
    ['no application, by user key', WEATHER, 403, 'user_key_invalid', 'user key is missing'],
    [
      'no application, by app id',
      'service_token=st_maps&service_id=8',
      404,
      'application_not_found',
      'application id is missing',
    ],
    ['a blank user key', `${WEATHER}&user_key=`, 403, 'user_key_invalid', 'user key is missing'],
    ['an unknown user key', `${WEATHER}&user_key=nobody`, 403, 'user_key_invalid', 'user key "nobody" is invalid'],
    [
      'a user key of another tenant',
      `${WEATHER}&user_key=uk_south`,
      403,
      'user_key_invalid',
      'user key "uk_south" is invalid',
    ],
    [
      'a user key of another service',
      `${WEATHER}&user_key=uk_71`,
      403,
      'user_key_invalid',
      'user key "uk_71" is invalid',
    ],
    [
      'the integer id as app id',
      'service_token=st_maps&service_id=8&app_id=51',
      404,
      'application_not_found',
      'application with id="51" was not found',
    ],
    [
      'an app id where user keys are',
      `${WEATHER}&app_id=open`,
      404,
      'application_not_found',
      'application with id="open" was not found',
    ],
    [
      'a user key where app ids are',
      'service_token=st_maps&service_id=8&user_key=uk_41',
      403,
      'user_key_invalid',
      'user key "uk_41" is invalid',
    ],
    [
      'both names',
      'service_token=st_maps&service_id=8&app_id=open&user_key=uk_41',
      403,
      'authentication_error',
      'either app_id or user_key is allowed, not both',
    ],
    [
      'an unknown metric',
      `${WEATHER}&user_key=uk_41&usage[clicks]=1`,
      404,
      'metric_invalid',
      'metric "clicks" is invalid',
    ],
    [
      'a metric of another service',
      'service_token=st_maps&service_id=8&app_id=open&usage[search]=1',
      404,
      'metric_invalid',
      'metric "search" is invalid',
    ],
    [
      'a word as value',
      `${WEATHER}&user_key=uk_41&usage[hits]=many`,
      403,
      'usage_value_invalid',
      'usage value "many" for metric "hits" is invalid',
    ],
    [
      'a negative value',
      `${WEATHER}&user_key=uk_41&usage[hits]=-1`,
      403,
      'usage_value_invalid',
      'usage value "-1" for metric "hits" is invalid',
    ],
    [
      'a fraction',
      `${WEATHER}&user_key=uk_41&usage[hits]=1.5`,
      403,
      'usage_value_invalid',
      'usage value "1.5" for metric "hits" is invalid',
    ],
    [
      'a value to be set',
      `${WEATHER}&user_key=uk_41&usage[hits]=%235`,
      403,
      'usage_value_invalid',
      'usage value "#5" for metric "hits" is invalid',
    ],
    [
      'a value beyond 2^53',
      `${WEATHER}&user_key=uk_41&usage[hits]=99999999999999999999`,
      403,
      'usage_value_invalid',
      'usage value "99999999999999999999" for metric "hits" is invalid',
    ],
    [
      'an empty value',
      `${WEATHER}&user_key=uk_41&usage[hits]=`,
      403,
      'usage_value_invalid',
      'usage value for metric "hits" can not be empty',
    ],
    [
      'no value',
      `${WEATHER}&user_key=uk_41&usage[hits]`,
      403,
      'usage_value_invalid',
      'usage value for metric "hits" can not be empty',
    ],
    [
      'a map as value',
      `${WEATHER}&user_key=uk_41&usage[hits][x]=1`,
      403,
      'usage_value_invalid',
      'usage value for metric "hits" can not be empty',
    ],
    ['bytes that are not UTF-8', `${WEATHER}&user_key=%ff`, 422, 'not_valid_data', 'all data must be valid UTF8'],
    ['half of a surrogate pair', `${WEATHER}&user_key=%ED%A0%80`, 422, 'not_valid_data', 'all data must be valid UTF8'],
    [
      'bad percent-encoding',
      `${WEATHER}&user_key=%zz`,
      400,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
    [
      'usage as list and map',
      `${WEATHER}&user_key=uk_41&usage[]=1&usage[hits]=1`,
      400,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
    [
      'usage as text and map',
      `${WEATHER}&user_key=uk_41&usage=1&usage[hits]=1`,
      400,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
    [
      'too many parameters',
      `${WEATHER}&user_key=uk_41${'&a'.repeat(16_384)}`.slice(0, 60_000),
      400,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
    [
      'an end user',
      `${WEATHER}&user_key=uk_41&user_id=ann`,
      400,
      'end_users_no_longer_supported',
      'End-users are no longer supported, do not specify the user_id parameter',
    ],
  ])('%s', async (_name, query, status, code, message) => {
    const url = query.startsWith(`${WEATHER}&user_key=uk_41&a&a`) ? null : query;
    const answered = url === null ? await report(query) : await get('authrep', url);
    expect([answered.status, answered.body]).toEqual([status, errorXml(code, message)]);
    expect(answered.headers.get('content-type')).toBe('application/vnd.3scale-v2.0+xml');
  });

  test.each([
    ['usage that is a text', `${WEATHER}&user_key=uk_41&usage=1001`],
    ['usage that is a list', `${WEATHER}&user_key=uk_41&usage[]=1001`],
    ['usage that is blank', `${WEATHER}&user_key=uk_41&usage=`],
    ['the key of a suspended tenant', 'provider_key=pk_gone&user_key=u'],
    ['a token of a suspended tenant', 'service_token=st_gone&service_id=80&user_key=u'],
  ])('%s: 403 with an empty body', async (_name, query) => {
    const answered = await get('authorize', query);
    expect([answered.status, answered.body]).toEqual([403, '']);
  });

  test.each([
    ['credentials', 'provider_key=nobody&user_key=%ff&user_id=1&usage[x]=y', 'provider_key_invalid_or_service_missing'],
    ['UTF-8', `${WEATHER}&user_key=%ff&user_id=1&usage[x]=y`, 'not_valid_data'],
    ['user_id', `${WEATHER}&user_key=nobody&user_id=1&usage[x]=y`, 'end_users_no_longer_supported'],
    ['application', `${WEATHER}&user_key=nobody&usage[x]=y`, 'user_key_invalid'],
    ['metric', `${WEATHER}&user_key=uk_41&usage[hits]=y&usage[x]=1`, 'metric_invalid'],
    ['value', `${WEATHER}&user_key=uk_44&usage[hits]=y`, 'usage_value_invalid'],
  ])('of several mistakes, %s is told', async (_first, query, code) => {
    expect((await get('authorize', query)).body).toContain(`<error code="${code}">`);
  });

  test('characters that XML cannot hold do not break the answer', async () => {
    const answered = await get('authorize', `${WEATHER}&user_key=a%00%01%22%26b`);
    expect([answered.status, answered.body]).toEqual([
      403,
      errorXml('user_key_invalid', 'user key "a\ufffd\ufffd"&amp;b" is invalid'),
    ]);
  });
});

describe('a report that is refused at once', () => {
  const BASE = `${WEATHER}&`;
  test.each([
    ['no transactions', WEATHER, 'transactions_is_blank', 'transactions parameter is blank'],
    ['blank transactions', `${BASE}transactions=`, 'transactions_is_blank', 'transactions parameter is blank'],
    ['transactions without a value', `${BASE}transactions`, 'transactions_is_blank', 'transactions parameter is blank'],
    ['a text', `${BASE}transactions=1`, 'transactions_format_invalid', 'transactions format is invalid'],
    [
      'a list',
      `${BASE}transactions[][user_key]=uk_42`,
      'transactions_format_invalid',
      'transactions format is invalid',
    ],
    [
      'a transaction that is a text',
      `${BASE}transactions[0]=1`,
      'transactions_format_invalid',
      'transactions format is invalid',
    ],
    [
      'usage that is a text',
      `${BASE}transactions[0][user_key]=uk_42&transactions[0][usage]=9`,
      'transactions_format_invalid',
      'transactions format is invalid',
    ],
    [
      'a transaction that is nothing',
      `${BASE}transactions[0]`,
      'transactions_has_nil_transaction',
      'transactions has a nil transaction',
    ],
    [
      'an end user',
      `${BASE}transactions[0][user_key]=uk_42&transactions[0][user_id]=1`,
      'end_users_no_longer_supported',
      'End-users are no longer supported, do not specify the user_id parameter',
    ],
    [
      'a name used twice',
      `${BASE}transactions[0][usage]=1&transactions[0][usage][hits]=1`,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
    [
      'too deep a name',
      `${BASE}transactions${'[a]'.repeat(40)}=1`,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
    [
      'too many parameters',
      `${BASE}${'a=1&'.repeat(16_384)}`,
      'bad_request',
      'request contains syntax errors, should not be repeated without modification',
    ],
  ])('%s', async (_name, form, code, message) => {
    const answered = await report(form);
    expect([answered.status, answered.body]).toEqual([400, errorXml(code, message)]);
  });

  test('more than 4 MiB', async () => {
    const answered = await report(`${BASE}a=${'x'.repeat(4 * 1024 * 1024)}`);
    expect([answered.status, answered.body]).toEqual([
      400,
      errorXml('bad_request', 'request contains syntax errors, should not be repeated without modification'),
    ]);
  });

  test.each([
    ['application/json', '{"transactions":{}}'],
    ['text/plain', 'transactions[0]'],
  ])('a body of type %s', async (type, body) => {
    const answered = await send('/transactions.xml', {
      method: 'POST',
      headers: { 'content-type': `${type}; charset=utf-8` },
      body,
    });
    expect([answered.status, answered.body]).toEqual([
      400,
      errorXml('content_type_invalid', `invalid Content-Type: ${type}`),
    ]);
  });

  test('a multipart form that is none', async () => {
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const answered = await send('/transactions.xml', {
        method: 'POST',
        headers: { 'content-type': type },
        body: 'no form',
      });
      expect(answered.status).toBe(400);
      expect(answered.body).toContain('<error code="bad_request">');
    }
  });

  test.each([
    ['no credentials', 'transactions[0][user_key]=uk_42', 403, 'provider_key_or_service_token_required'],
    ['a token alone', 'service_token=st_weather&transactions[0][user_key]=uk_42', 422, 'service_id_missing'],
    ['an unknown token', 'service_token=x&service_id=7&transactions[0][user_key]=uk_42', 403, 'service_token_invalid'],
    [
      'service_id inside of the transaction',
      'service_token=st_weather&transactions[0][user_key]=uk_42&transactions[0][service_id]=7',
      422,
      'service_id_missing',
    ],
  ])('%s', async (_name, form, status, code) => {
    const answered = await report(form);
    expect(answered.status).toBe(status);
    expect(answered.body).toContain(`<error code="${code}">`);
  });
});

describe('paths', () => {
  test.each([
    ['GET', '/check.txt', 200, 'ok', 'text/plain'],
    ['GET', '/status', 200, '{"status":"ok","version":{"backend":"3.4.3"}}', 'application/json'],
    ['HEAD', '/available', 200, '', null],
    ['GET', '/available', 404, '', null],
    ['GET', '/transactions.xml', 404, '', null],
    ['GET', '/transactions', 404, '', null],
    ['GET', '/transactions/authorize', 404, '', null],
    ['GET', '/transactions/authorize.json', 404, '', null],
    ['POST', '/transactions/authrep.xml', 404, '', null],
    ['DELETE', '/transactions/authrep.xml', 404, '', null],
    ['PUT', '/transactions.xml', 404, '', null],
    ['POST', '/check.txt', 404, '', null],
  ])('%s %s', async (method, path, status, body, type) => {
    const answered = await send(path, { method });
    expect([answered.status, answered.body]).toEqual([status, body]);
    if (type !== null) expect(answered.headers.get('content-type')).toContain(type);
    expect(answered.headers.get('access-control-allow-origin')).toBe('*');
    expect(answered.headers.get('access-control-expose-headers')).toBe('ETag, Link, 3scale-rejection-reason');
  });

  test.each(['/transactions.xml', '/transactions/authrep.xml', '/transactions/anything', '/status'])(
    'OPTIONS %s tells a browser what it may send',
    async (path) => {
      const { status, body, headers } = await send(path, { method: 'OPTIONS' });
      expect([status, body]).toEqual([204, '']);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-methods')).toContain('POST');
      expect(headers.get('access-control-allow-headers')).toContain('3scale-options');
      expect(headers.get('access-control-max-age')).toBe('86400');
    },
  );
});
