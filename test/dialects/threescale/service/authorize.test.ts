import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { DECLARATION, serviceCalls } from './support/calls.ts';
import { directory } from './support/directory.ts';

let server: TestServer;
beforeAll(async () => {
  // A Saturday of a leap year; the clock runs on from here.
  server = await startServer({ directory, clock: '2024-03-09T10:15:05Z' });
});
afterAll(() => server.stop());

const { send, get, report } = serviceCalls(() => server.url);
const WEATHER = 'service_token=st_weather&service_id=7';
const MAPS = 'service_token=st_maps&service_id=8';
const LOGIN = 'service_token=st_login&service_id=9';

const ALLOWED = `${DECLARATION}<status><authorized>true</authorized><plan>basic</plan></status>`;
const refused = (reason: string): string =>
  `${DECLARATION}<status><authorized>false</authorized><reason>${reason}</reason><plan>basic</plan></status>`;

/** A report of the plan `tiny`: 3 hits a day. */
const tiny = (current: number, exceeded = false): string =>
  `<plan>tiny</plan><usage_reports><usage_report metric="hits" period="day"${exceeded ? ' exceeded="true"' : ''}>` +
  '<period_start>2024-03-09 00:00:00 +0000</period_start><period_end>2024-03-10 00:00:00 +0000</period_end>' +
  `<max_value>3</max_value><current_value>${current}</current_value></usage_report></usage_reports>`;
const allowedTiny = (current: number): string =>
  `${DECLARATION}<status><authorized>true</authorized>${tiny(current)}</status>`;
const refusedTiny = (current: number, exceeded = false): string =>
  `${DECLARATION}<status><authorized>false</authorized><reason>usage limits are exceeded</reason>${tiny(current, exceeded)}</status>`;

test('all limits of the plan, metrics by id and the longest period first, with the periods that run', async () => {
  const { status, body, headers } = await get('authorize', `${WEATHER}&user_key=uk_41`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/vnd.3scale-v2.0+xml');
  expect(body).toBe(
    `${DECLARATION}<status><authorized>true</authorized><plan>evaluation &lt;free&gt;</plan><usage_reports>` +
      '<usage_report metric="hits" period="eternity"><max_value>100000</max_value><current_value>0</current_value></usage_report>' +
      '<usage_report metric="hits" period="day"><period_start>2024-03-09 00:00:00 +0000</period_start>' +
      '<period_end>2024-03-10 00:00:00 +0000</period_end><max_value>100</max_value><current_value>0</current_value></usage_report>' +
      '<usage_report metric="hits" period="minute"><period_start>2024-03-09 10:15:00 +0000</period_start>' +
      '<period_end>2024-03-09 10:16:00 +0000</period_end><max_value>60</max_value><current_value>0</current_value></usage_report>' +
      '<usage_report metric="search" period="month"><period_start>2024-03-01 00:00:00 +0000</period_start>' +
      '<period_end>2024-04-01 00:00:00 +0000</period_end><max_value>40</max_value><current_value>0</current_value></usage_report>' +
      '</usage_reports></status>',
  );
});

test('a plan without limits has no usage reports', async () => {
  const { status, body } = await get('authorize', `${WEATHER}&user_key=uk_42&usage[hits]=5`);
  expect([status, body]).toEqual([
    200,
    `${DECLARATION}<status><authorized>true</authorized><plan>professional</plan></status>`,
  ]);
});

describe('an authrep', () => {
  test('counts what it allows, and allows up to the maximum', async () => {
    const call = `${WEATHER}&user_key=uk_43&usage[hits]=`;
    const answers: [number, string][] = [];
    for (const amount of [2, 2, 1, 1, 0]) {
      const { status, body } = await get('authrep', `${call}${amount}`);
      answers.push([status, body]);
    }
    expect(answers).toEqual([
      [200, allowedTiny(2)],
      [409, refusedTiny(2)],
      [200, allowedTiny(3)],
      [409, refusedTiny(3)],
      [200, allowedTiny(3)],
    ]);
  });

  test('an authorize predicts, and counts nothing', async () => {
    const [over, within, none] = await Promise.all(
      ['&usage[hits]=1', '&usage[hits]=0', ''].map((usage) => get('authorize', `${WEATHER}&user_key=uk_43${usage}`)),
    );
    expect([over?.status, over?.body]).toEqual([409, refusedTiny(3)]);
    // At the maximum a call without usage passes.
    expect([within?.status, within?.body]).toEqual([200, allowedTiny(3)]);
    expect([none?.status, none?.body]).toEqual([200, allowedTiny(3)]);
  });

  test('without usage it counts nothing; beyond the maximum it is refused', async () => {
    expect((await get('authrep', `${WEATHER}&user_key=uk_43`)).body).toBe(allowedTiny(3));
    expect((await report(`${WEATHER}&transactions[0][user_key]=uk_43&transactions[0][usage][hits]=2`)).status).toBe(
      202,
    );
    const { status, body } = await get('authrep', `${WEATHER}&user_key=uk_43`);
    expect([status, body]).toEqual([409, refusedTiny(5, true)]);
  });

  test('a metric that is over its limit does not hold back the others', async () => {
    const closed = (reason: string): string =>
      `${DECLARATION}<status><authorized>${reason === ''}</authorized>${reason}<plan>closed</plan><usage_reports>` +
      '<usage_report metric="hits" period="hour"><period_start>2024-03-09 10:00:00 +0000</period_start>' +
      '<period_end>2024-03-09 11:00:00 +0000</period_end><max_value>0</max_value><current_value>0</current_value></usage_report>' +
      '<usage_report metric="bytes" period="year"><period_start>2024-01-01 00:00:00 +0000</period_start>' +
      `<period_end>2025-01-01 00:00:00 +0000</period_end><max_value>10</max_value><current_value>${reason === '' ? 10 : 0}</current_value>` +
      '</usage_report></usage_reports></status>';
    const hits = await get('authrep', `${WEATHER}&user_key=uk_45&usage[hits]=1&usage[bytes]=10`);
    expect([hits.status, hits.body]).toEqual([409, closed('<reason>usage limits are exceeded</reason>')]);
    const bytes = await get('authrep', `${WEATHER}&user_key=uk_45&usage[bytes]=10`);
    expect([bytes.status, bytes.body]).toEqual([200, closed('')]);
    // A limit of a parent holds for its methods.
    expect((await get('authrep', `${WEATHER}&user_key=uk_45&usage[search]=1`)).status).toBe(409);
    expect((await get('authrep', `${WEATHER}&user_key=uk_45&usage[search]=1`, 'flat_usage=1')).status).toBe(200);
  });

  test('what a method uses is added to its parent, on top of what is stated for it', async () => {
    const { body } = await get('authrep', `${WEATHER}&user_key=uk_41&usage[hits]=2&usage[search]=5&usage[forecast]=1`);
    expect(valuesIn(body)).toEqual(['hits eternity 8', 'hits day 8', 'hits minute 8', 'search month 5']);
    const flat = await get('authrep', `${WEATHER}&user_key=uk_41&usage[search]=3`, 'flat_usage=1');
    expect(valuesIn(flat.body)).toEqual([
      'hits eternity 8',
      'hits day 8',
      expect.stringMatching(/^hits minute/),
      'search month 8',
    ]);
  });

  test.each([
    ['the leading bracket', '[usage][search]=1'],
    ['the leading bracket, encoded', '%5Busage%5D%5Bsearch%5D=1'],
    ['blanks around name and value', 'usage[%20search+]=%201%20'],
    ['a name twice', 'usage[search]=9&usage[search]=1'],
  ])('usage may be written with %s', async (_name, usage) => {
    const before = Number(
      /search month (\d+)/.exec(valuesIn((await get('authorize', `${WEATHER}&user_key=uk_47`)).body).join())?.[1],
    );
    const { status, body } = await get('authrep', `${WEATHER}&user_key=uk_47&${usage}`);
    expect(status).toBe(200);
    expect(valuesIn(body)).toContain(`search month ${before + 1}`);
  });

  test('the default service is meant when a provider key names none', async () => {
    expect((await get('authorize', 'provider_key=pk_north&user_key=uk_42')).status).toBe(200);
    expect((await get('authorize', 'provider_key=pk_north&service_id=8&app_id=open')).body).toBe(ALLOWED);
    expect((await get('authorize', 'provider_key=pk_north&service_token=bad&user_key=uk_42')).status).toBe(200);
    expect((await get('authorize', 'provider_key=pk_south&user_key=uk_south')).status).toBe(200);
  });
});

describe('a verdict without regard to limits', () => {
  test.each([
    ['no keys, none sent', `${MAPS}&app_id=open`, null],
    ['no keys, one sent', `${MAPS}&app_id=open&app_key=anything`, null],
    ['no keys, a blank one', `${MAPS}&app_id=open&app_key=`, null],
    ['keys, one of them', `${MAPS}&app_id=keyed&app_key=key-two`, null],
    ['blanks around the key', `${MAPS}&app_id=keyed&app_key=+key-two+`, null],
    ['keys, none sent', `${MAPS}&app_id=keyed`, 'application key is missing'],
    ['keys, a blank one', `${MAPS}&app_id=keyed&app_key=+`, 'application key is missing'],
    ['keys, another', `${MAPS}&app_id=keyed&app_key=<k>"&`, 'application key "&lt;k&gt;"" is invalid'],
    ['filters, no referrer', `${MAPS}&app_id=filtered`, 'referrer is missing'],
    [
      'filters, another referrer',
      `${MAPS}&app_id=filtered&referrer=example.com`,
      'referrer "example.com" is not allowed',
    ],
    [
      'filters, one that looks alike',
      `${MAPS}&app_id=filtered&referrer=10a0b0c1`,
      'referrer "10a0b0c1" is not allowed',
    ],
    ['filters, the referrer', `${MAPS}&app_id=filtered&referrer=10.0.0.1`, null],
    ['filters, a referrer of the pattern', `${MAPS}&app_id=filtered&referrer=shop.example.org`, null],
    ['filters, any referrer', `${MAPS}&app_id=filtered&referrer=*`, null],
    ['filters nobody has', `${MAPS}&app_id=open&referrer=example.com`, null],
    ['everything wrong: the key first', `${MAPS}&app_id=strict&referrer=x`, 'application key is missing'],
    ['then the referrer', `${MAPS}&app_id=strict&app_key=key-one&referrer=x`, 'referrer "x" is not allowed'],
    [
      'then the application',
      `${MAPS}&app_id=strict&app_key=key-one&referrer=shop.example.org`,
      'application is not active',
    ],
    ['then the service', 'service_token=st_closed&service_id=10&user_key=uk_71', 'service is not active'],
    ['a client of an OAuth product needs no key', `${LOGIN}&app_id=client`, null],
    [
      'but a key that is sent has to be right',
      `${LOGIN}&app_id=client&app_key=wrong`,
      'application key "wrong" is invalid',
    ],
    ['also a blank one', `${LOGIN}&app_id=client&app_key=`, 'application key is missing'],
  ])('%s', async (_name, query, reason) => {
    for (const call of ['authorize', 'authrep']) {
      const { status, body } = await get(call, query);
      expect([status, body]).toEqual(reason === null ? [200, ALLOWED] : [409, refused(reason)]);
    }
  });

  test('applications that wait or sleep are refused, and nothing is counted', async () => {
    for (const key of ['uk_44', 'uk_46']) {
      const { status, body } = await get('authrep', `${WEATHER}&user_key=${key}&usage[hits]=1`);
      expect(status).toBe(409);
      expect(body).toBe(
        `${DECLARATION}<status><authorized>false</authorized><reason>application is not active</reason>${tiny(0)}</status>`,
      );
    }
  });

  test('limits are looked at last', async () => {
    await report(`${WEATHER}&transactions[0][user_key]=uk_44&transactions[0][usage][hits]=9`);
    expect((await get('authorize', `${WEATHER}&user_key=uk_44`)).body).toContain(
      '<reason>application is not active</reason>',
    );
  });
});

describe('the calls of OAuth', () => {
  const client = (redirect = 'https://app.example/back'): string =>
    `<application><id>client</id><key>secret-1</key><redirect_url>${redirect}</redirect_url></application><plan>basic</plan></status>`;

  test.each([
    ['no key needed', 'app_id=client', null],
    ['with a key', 'app_id=client&app_key=secret-2', null],
    ['a wrong key', 'app_id=client&app_key=no', 'application key "no" is invalid'],
    ['the right redirect_url', 'app_id=client&redirect_url=https://app.example/back', null],
    ['a blank redirect_url', 'app_id=client&redirect_url=', null],
    [
      'a wrong redirect_url',
      'app_id=client&redirect_url=https://evil.example/?a%26b',
      'redirect_url "https://evil.example/?a&amp;b" is invalid',
    ],
    [
      'a wrong redirect_uri',
      'app_id=client&redirect_uri=https://evil.example',
      'redirect_uri "https://evil.example" is invalid',
    ],
    ['the key before the redirect_url', 'app_id=client&app_key=no&redirect_url=x', 'application key "no" is invalid'],
  ])('%s', async (_name, query, reason) => {
    for (const call of ['oauth_authorize', 'oauth_authrep']) {
      const { status, body } = await get(call, `${LOGIN}&${query}`);
      const start = `${DECLARATION}<status><authorized>${reason === null}</authorized>`;
      expect([status, body]).toEqual([
        reason === null ? 200 : 409,
        `${start}${reason === null ? '' : `<reason>${reason}</reason>`}${client()}`,
      ]);
    }
  });

  test('other services have no OAuth', async () => {
    const { status, body } = await get('oauth_authrep', `${MAPS}&app_id=keyed`);
    expect(status).toBe(409);
    expect(body).toBe(
      `${DECLARATION}<status><authorized>false</authorized><reason>oauth is not enabled</reason>` +
        '<application><id>keyed</id><key>key-one</key><redirect_url/></application><plan>basic</plan></status>',
    );
  });

  test('the app id is required', async () => {
    const { status, body } = await get('oauth_authorize', `${LOGIN}&user_key=x`);
    expect([status, body]).toEqual([
      404,
      `${DECLARATION}<error code="application_not_found">application id is missing</error>`,
    ]);
  });
});

describe('options', () => {
  test.each([
    ['the header', '', 'no_body=1'],
    ['the query', '&no_body=true', undefined],
    ['the query without value', '&no_body=', undefined],
  ])('no_body in %s: the status alone', async (_name, query, options) => {
    const { status, body } = await get('authorize', `${MAPS}&app_id=keyed${query}`, options);
    expect([status, body]).toEqual([409, '']);
  });

  test.each(['&no_body=0', '&no_body=false'])('%s asks for the body', async (query) => {
    expect((await get('authorize', `${MAPS}&app_id=open${query}`)).body).toBe(ALLOWED);
  });

  test.each([
    [`${MAPS}&app_id=keyed`, 'application_key_invalid'],
    [`${MAPS}&app_id=filtered`, 'referrer_not_allowed'],
    [`${WEATHER}&user_key=uk_44`, 'application_not_active'],
    ['service_token=st_closed&service_id=10&user_key=uk_71', 'service_not_active'],
    [`${WEATHER}&user_key=uk_45&usage[hits]=1`, 'limits_exceeded'],
    [`${MAPS}&app_id=open`, null],
  ])('rejection_reason_header: %s', async (query, code) => {
    const { headers } = await get('authorize', query, 'rejection_reason_header=1');
    expect(headers.get('3scale-rejection-reason')).toBe(code);
    expect((await get('authorize', query)).headers.get('3scale-rejection-reason')).toBeNull();
  });

  test.each([
    ['oauth_authorize', `${MAPS}&app_id=keyed`, 'oauth_not_enabled'],
    ['oauth_authorize', `${LOGIN}&app_id=client&redirect_url=x`, 'redirect_url_invalid'],
  ])('rejection_reason_header of %s: %s', async (call, query, code) => {
    expect((await get(call, query, 'rejection_reason_header=1')).headers.get('3scale-rejection-reason')).toBe(code);
  });

  const limitsOf = (headers: Headers): (string | null)[] =>
    ['remaining', 'reset', 'max-value'].map((name) => headers.get(`3scale-limit-${name}`));

  test('limit_headers tell of the scarcest limit', async () => {
    const query = `${WEATHER}&user_key=uk_48`;
    const ask = async (call: string, usage: string) => (await get(call, query + usage, 'limit_headers=1')).headers;
    // Of a day of 3: a prediction is not taken off, a counted call is.
    expect(limitsOf(await ask('authorize', '&usage[hits]=2'))).toEqual(['1', expect.stringMatching(/^49\d\d\d$/), '3']);
    expect(limitsOf(await ask('authrep', '&usage[hits]=1'))).toEqual(['2', expect.any(String), '3']);
    expect(limitsOf(await ask('authrep', '&usage[search]=1'))).toEqual(['1', expect.any(String), '3']);
    expect(limitsOf(await ask('authorize', ''))).toEqual(['-1', '-1', null]);
    expect(limitsOf(await ask('authorize', '&usage[bytes]=1'))).toEqual(['-1', '-1', null]);
    expect(limitsOf(await ask('authrep', '&usage[hits]=2'))).toEqual(['0', expect.any(String), '3']);
    await report(`${WEATHER}&transactions[0][user_key]=uk_48&transactions[0][usage][hits]=2`);
    expect(limitsOf(await ask('authorize', ''))).toEqual(['0', expect.any(String), '3']);
  });

  test('limit_headers without limits, or with another refusal', async () => {
    expect(limitsOf((await get('authorize', `${MAPS}&app_id=open&usage[hits]=1`, 'limit_headers=1')).headers)).toEqual([
      '-1',
      '-1',
      null,
    ]);
    expect(limitsOf((await get('authorize', `${MAPS}&app_id=keyed`, 'limit_headers=1')).headers)).toEqual([
      null,
      null,
      null,
    ]);
    expect(limitsOf((await get('authorize', `${MAPS}&app_id=open`)).headers)).toEqual([null, null, null]);
  });

  test('hierarchy: what adds to the metrics that are limited', async () => {
    const { body } = await get('authorize', `${WEATHER}&user_key=uk_41`, 'hierarchy=1');
    expect(body).toContain(
      '</usage_reports><hierarchy><metric name="hits" children="search forecast"/><metric name="search" children=""/></hierarchy></status>',
    );
  });

  test('list_app_keys, with the hierarchy after it', async () => {
    const { body } = await get('authorize', `${MAPS}&app_id=keyed&app_key=key-one`, 'list_app_keys=1&hierarchy=1');
    expect(body).toBe(
      `${DECLARATION}<status><authorized>true</authorized><plan>basic</plan>` +
        '<app_keys app="keyed" svc="8"><key id="key-one"/><key id="key-two"/></app_keys><hierarchy/></status>',
    );
  });
});

test('a change of the directory counts within a second', async () => {
  const key = { authorization: 'Bearer th_north', 'content-type': 'application/json' };
  const applications = '/api/v1/organizations/NORTH/accounts/17/applications';
  expect((await get('authorize', `${MAPS}&app_id=late`)).status).toBe(404);
  const made = await send(applications, {
    method: 'POST',
    headers: key,
    body: JSON.stringify({ id: 99, product: 'maps', plan: 'basic', name: 'Late', app_id: 'late' }),
  });
  expect([made.status, made.body]).toEqual([201, expect.any(String)]);
  await expect.poll(async () => (await get('authorize', `${MAPS}&app_id=late`)).status, { timeout: 1000 }).toBe(200);
  await send(`${applications}/99`, { method: 'PATCH', headers: key, body: '{"state":"suspended"}' });
  await expect.poll(async () => (await get('authorize', `${MAPS}&app_id=late`)).status, { timeout: 1000 }).toBe(409);
});

/** `hits day 8` for each usage report. */
function valuesIn(xml: string): string[] {
  const report = /<usage_report metric="(\w+)" period="(\w+)".*?<current_value>(\d+)<\/current_value>/g;
  return [...xml.matchAll(report)].map(([, metric, period, value]) => `${metric} ${period} ${value}`);
}
