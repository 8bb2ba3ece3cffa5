import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { ask, DIRECTORY, NOW, timeless, use, wire } from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: NOW });
  await use(server.url, [
    { time: '2024-03-02T10:00:00.750Z', value: 12 },
    { time: '2024-03-09T00:04:10Z', value: 9 },
    { time: '2024-03-09T23:00:00Z', value: 9 },
    { time: '2024-03-10T00:00:00Z', application: 45 },
  ]);
}, 60_000);
afterAll(() => server.stop());

const XML = 'application/xml; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

const plan = (id: number, name: string, service: number, terms: Partial<Record<string, string>> = {}): string => `
  <plan custom="false" default="${terms['default'] ?? 'false'}">
   <id>${id}</id><name>${name}</name><type>application_plan</type><state>${terms['state'] ?? 'published'}</state>
   <approval_required>${terms['approval'] ?? 'false'}</approval_required><setup_fee>${terms['setup'] ?? '0.0'}</setup_fee>
   <cost_per_month>${terms['cost'] ?? '0.0'}</cost_per_month>
   ${terms['trial'] === undefined ? '<trial_period_days/>' : `<trial_period_days>${terms['trial']}</trial_period_days>`}
   <cancellation_period>0</cancellation_period><service_id>${service}</service_id>
  </plan>`;
const EVALUATION = plan(3, 'evaluation', 7, { default: 'true' });
const PRO = plan(4, 'Pro', 7, { cost: '49.5', trial: '30', approval: 'true' });
const SETUP = plan(5, 'Set up once', 7, { setup: '10.0', state: 'hidden' });

const APPLICATION_41 = `
 <application>
  <id>41</id><created_at>2024-03-02T08:15:00Z</created_at><updated_at>*</updated_at><state>live</state>
  <user_account_id>17</user_account_id>
  <first_traffic_at>2024-03-02T10:00:00Z</first_traffic_at>
  <first_daily_traffic_at>2024-03-09T00:04:10Z</first_daily_traffic_at>
  <service_id>7</service_id><user_key>uk_41</user_key>
  <provider_verification_key>*</provider_verification_key>${EVALUATION}
  <name>Weather widget</name><description>hobby project</description><extra_fields/>
 </application>`;
const APPLICATION_42 = `
 <application>
  <id>42</id><created_at>2024-03-03T00:00:00Z</created_at><updated_at>*</updated_at><state>live</state>
  <user_account_id>17</user_account_id><first_traffic_at/><first_daily_traffic_at/><service_id>8</service_id>
  <application_id>a1b2c3d4</application_id><keys><key>k1</key><key>k2</key></keys>${plan(6, 'Basic', 8)}
  <name>Umap &amp; &lt;co&gt;</name><extra_fields/>
 </application>`;
const APPLICATION_43 = `
 <application>
  <id>43</id><created_at>2024-03-04T00:00:00Z</created_at><updated_at>*</updated_at><state>suspended</state>
  <user_account_id>17</user_account_id><first_traffic_at/><first_daily_traffic_at/><service_id>9</service_id>
  <application_id>client43</application_id><redirect_url>https://places.example/back</redirect_url>
  <keys><key>secret43</key></keys>${plan(9, 'Basic', 9)}<name>Läden ÄÖÜ 🗺</name><extra_fields/>
 </application>`;
const APPLICATION_44 = `
 <application>
  <id>44</id><created_at>2024-03-05T00:00:00Z</created_at><updated_at>*</updated_at><state>pending</state>
  <user_account_id>17</user_account_id><first_traffic_at/><first_daily_traffic_at/><service_id>9</service_id>
  <application_id>client44</application_id><redirect_url/><keys/>${plan(9, 'Basic', 9)}<name>Bare</name><extra_fields/>
 </application>`;

const USER_23 = `
  <user>
   <id>23</id><created_at>*</created_at><updated_at>*</updated_at><account_id>17</account_id><state>active</state>
   <role>admin</role><username>ann</username><email>ann@lab.example</email>
   <first_name>Ann</first_name><last_name>Lee</last_name><extra_fields/>
  </user>`;
const USER_30 = `
  <user>
   <id>30</id><created_at>*</created_at><updated_at>*</updated_at><account_id>18</account_id><state>active</state>
   <role>admin</role><username>yan</username><email>yan@beta.example</email><extra_fields/>
  </user>`;
const USER_31 = `
  <user>
   <id>31</id><created_at>*</created_at><updated_at>*</updated_at><account_id>18</account_id><state>active</state>
   <role>member</role><username>zoe</username><email>zoe@beta.example</email><last_name>Žižka</last_name><extra_fields/>
  </user>`;

const account = (id: number, state: string, name: string, plans: string, users: string): string => `
 <account>
  <id>${id}</id><created_at>*</created_at><updated_at>*</updated_at><state>${state}</state><org_name>${name}</org_name>
  <extra_fields/><monthly_billing_enabled>true</monthly_billing_enabled>
  <monthly_charging_enabled>true</monthly_charging_enabled><credit_card_stored>false</credit_card_stored>
  ${plans}${users}
 </account>`;
const ACCOUNT_17 = account(
  17,
  'approved',
  "Ann's lab",
  `<plans><plan default="true"><id>1</id><name>Default</name><type>account_plan</type><state>published</state>
   <approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month>
   <trial_period_days/><cancellation_period>0</cancellation_period></plan></plans>`,
  `<users>${USER_23}</users>`,
);
const ACCOUNT_18 = account(18, 'pending', 'Běta GmbH', '<plans/>', `<users>${USER_30}${USER_31}</users>`);
const ACCOUNT_19 = account(19, 'approved', 'Nobody', '<plans/>', '<users/>');

const HITS = `<metric><id>11</id><name>hits</name><system_name>hits</system_name><friendly_name>Hits</friendly_name>
  <service_id>7</service_id><description/><unit>hit</unit></metric>`;
const SEARCH = `<method><id>12</id><name>search</name><system_name>search</system_name>
  <friendly_name>Search it</friendly_name><service_id>7</service_id><description>By name</description>
  <metric_id>11</metric_id></method>`;
const FORECAST = `<method><id>13</id><name>forecast</name><system_name>forecast</system_name>
  <friendly_name>Forecast</friendly_name><service_id>7</service_id><description/><metric_id>11</metric_id></method>`;
const BYTES = `<metric><id>14</id><name>bytes</name><system_name>bytes</system_name>
  <friendly_name>Traffic</friendly_name><service_id>7</service_id><description>Out</description><unit>byte</unit></metric>`;
const SERVICE_7 = `
 <service><id>7</id><account_id/><name>Weather</name><state>active</state><system_name>weather</system_name>
  <backend_version>1</backend_version><description>Forecasts &amp; &lt;radar&gt;</description>
  <intentions_required>false</intentions_required><buyers_manage_apps>true</buyers_manage_apps>
  <buyers_manage_keys>true</buyers_manage_keys><referrer_filters_required>false</referrer_filters_required>
  <custom_keys_enabled>true</custom_keys_enabled><buyer_key_regenerate_enabled>true</buyer_key_regenerate_enabled>
  <mandatory_app_key>true</mandatory_app_key><buyer_can_select_plan>false</buyer_can_select_plan>
  <buyer_plan_change_permission>request</buyer_plan_change_permission><deployment_option>self_managed</deployment_option>
  <support_email/><metrics>${HITS}${SEARCH}${FORECAST}${BYTES}</metrics></service>`;

const limit = (id: number, metric: number, period: string, value: number): string => `
  <limit><id>${id}</id><metric_id>${metric}</metric_id><plan_id>3</plan_id><period>${period}</period>
  <value>${value}</value></limit>`;

describe('XML, element by element', () => {
  test.each([
    ['/admin/api/accounts/17/applications/41.xml', APPLICATION_41],
    ['/admin/api/accounts/17/applications/42.xml', APPLICATION_42],
    ['/admin/api/accounts/17/applications/43.xml', APPLICATION_43],
    ['/admin/api/accounts/17/applications/44.xml', APPLICATION_44],
    [
      '/admin/api/applications.xml?account=17',
      `<applications>${APPLICATION_41}${APPLICATION_42}${APPLICATION_43}${APPLICATION_44}</applications>`,
    ],
    ['/admin/api/accounts/17/applications.xml?state=suspended', `<applications>${APPLICATION_43}</applications>`],
    ['/admin/api/accounts/19/applications.xml', '<applications/>'],
    ['/admin/api/accounts/17.xml', ACCOUNT_17],
    ['/admin/api/accounts.xml', `<accounts>${ACCOUNT_17}${ACCOUNT_18}${ACCOUNT_19}</accounts>`],
    ['/admin/api/accounts.xml?state=pending', `<accounts>${ACCOUNT_18}</accounts>`],
    ['/admin/api/accounts.xml?state=rejected', '<accounts/>'],
    ['/admin/api/accounts/find.xml?username=zoe', ACCOUNT_18],
    ['/admin/api/accounts/find.xml?username=zoe&user_id=23', ACCOUNT_18],
    ['/admin/api/accounts/find.xml?user_id=23&email=zoe@beta.example', ACCOUNT_17],
    ['/admin/api/accounts/find.xml?email=zoe@beta.example', ACCOUNT_18],
    ['/admin/api/accounts/18/users.xml', `<users>${USER_30}${USER_31}</users>`],
    ['/admin/api/accounts/18/users.xml?role=member', `<users>${USER_31}</users>`],
    ['/admin/api/accounts/18/users.xml?role=admin&state=active', `<users>${USER_30}</users>`],
    ['/admin/api/accounts/18/users.xml?state=pending', '<users/>'],
    ['/admin/api/accounts/18/users.xml?role=owner', '<users/>'],
    ['/admin/api/accounts/17/users/23.xml', USER_23],
    ['/admin/api/services/7.xml', SERVICE_7],
    ['/admin/api/services/7/metrics.xml', `<metrics>${HITS}${SEARCH}${FORECAST}${BYTES}</metrics>`],
    ['/admin/api/services/7/metrics/14.xml', BYTES],
    ['/admin/api/services/7/metrics/12.xml', SEARCH],
    ['/admin/api/services/7/metrics/11/methods.xml', `<methods>${SEARCH}${FORECAST}</methods>`],
    ['/admin/api/services/7/metrics/14/methods.xml', '<methods/>'],
    ['/admin/api/services/7/metrics/11/methods/13.xml', FORECAST],
    ['/admin/api/services/7/application_plans.xml', `<plans>${EVALUATION}${PRO}${SETUP}</plans>`],
    [
      '/admin/api/application_plans.xml',
      `<plans>${EVALUATION}${PRO}${SETUP}${plan(6, 'Basic', 8)}${plan(9, 'Basic', 9)}</plans>`,
    ],
    ['/admin/api/services/7/application_plans/4.xml', PRO],
    [
      '/admin/api/application_plans/3/limits.xml',
      `<limits>${limit(1, 11, 'day', 1000)}${limit(2, 11, 'month', 20000)}${limit(3, 12, 'hour', 50)}</limits>`,
    ],
    [
      '/admin/api/application_plans/3/limits.xml?per_page=2&page=2',
      `<limits per_page="2" total_entries="3" total_pages="2" current_page="2">${limit(3, 12, 'hour', 50)}</limits>`,
    ],
    [
      '/admin/api/application_plans/3/metrics/11/limits.xml',
      `<limits>${limit(1, 11, 'day', 1000)}${limit(2, 11, 'month', 20000)}</limits>`,
    ],
    ['/admin/api/application_plans/4/limits.xml', '<limits/>'],
  ])('%s', async (path, expected) => {
    const { status, type, text } = await ask(server.url, path);
    expect(timeless(text)).toBe(wire(expected));
    expect([status, type]).toEqual([200, XML]);
  });
});

test('an account and its users are as old as the directory file says, told in the zone of the tenant', async () => {
  const { text } = await ask(server.url, '/admin/api/accounts/170.xml?provider_key=pk_south');
  expect(text).toContain('<account><id>170</id><created_at>2024-01-02T04:04:05+01:00</created_at>');
  expect(text).toContain('<user><id>25</id><created_at>2024-02-03T05:05:06+01:00</created_at>');
});

describe('JSON, key by key', () => {
  const links = (paths: Readonly<Record<string, string>>) =>
    Object.entries(paths).map(([rel, path]) => ({ rel, href: `${server.url}/admin/api/${path}` }));
  const made = { created_at: '*', updated_at: '*' };
  const applicationLinks = (account: number, id: number, service: number, plan: number) =>
    links({
      self: `accounts/${account}/applications/${id}`,
      service: `services/${service}`,
      account: `accounts/${account}`,
      plan: `services/${service}/application_plans/${plan}`,
      keys: `accounts/${account}/applications/${id}/keys`,
      referrer_filters: `accounts/${account}/applications/${id}/referrer_filters`,
    });
  const application41 = () => ({
    application: {
      id: 41,
      state: 'live',
      enabled: true,
      created_at: '2024-03-02T08:15:00Z',
      updated_at: '*',
      service_id: 7,
      service_name: 'Weather',
      plan_id: 3,
      plan_name: 'evaluation',
      account_id: 17,
      org_name: "Ann's lab",
      first_traffic_at: '2024-03-02T10:00:00Z',
      first_daily_traffic_at: '2024-03-09T00:04:10Z',
      user_key: 'uk_41',
      provider_verification_key: '*',
      name: 'Weather widget',
      description: 'hobby project',
      links: applicationLinks(17, 41, 7, 3),
    },
  });
  const application43 = () => ({
    application: {
      id: 43,
      state: 'suspended',
      enabled: false,
      created_at: '2024-03-04T00:00:00Z',
      updated_at: '*',
      service_id: 9,
      service_name: 'Places',
      plan_id: 9,
      plan_name: 'Basic',
      account_id: 17,
      org_name: "Ann's lab",
      first_traffic_at: null,
      first_daily_traffic_at: null,
      application_id: 'client43',
      redirect_url: 'https://places.example/back',
      client_id: 'client43',
      client_secret: 'secret43',
      name: 'Läden ÄÖÜ 🗺',
      links: applicationLinks(17, 43, 9, 9),
    },
  });
  const account17 = () => ({
    account: {
      id: 17,
      ...made,
      credit_card_stored: false,
      monthly_billing_enabled: true,
      monthly_charging_enabled: true,
      state: 'approved',
      org_name: "Ann's lab",
      links: links({ self: 'accounts/17', users: 'accounts/17/users' }),
    },
  });
  const user31 = () => ({
    user: {
      id: 31,
      state: 'active',
      role: 'member',
      username: 'zoe',
      email: 'zoe@beta.example',
      last_name: 'Žižka',
      ...made,
      links: links({ account: 'accounts/18', self: 'accounts/18/users/31' }),
    },
  });
  const user23 = () => ({
    user: {
      id: 23,
      state: 'active',
      role: 'admin',
      username: 'ann',
      email: 'ann@lab.example',
      first_name: 'Ann',
      last_name: 'Lee',
      ...made,
      links: links({ account: 'accounts/17', self: 'accounts/17/users/23' }),
    },
  });
  const search = (wrapper: string) => ({
    [wrapper]: {
      id: 12,
      name: 'search',
      system_name: 'search',
      friendly_name: 'Search it',
      description: 'By name',
      unit: 'hit',
      parent_id: 11,
      ...made,
      links: links({
        service: 'services/7',
        parent: 'services/7/metrics/11',
        self: 'services/7/metrics/11/methods/12',
      }),
    },
  });
  const bytes = () => ({
    metric: {
      id: 14,
      name: 'bytes',
      system_name: 'bytes',
      friendly_name: 'Traffic',
      description: 'Out',
      unit: 'byte',
      ...made,
      links: links({ service: 'services/7', self: 'services/7/metrics/14' }),
    },
  });
  const service7 = () => ({
    service: {
      id: 7,
      name: 'Weather',
      state: 'active',
      system_name: 'weather',
      backend_version: '1',
      description: 'Forecasts & <radar>',
      intentions_required: false,
      buyers_manage_apps: true,
      buyers_manage_keys: true,
      referrer_filters_required: false,
      custom_keys_enabled: true,
      buyer_key_regenerate_enabled: true,
      mandatory_app_key: true,
      buyer_can_select_plan: false,
      buyer_plan_change_permission: 'request',
      deployment_option: 'self_managed',
      support_email: '',
      ...made,
      links: links({
        metrics: 'services/7/metrics',
        self: 'services/7',
        application_plans: 'services/7/application_plans',
      }),
    },
  });
  const pro = () => ({
    application_plan: {
      id: 4,
      name: 'Pro',
      state: 'published',
      setup_fee: 0,
      cost_per_month: 49.5,
      trial_period_days: 30,
      cancellation_period: 0,
      approval_required: true,
      default: false,
      ...made,
      custom: false,
      system_name: 'pro',
      links: links({ service: 'services/7', self: 'services/7/application_plans/4' }),
    },
  });
  const hourly = () => ({
    limit: {
      id: 3,
      metric_id: 12,
      plan_id: 3,
      period: 'hour',
      value: 50,
      ...made,
      links: links({ metric: 'services/7/metrics/12', plan: 'services/7/application_plans/3' }),
    },
  });

  test.each<[string, () => object]>([
    ['/admin/api/accounts/17/applications/41.json', application41],
    ['/admin/api/accounts/17/applications/43.json', application43],
    ['/admin/api/applications.json?user_key=uk_41', () => ({ applications: [application41()] })],
    ['/admin/api/accounts/17/applications.json?state=suspended', () => ({ applications: [application43()] })],
    ['/admin/api/accounts/19/applications.json', () => ({ applications: [] })],
    ['/admin/api/accounts/17.json', account17],
    [
      '/admin/api/accounts.json?per_page=1',
      () => ({
        accounts: [account17()],
        metadata: { per_page: 1, total_entries: 3, total_pages: 3, current_page: 1 },
      }),
    ],
    ['/admin/api/accounts/find.json?user_id=23', account17],
    ['/admin/api/accounts/17/users.json', () => ({ users: [user23()] })],
    ['/admin/api/accounts/18/users.json?role=member', () => ({ users: [user31()] })],
    ['/admin/api/accounts/18/users/31.json', user31],
    ['/admin/api/services/7.json', service7],
    [
      '/admin/api/services.json?per_page=1',
      () => ({
        services: [service7()],
        metadata: { per_page: 1, total_entries: 3, total_pages: 3, current_page: 1 },
      }),
    ],
    ['/admin/api/services/7/metrics/14.json', bytes],
    ['/admin/api/services/7/metrics/12.json', () => search('metric')],
    ['/admin/api/services/7/metrics/11/methods/12.json', () => search('method')],
    ['/admin/api/services/7/metrics/14/methods.json', () => ({ methods: [] })],
    ['/admin/api/services/7/application_plans/4.json', pro],
    ['/admin/api/application_plans/3/metrics/12/limits.json', () => ({ limits: [hourly()] })],
    [
      '/admin/api/application_plans/3/limits.json?per_page=2&page=2',
      () => ({
        limits: [hourly()],
        metadata: { per_page: 2, total_entries: 3, total_pages: 2, current_page: 2 },
      }),
    ],
  ])('%s', async (path, expected) => {
    const { status, type, text } = await ask(server.url, path);
    // As text: the order of keys is part of it.
    expect(timeless(text)).toBe(JSON.stringify(expected()));
    expect([status, type]).toEqual([200, JSON_TYPE]);
  });

  test('the metrics list has the methods as metrics with a parent', async () => {
    const { text } = await ask(server.url, '/admin/api/services/7/metrics.json');
    const { metrics } = JSON.parse(text) as { metrics: { metric: { id: number; parent_id?: number } }[] };
    expect(metrics.map(({ metric }) => [metric.id, metric.parent_id])).toEqual([
      [11, undefined],
      [12, 11],
      [13, 11],
      [14, undefined],
    ]);
  });

  test('credentials are there as null where there is none, and only those of the backend version', async () => {
    const { text } = await ask(server.url, '/admin/api/accounts/17/applications/44.json');
    const { application } = JSON.parse(text) as { application: Record<string, unknown> };
    expect(application).toMatchObject({ application_id: 'client44', client_id: 'client44', client_secret: null });
    for (const absent of ['user_key', 'provider_verification_key', 'redirect_url', 'description', 'extra_fields']) {
      expect(application).not.toHaveProperty(absent);
    }
  });

  test('what the file says of first traffic counts where it is earlier than the facts', async () => {
    const { text } = await ask(server.url, '/admin/api/accounts/18/applications/45.json');
    expect(JSON.parse(text)).toMatchObject({
      application: { first_traffic_at: '2024-02-01T00:00:00Z', first_daily_traffic_at: '2024-03-10T00:00:00Z' },
    });
  });
});

describe('times are in the zone of the tenant', () => {
  test('XML and JSON', async () => {
    const xml = await ask(server.url, '/admin/api/accounts/17/applications/41.xml?provider_key=pk_south');
    expect(xml.text).toContain('<created_at>2024-03-02T09:15:00+01:00</created_at>');
    const json = await ask(server.url, '/admin/api/accounts/17/applications/41.json?provider_key=pk_south');
    expect(json.text).toContain('"created_at":"2024-03-02T09:15:00+01:00"');
  });
});

describe('find', () => {
  test.each([
    ['application_id=41', 41],
    ['id=42', 42],
    ['user_key=uk_45', 45],
    ['app_id=client43', 43],
    ['user_key=uk_41&app_id=a1b2c3d4&id=43', 41],
    ['app_id=a1b2c3d4&id=43', 42],
    ['app_id=a1b2c3d4&service_id=8', 42],
    ['user_key=&app_id=a1b2c3d4', 42],
  ])('%s finds %i', async (query, id) => {
    for (const path of [`/admin/api/applications/find.json?${query}`]) {
      expect(JSON.parse((await ask(server.url, path)).text)).toMatchObject({ application: { id } });
    }
  });

  test.each([
    '',
    'application_id=99',
    'application_id=x',
    'user_key=uk_none&id=41',
    'user_key=a1b2c3d4',
    'app_id=uk_41',
    'app_id=a1b2c3d4&service_id=7',
    'id=41&service_id=x',
    'id=410',
    'user_key=uk_sol',
  ])('%s finds nothing: 404', async (query) => {
    expect(await ask(server.url, `/admin/api/applications/find.xml?${query}`)).toEqual({
      status: 404,
      type: XML,
      text: '',
    });
    expect(await ask(server.url, `/admin/api/applications/find.json?${query}`)).toEqual({
      status: 404,
      type: JSON_TYPE,
      text: '{"status":"Not found"}',
    });
  });

  test('within an account', async () => {
    const found = await ask(server.url, '/admin/api/accounts/18/applications/find.json?user_key=uk_45');
    expect(JSON.parse(found.text)).toMatchObject({ application: { id: 45 } });
    expect((await ask(server.url, '/admin/api/accounts/17/applications/find.json?user_key=uk_45')).status).toBe(404);
  });
});

test.each([
  '/admin/api/accounts/99',
  '/admin/api/accounts/0',
  '/admin/api/accounts/-17',
  '/admin/api/accounts/17abc',
  '/admin/api/accounts/99999999999999999999',
  '/admin/api/accounts/99/applications',
  '/admin/api/accounts/99/users',
  '/admin/api/accounts/18/applications/41',
  '/admin/api/accounts/17/users/30',
  '/admin/api/accounts/find?username=nobody',
  '/admin/api/accounts/find?user_id=x&email=ann@lab.example',
  '/admin/api/accounts/find',
  '/admin/api/services/99',
  '/admin/api/services/99/metrics',
  '/admin/api/services/8/metrics/11',
  '/admin/api/services/7/metrics/11/methods/14',
  '/admin/api/services/7/metrics/14/methods/12',
  '/admin/api/services/8/application_plans/3',
  '/admin/api/application_plans/99/limits',
  '/admin/api/application_plans/3/metrics/21/limits',
  '/admin/api/nothing',
  '/admin/api/applications/41/keys',
])('%s is not there: 404', async (path) => {
  const [bare = '', query = ''] = path.split('?');
  const xml = await ask(server.url, `${bare}.xml?${query}`);
  expect(xml).toEqual({ status: 404, type: XML, text: '' });
  const json = await ask(server.url, `${bare}.json?${query}`);
  expect(json).toEqual({ status: 404, type: JSON_TYPE, text: '{"status":"Not found"}' });
});
