import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngagementJson } from '../../../src/reports/engagement/render-json.ts';
import { Client } from '../native/support/client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Contract 6 in the dialect: credentials, errors of 2.3, formats, and the equality with usage. */
const application = (id: number, created: string): string =>
  `{id: ${id}, product: weather, plan: evaluation, name: App ${id}, state: live, user_key: uk_${id}, created_at: "${created}"}`;
const DIRECTORY = `
organizations:
  - key: NORTH
    uid: north
    name: North
    timezone: Europe/Berlin
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    provider:
      provider_key: pk_north
      access_tokens:
        - {token: at_both, scopes: [stats, account_management], permission: ro}
        - {token: at_stats, scopes: [stats], permission: rw}
        - {token: at_accounts, scopes: [account_management], permission: rw}
    products:
      - id: 7
        system_name: weather
        name: Weather
        service_tokens: [st_7]
        metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}]
        plans: [{id: 3, system_name: evaluation, name: evaluation}]
    accounts:
      - id: 17
        org_name: Ann's lab
        state: approved
        users: [{id: 23, username: ann, email: ann@lab.example, first_name: Ann, last_name: Lee, role: admin}]
        applications: [${application(41, '2024-03-29T08:15:00Z')}, ${application(42, '2024-03-31T23:30:00Z')}]
  - key: SOUTH
    uid: south
    name: South
    provider: {provider_key: pk_south}
    products: [{id: 7, system_name: weather, name: Weather, metrics: [{id: 11, system_name: hits}], plans: [{id: 3, system_name: evaluation, name: evaluation}]}]
`;

let server: TestServer;
beforeAll(async () => {
  // 31 March 2024 has 23 hours in Berlin.
  server = await startServer({ directory: DIRECTORY, clock: '2024-04-03T10:00:00Z' });
  const row = (application: number, time: string, value: number, metric = 'hits'): object => ({
    time,
    product: 'weather',
    application,
    metric,
    value,
  });
  await new Client(server.url, 'th_north').count('usage', [
    row(41, '2024-03-30T22:59:59Z', 3),
    row(41, '2024-03-30T23:00:00Z', 4),
    row(41, '2024-03-31T21:59:59Z', 5),
    row(41, '2024-03-31T22:00:00Z', 6),
    row(42, '2024-04-01T10:00:00Z', 7, 'search'),
  ]);
});
afterAll(() => server.stop());

async function ask(
  format: string,
  parameters: Readonly<Record<string, string>>,
): Promise<{ status: number; type: string; body: string }> {
  const query = new URLSearchParams({ provider_key: 'pk_north', ...parameters });
  const response = await fetch(`${server.url}/stats/reports/engagement${format}?${query.toString()}`);
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: await response.text() };
}

describe('the report', () => {
  test.each(['Europe/Berlin', 'UTC', 'Asia/Kolkata', 'America/New_York', 'Madrid'])(
    'has the day values of /stats/applications/{id}/usage in %s',
    async (timezone) => {
      const { body } = await ask('.json', { plan_name: 'evaluation', days: '6', timezone });
      const { parameters, applications } = JSON.parse(body) as EngagementJson;
      expect(applications.map((row) => row.application_id)).toEqual(expect.arrayContaining([41, 42]));
      for (const { application_id: id, values } of applications) {
        const query = new URLSearchParams({
          provider_key: 'pk_north',
          metric_name: 'hits',
          since: parameters.since,
          until: parameters.until,
          granularity: 'day',
          timezone,
        });
        const usage = await fetch(`${server.url}/stats/applications/${id}/usage.json?${query.toString()}`);
        expect([usage.status, await usage.json()]).toMatchObject([200, { values }]);
      }
    },
  );

  test('counts days as the zone of the tenant has them, and what methods add', async () => {
    const { status, type, body } = await ask('.json', { plan_name: 'evaluation', days: '6' });
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    const report = JSON.parse(body) as EngagementJson;
    expect(report.parameters).toMatchObject({ timezone: 'Europe/Berlin', since: '2024-03-29', until: '2024-04-03' });
    expect(
      report.applications.map((row) => [
        row.application_id,
        row.group,
        row.values,
        row.growth_percent,
        row.created_at,
        row.email,
      ]),
    ).toEqual([
      [41, 'consistent', [0, 3, 9, 6, 0, 0], -50, '2024-03-29T09:15:00+01:00', 'ann@lab.example'],
      [42, 'consistent', [0, 0, 0, 7, 0, 0], null, '2024-04-01T01:30:00+02:00', 'ann@lab.example'],
    ]);
  });

  test('writes percents of JSON with their decimal, also a 0', async () => {
    const { body } = await ask('.json', { plan_name: 'evaluation', days: '6' });
    expect(body).toContain(
      '"groups":{"never_used":{"applications":0,"accounts":0,"share_percent":0.0},' +
        '"stopped":{"applications":0,"accounts":0,"share_percent":0.0},' +
        '"consistent":{"applications":2,"accounts":1,"share_percent":100.0,"growth_percent":-50.0,"late_starts":1}}',
    );
    expect(body).toContain('"hits_second_half":6,"growth_percent":-50.0,"late_start":false,');
    expect(body).toContain('"hits_second_half":7,"growth_percent":null,"late_start":true,');
  });

  test('is a table as .csv, to be read as .txt, and JSON without a suffix', async () => {
    const csv = await ask('.csv', { plan_name: 'evaluation', days: '6' });
    expect([csv.status, csv.type]).toEqual([200, 'text/csv; header=present']);
    expect(csv.body.split('\r\n')[1]).toBe(
      "consistent,41,App 41,17,Ann's lab,Ann Lee,ann@lab.example,evaluation,7,live,2024-03-29T09:15:00+01:00,18,12,6,-50.0,false,3,2024-03-30,2024-04-01",
    );
    const txt = await ask('.txt', { plan_name: 'evaluation', days: '6' });
    expect([txt.status, txt.type]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(txt.body).toContain('\nconsistent      2 of 1 accounts, 100.0 %, growth -50.0 %, 1 late starts\n');
    expect((await ask('', { plan_name: 'evaluation' })).type).toBe('application/json; charset=utf-8');
    expect((await ask('.xml', { plan_name: 'evaluation' })).status).toBe(406);
  });

  test('accepts every form of a date for until, and today', async () => {
    for (const until of ['2024-04-02', '20240402', '2024-4-2', '2024-04-02T23:59:59', '2024-04-02 12:00:00 UTC']) {
      const { body } = await ask('.json', { plan_name: 'evaluation', until });
      expect([until, (JSON.parse(body) as EngagementJson).parameters.until]).toEqual([until, '2024-04-02']);
    }
  });

  test('of a service that has no such plan is empty, as is that of another tenant', async () => {
    for (const parameters of [
      { service_id: '8' },
      { service_id: 'x' },
      { state: 'nowhere' },
      { provider_key: 'pk_south' },
    ]) {
      const { status, body } = await ask('.json', { plan_name: 'evaluation', ...parameters });
      expect([status, (JSON.parse(body) as EngagementJson).summary]).toMatchObject([
        200,
        { applications: 0, accounts: 0 },
      ]);
    }
  });
});

describe('refusals', () => {
  const DATES = 'Date parameters should have valid date/time format.';
  test.each([
    [{ plan_name: 'gold' }, 'plan gold not found'],
    [{ plan_name: 'Evaluation' }, 'plan Evaluation not found'],
    [{ plan_id: '77' }, 'plan 77 not found'],
    [{ plan_id: 'x' }, 'plan x not found'],
    [{ plan_name: 'evaluation', metric_name: 'clicks' }, 'metric clicks not found'],
    [{ plan_name: 'evaluation', days: '1' }, 'days should be a number from 2 to 365'],
    [{ plan_name: 'evaluation', days: '366' }, 'days should be a number from 2 to 365'],
    [{ plan_name: 'evaluation', days: '-3' }, 'days should be a number from 2 to 365'],
    [{ plan_name: 'evaluation', days: 'ten' }, 'days should be a number from 2 to 365'],
    [{ plan_name: 'evaluation', until: '2024-04-04' }, 'until should not be later than today'],
    [{ plan_name: 'evaluation', until: 'yesterday' }, DATES],
    [{ plan_name: 'evaluation', until: '1711929600' }, DATES],
  ])('%o: %s', async (parameters, error) => {
    expect(await ask('.json', parameters)).toEqual({
      status: 400,
      type: 'application/json; charset=utf-8',
      body: JSON.stringify({ error }),
    });
    expect(await ask('.csv', parameters)).toEqual({ status: 400, type: 'text/plain; charset=utf-8', body: error });
    expect(await ask('.txt', parameters)).toEqual({ status: 400, type: 'text/plain; charset=utf-8', body: error });
  });

  test.each([{}, { plan_name: '' }, { plan_name: ' ', plan_id: '' }])('%o misses plan_name', async (parameters) => {
    for (const format of ['.json', '.csv', '.txt']) {
      expect(await ask(format, parameters)).toEqual({
        status: 400,
        type: 'text/plain; charset=utf-8',
        body: 'Required parameter missing: plan_name',
      });
    }
  });

  test.each([
    ['at_both', 200],
    ['at_stats', 403],
    ['at_accounts', 403],
    ['pk_north', 200],
    ['nobody', 403],
  ])('a credential needs both scopes: %s', async (token, status) => {
    const response = await fetch(`${server.url}/stats/reports/engagement.json?plan_name=evaluation`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { error } = (await response.json()) as { error?: string };
    expect([response.status, error]).toEqual([
      status,
      {
        at_stats: 'Your access token does not have the correct permissions',
        at_accounts: 'Your access token does not have the correct permissions',
        nobody: 'Access denied',
      }[token],
    ]);
  });
});

describe('tokens of a service', () => {
  test.each([
    ['pk_north', 7, 200, { service_tokens: [{ service_token: { token: 'st_7' } }] }],
    ['pk_north', 8, 404, { status: 'Not found' }],
    ['at_accounts', 7, 403, { error: 'Your access token does not have the correct permissions' }],
    ['pk_south', 7, 200, { service_tokens: [] }],
  ])('%s asks for those of %i', async (key, service, status, body) => {
    const response = await fetch(`${server.url}/admin/api/services/${service}/service_tokens.json`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([response.status, await response.json()]).toEqual([status, body]);
  });
});
