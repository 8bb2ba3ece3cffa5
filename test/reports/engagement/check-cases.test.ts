import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngagementJson } from '../../../src/reports/engagement/render-json.ts';
import { Client, problem } from '../../dialects/native/support/client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { hitsByDay, type ReportRow } from './support.ts';

/** Contract 6 through HTTP; window 2024-03-01 to 2024-03-10, UTC. */
const CASES = [
  { id: 101, values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], group: 'never_used', growth: null, late: false },
  { id: 102, values: [3, 1, 0, 0, 0, 0, 0, 0, 0, 0], group: 'stopped', growth: null, late: false },
  { id: 103, values: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], group: 'stopped', growth: null, late: false },
  { id: 104, values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 6], group: 'consistent', growth: null, late: true },
  { id: 105, values: [0, 12, 9, 0, 0, 14, 0, 20, 7, 0], group: 'consistent', growth: 95.2, late: false },
  { id: 106, values: [4, 4, 4, 4, 4, 1, 1, 1, 1, 1], group: 'consistent', growth: -75, late: false },
  { id: 107, values: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0], group: 'consistent', growth: 0, late: false },
] as const;

const account = (id: number, users: string, applications: readonly string[]): string =>
  `      - {id: ${id}, org_name: Org ${id}, state: approved, users: [${users}], applications: [${applications.join(', ')}]}`;
const application = (id: number, created: string, more = ''): string =>
  `{id: ${id}, product: weather, plan: evaluation, name: App ${id}, state: live, user_key: uk_${id}, created_at: "${created}"${more}}`;
const user = (id: number, role: string, names = ''): string =>
  `{id: ${id}, username: u${id}, email: u${id}@x.example, role: ${role}${names}}`;

const DIRECTORY = `
organizations:
  - key: NORTH
    uid: north
    name: North
    timezone: UTC
    native_keys: [{key: th_all, scopes: [ingest, read, admin]}, {key: th_read, scopes: [read]}, {key: th_admin, scopes: [admin]}]
    products:
      - id: 7
        system_name: weather
        name: Weather
        metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}, {id: 13, system_name: bytes}]
        plans:
          - {id: 3, system_name: evaluation, name: evaluation}
          - {id: 4, system_name: capital, name: Evaluation}
          - {id: 5, system_name: guard, name: guard}
          - {id: 8, system_name: empty, name: nobody}
      - id: 9
        system_name: maps
        name: Maps
        plans: [{id: 6, system_name: evaluation, name: evaluation}]
    accounts:
${CASES.map(({ id }) => account(id, user(id, 'admin', `, first_name: First, last_name: L${id}`), [application(id, '2024-03-01T00:00:00Z')])).join('\n')}
${account(201, user(201, 'admin'), [application(201, '2024-02-29T23:59:59Z')])}
${account(202, user(202, 'admin'), ['{id: 202, product: weather, plan: capital, name: Capital, state: live, user_key: uk_202, created_at: "2024-03-02T00:00:00Z"}'])}
${account(
  203,
  `${user(203, 'member', ', first_name: Low')}, ${user(205, 'admin', ', last_name: Admin')}, ${user(204, 'admin', ', first_name: " Ada ", last_name: " Chief "')}`,
  [
    '{id: 203, product: weather, plan: guard, name: "=HYPERLINK(1)", description: x, state: live, user_key: uk_203, created_at: "2024-03-03T08:15:00Z"}',
    '{id: 204, product: weather, plan: guard, name: "a, \\"b\\"", state: suspended, user_key: uk_204, created_at: "2024-03-03T08:15:00Z"}',
  ],
)}
${account(206, `${user(206, 'member', ', first_name: Only')}, ${user(207, 'member')}`, ['{id: 206, product: weather, plan: guard, name: "-5", state: live, user_key: uk_206, created_at: "2024-03-06T08:15:00Z"}'])}
${account(208, '', ['{id: 208, product: weather, plan: guard, name: "@me", state: pending, user_key: uk_208, created_at: "2024-03-02T08:15:00Z"}'])}
  - key: SOUTH
    uid: south
    name: South
    native_keys: [{key: th_south, scopes: [ingest, read, admin]}]
    products:
      - {id: 7, system_name: weather, name: Weather, metrics: [{id: 11, system_name: hits}], plans: [{id: 3, system_name: evaluation, name: evaluation}]}
    accounts:
      - {id: 101, org_name: Other, state: approved, users: [], applications: [{id: 101, product: weather, plan: evaluation, name: Theirs, state: live, user_key: uk, created_at: "2024-03-05T00:00:00Z"}]}
`;

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY, clock: '2024-03-10T18:00:00Z' });
  client = new Client(server.url, 'th_all');
  await client.count('usage', [
    ...CASES.flatMap(({ id, values }) => hitsByDay(id, '2024-03-01', values)),
    ...hitsByDay(206, '2024-03-06', [0, 0, 7, 0, 0]),
    ...hitsByDay(203, '2024-03-01', [0, 0, 0, 2, 0, 5, 1, 0, 0, 0]),
    // Of others: another metric, another product, the day before.
    { time: '2024-03-09T12:00:00Z', product: 'weather', application: 101, metric: 'bytes', value: 9 },
    { time: '2024-02-29T23:59:59.999Z', product: 'weather', application: 101, metric: 'hits', value: 9 },
  ]);
  await new Client(server.url, 'th_south').count('usage', hitsByDay(101, '2024-03-05', [1000]));
});
afterAll(() => server.stop());

async function report(parameters: Readonly<Record<string, string>>, by = client): Promise<EngagementJson> {
  const { status, text, json } = await by.send(
    `/api/v1/reports/engagement?${new URLSearchParams(parameters).toString()}`,
  );
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return json as EngagementJson;
}

async function text(parameters: Readonly<Record<string, string>>): Promise<string> {
  return (await client.send(`/api/v1/reports/engagement?${new URLSearchParams(parameters).toString()}`)).text;
}

const rowOf = ({ applications }: EngagementJson, id: number): ReportRow | undefined =>
  applications.find((row) => row.application_id === id);

describe('check cases (6.4)', () => {
  test.each(CASES)('$values is $group', async ({ id, values, group, growth, late }) => {
    expect(rowOf(await report({ plan_name: 'evaluation' }), id)).toMatchObject({
      group,
      growth_percent: growth,
      late_start: late,
      values,
    });
  });

  test('of 5 days 0,0,7,0,0 is stopped: the middle day is in neither half', async () => {
    const { parameters, applications } = await report({ plan_name: 'guard', days: '5' });
    expect(parameters).toMatchObject({
      first_half: ['2024-03-06', '2024-03-07'],
      second_half: ['2024-03-09', '2024-03-10'],
    });
    expect(applications).toMatchObject([
      { application_id: 206, group: 'stopped', growth_percent: null, hits_total: 7, values: [0, 0, 7, 0, 0] },
    ]);
    const earlier = await report({ plan_name: 'guard', days: '5', until: '2024-03-08' });
    expect(rowOf(earlier, 206)).toMatchObject({ group: 'consistent', late_start: true, values: [0, 0, 0, 0, 7] });
  });

  test('created in the last second before the window is not in the cohort, in its first second is', async () => {
    const ids = (await report({ plan_name: 'evaluation' })).applications.map((row) => row.application_id);
    expect(ids).not.toContain(201);
    expect(ids).toContain(101);
    // A zone west of it begins its first day later, and the row of the first second falls out of it.
    const west = await report({ plan_name: 'evaluation', timezone: 'America/New_York' });
    expect(west.applications).toEqual([]);
    expect(west.summary.groups['never_used']).toEqual({ applications: 0, accounts: 0, share_percent: null });
    const before = await report({ plan_name: 'evaluation', days: '11' });
    expect(before.applications.map((row) => row.application_id)).toContain(201);
  });

  test('a plan is named exactly, case included, in all services', async () => {
    const ids = async (name: string): Promise<unknown[]> =>
      (await report({ plan_name: name })).applications.map((row) => row.application_id);
    expect(await ids('evaluation')).not.toContain(202);
    expect(await ids('Evaluation')).toEqual([202]);
  });
});

describe('the report', () => {
  test('is in order, with its summary', async () => {
    const { parameters, summary, applications } = await report({ plan_name: 'evaluation' });
    expect(parameters).toEqual({
      plan_name: 'evaluation',
      days: 10,
      metric_name: 'hits',
      timezone: 'Etc/UTC',
      since: '2024-03-01',
      until: '2024-03-10',
      first_half: ['2024-03-01', '2024-03-05'],
      second_half: ['2024-03-06', '2024-03-10'],
    });
    expect(applications.map((row) => row.application_id)).toEqual([101, 102, 103, 105, 107, 106, 104]);
    // 21 + 20 + 1 to 41 + 5 + 1; the late start has no part in it.
    expect(summary).toEqual({
      applications: 7,
      accounts: 7,
      groups: {
        never_used: { applications: 1, accounts: 1, share_percent: 14.3 },
        stopped: { applications: 2, accounts: 2, share_percent: 28.6 },
        consistent: { applications: 4, accounts: 4, share_percent: 57.1, growth_percent: 11.9, late_starts: 1 },
      },
    });
    expect(applications[3]).toEqual({
      group: 'consistent',
      application_id: 105,
      application_name: 'App 105',
      account_id: 105,
      org_name: 'Org 105',
      name: 'First L105',
      email: 'u105@x.example',
      plan_name: 'evaluation',
      service_id: 7,
      state: 'live',
      created_at: '2024-03-01T00:00:00Z',
      hits_total: 62,
      hits_first_half: 21,
      hits_second_half: 41,
      growth_percent: 95.2,
      late_start: false,
      active_days: 5,
      first_day: '2024-03-02',
      last_day: '2024-03-09',
      values: [0, 12, 9, 0, 0, 14, 0, 20, 7, 0],
    });
  });

  test('names the admin with the lowest id, else the user with the lowest id, else nobody', async () => {
    const { applications } = await report({ plan_name: 'guard' });
    expect(applications.map((row) => [row.application_id, row.name, row.email])).toEqual([
      [208, '', ''],
      [204, 'Ada Chief', 'u204@x.example'],
      [203, 'Ada Chief', 'u204@x.example'],
      [206, 'Only', 'u206@x.example'],
    ]);
  });

  test('counts an account once, in its best group', async () => {
    const { summary } = await report({ plan_name: 'guard' });
    expect(summary).toMatchObject({ applications: 4, accounts: 3 });
    expect(summary.groups).toMatchObject({
      never_used: { applications: 2, accounts: 1 },
      consistent: { applications: 2, accounts: 2, growth_percent: 200, late_starts: 1 },
    });
  });

  test('is narrowed by plan, service and state', async () => {
    const ids = async (parameters: Readonly<Record<string, string>>): Promise<unknown[]> =>
      (await report(parameters)).applications.map((row) => row.application_id);
    expect(await ids({ plan_id: '4' })).toEqual([202]);
    expect(await ids({ plan_name: 'evaluation', plan_id: '4' }).catch((error: unknown) => String(error))).toContain(
      '400',
    );
    expect(await ids({ plan_name: 'evaluation', service_id: '9' }).catch((error: unknown) => String(error))).toEqual(
      [],
    );
    expect(await ids({ plan_name: 'evaluation', service_id: '1000' })).toEqual([]);
    expect(await ids({ plan_name: 'guard', state: 'suspended' })).toEqual([204]);
    expect(await ids({ plan_name: 'nobody' })).toEqual([]);
  });

  test('counts another metric', async () => {
    const bytes = await report({ plan_name: 'evaluation', metric_name: 'bytes' });
    expect(rowOf(bytes, 101)).toMatchObject({ group: 'consistent', hits_total: 9 });
  });

  test('shows times in its zone and days by its calendar', async () => {
    const { parameters, applications } = await report({ plan_name: 'guard', timezone: 'Asia/Kolkata', days: '8' });
    expect(parameters).toMatchObject({ timezone: 'Asia/Kolkata', since: '2024-03-03', until: '2024-03-10' });
    expect(rowOf({ parameters, applications } as EngagementJson, 204)).toMatchObject({
      created_at: '2024-03-03T13:45:00+05:30',
    });
  });

  test('of another organization has nothing of this one', async () => {
    const { applications } = await report({ plan_name: 'evaluation' }, new Client(server.url, 'th_south'));
    expect(applications.map((row) => [row.application_name, row.hits_total])).toEqual([['Theirs', 1000]]);
  });
});

describe('as a table', () => {
  test('CSV is guarded against formulas, and numbers stay numbers', async () => {
    expect((await text({ plan_name: 'guard', format: 'csv' })).split('\r\n')).toEqual([
      'group,application_id,application_name,account_id,org_name,name,email,plan_name,service_id,state,created_at,hits_total,hits_first_half,hits_second_half,growth_percent,late_start,active_days,first_day,last_day',
      "never_used,208,'@me,208,Org 208,,,guard,7,pending,2024-03-02T08:15:00Z,0,0,0,,false,0,,",
      'never_used,204,"a, ""b""",203,Org 203,Ada Chief,u204@x.example,guard,7,suspended,2024-03-03T08:15:00Z,0,0,0,,false,0,,',
      "consistent,203,'=HYPERLINK(1),203,Org 203,Ada Chief,u204@x.example,guard,7,live,2024-03-03T08:15:00Z,8,2,6,200.0,false,3,2024-03-04,2024-03-07",
      "consistent,206,'-5,206,Org 206,Only,u206@x.example,guard,7,live,2024-03-06T08:15:00Z,7,0,7,,true,1,2024-03-08,2024-03-08",
      '',
    ]);
    expect(await text({ plan_name: 'evaluation', format: 'csv' })).toContain(',25,20,5,-75.0,false,');
  });

  test('text has a summary and one table a group', async () => {
    expect((await text({ plan_name: 'guard', format: 'txt' })).split('\n')).toEqual([
      'Engagement of new applications on plan "guard"',
      'Window          2024-03-01 to 2024-03-10, 10 days, Etc/UTC',
      'Halves          2024-03-01 to 2024-03-05, 2024-03-06 to 2024-03-10',
      'Metric          hits',
      'Applications    4 of 3 accounts',
      'never_used      2 of 1 accounts, 50.0 %',
      'stopped         0 of 0 accounts, 0.0 %',
      'consistent      2 of 2 accounts, 50.0 %, growth 200.0 %, 1 late starts',
      '',
      'never_used',
      'group       application_id  application_name  account_id  org_name  name       email           plan_name  service_id  state      created_at            hits_total  hits_first_half  hits_second_half  growth_percent  late_start  active_days  first_day  last_day',
      'never_used             208  @me                      208  Org 208   -          -               guard               7  pending    2024-03-02T08:15:00Z           0                0                 0  -               false                 0  -          -',
      'never_used             204  a, "b"                   203  Org 203   Ada Chief  u204@x.example  guard               7  suspended  2024-03-03T08:15:00Z           0                0                 0  -               false                 0  -          -',
      '',
      'stopped: none',
      '',
      'consistent',
      'group       application_id  application_name  account_id  org_name  name       email           plan_name  service_id  state  created_at            hits_total  hits_first_half  hits_second_half  growth_percent  late_start  active_days  first_day   last_day',
      'consistent             203  =HYPERLINK(1)            203  Org 203   Ada Chief  u204@x.example  guard               7  live   2024-03-03T08:15:00Z           8                2                 6           200.0  false                 3  2024-03-04  2024-03-07',
      'consistent             206  -5                       206  Org 206   Only       u206@x.example  guard               7  live   2024-03-06T08:15:00Z           7                0                 7               -  true                  1  2024-03-08  2024-03-08',
      '',
    ]);
  });
});

describe('refusals of the native API', () => {
  test.each([
    [{}, 'plan_name', 'missing_field'],
    [{ plan_name: 'gold' }, 'plan_name', 'invalid_field'],
    [{ plan_id: '77' }, 'plan_id', 'invalid_field'],
    [{ plan_id: 'x' }, 'plan_id', 'invalid_field'],
    [{ plan_name: 'evaluation', metric_name: 'calls' }, 'metric_name', 'invalid_field'],
    [{ plan_name: 'evaluation', days: '1' }, 'days', 'invalid_field'],
    [{ plan_name: 'evaluation', days: '366' }, 'days', 'invalid_field'],
    [{ plan_name: 'evaluation', days: 'ten' }, 'days', 'invalid_field'],
    [{ plan_name: 'evaluation', timezone: 'Mars/Olympus' }, 'timezone', 'invalid_field'],
    [{ plan_name: 'evaluation', until: '2024-03-11' }, 'until', 'invalid_field'],
    [{ plan_name: 'evaluation', until: '2024-02-30' }, 'until', 'invalid_field'],
    [{ plan_name: 'evaluation', organization: 'south' }, 'organization', 'invalid_field'],
    [{ plan_name: 'evaluation', state: 'dead' }, 'state', 'invalid_field'],
    [{ plan_name: 'evaluation', plan: 'x' }, 'plan', 'unknown_field'],
  ])('%o names %s', async (parameters, field, kind) => {
    const reply = await client.send(`/api/v1/reports/engagement?${new URLSearchParams(parameters).toString()}`);
    expect([reply.status, problem(reply)]).toMatchObject([
      400,
      { status: 400, field, type: `urn:tallyhouse:problem:${kind}` },
    ]);
  });

  test('a name that no plan has is told', async () => {
    const reply = await client.send('/api/v1/reports/engagement?plan_name=gold');
    expect(problem(reply)).toMatchObject({ detail: '"plan_name": plan gold not found.' });
  });

  test('names and addresses need both scopes', async () => {
    for (const [key, status] of [
      ['th_read', 403],
      ['th_admin', 403],
      ['th_none', 401],
    ] as const) {
      const reply = await new Client(server.url, key).send('/api/v1/reports/engagement?plan_name=evaluation');
      expect([key, reply.status]).toEqual([key, status]);
    }
  });

  test('365 days are answered, and 2', async () => {
    expect((await report({ plan_name: 'evaluation', days: '365' })).applications[0]?.values).toHaveLength(365);
    expect((await report({ plan_name: 'evaluation', days: '2' })).applications).toEqual([]);
  });
});
