import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { Analytics, authtokenOf } from '../contentstack/support/client.ts';
import { Client } from './support/client.ts';

const DIRECTORY = `
users: [{email: ada@north.example, password: correct-horse}, {email: sue@south.example, password: sue-owns-it}]
organizations:
  - {uid: blt01, key: NORTH, name: North, members: [{user: ada@north.example, role: owner}, {user: sue@south.example, role: owner}],
     native_keys: [{key: th_north, scopes: [read]}, {key: th_ingest, scopes: [ingest]}]}
  - {uid: blt02, key: LAB, name: Lab, parent: NORTH, members: [{user: ada@north.example, role: owner}]}
  - {uid: blt03, key: SOUTH, name: South, members: [{user: sue@south.example, role: owner}],
     native_keys: [{key: th_south, scopes: [read]}]}
`;

let server: TestServer;
let north: Client;
const ids: string[] = [];
let lab = '';
beforeAll(async () => {
  const env = { TALLYHOUSE_TESTING: '1', TALLYHOUSE_JOB_HOLD_MS: '700' };
  server = await startServer({ directory: DIRECTORY, env });
  north = new Client(server.url, 'th_north');
  const token = await authtokenOf(server.url, 'ada@north.example', 'correct-horse');
  const asked = new Analytics(server.url, token, 'blt01');
  for (const to of ['2024-03-31', '2024-04-01', '2024-01-02'])
    ids.push(await asked.start(`usage?from=2024-01-01&to=${to}`));
  lab = await new Analytics(server.url, token, 'blt02').start('usage?from=2024-01-01&to=2024-01-02');
}, 60_000);
afterAll(() => server.stop());

const listed = async (client: Client, query = ''): Promise<unknown> => {
  const { jobs, next } = (await client.send(`/api/v1/jobs${query}`)).json as {
    jobs: { id: string }[];
    next: string | null;
  };
  return [jobs.map(({ id }) => id), next];
};

test('a job waits, and then is done with its rows or has failed with a problem', async () => {
  const [done = '', failed = ''] = ids;
  const state = async (id: string): Promise<unknown> => (await north.send(`/api/v1/jobs/${id}`)).json;
  const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/) as string;
  await expect
    .poll(() => state(done), { timeout: 20_000 })
    .toEqual({
      id: done,
      kind: 'contentstack',
      organization: 'blt01',
      state: 'done',
      created_at: INSTANT,
      started_at: INSTANT,
      finished_at: INSTANT,
      expires_at: INSTANT,
      attempts: 1,
      rows: 91,
      bytes: expect.any(Number),
      problem: null,
    });
  await expect
    .poll(() => state(failed), { timeout: 20_000 })
    .toMatchObject({ state: 'failed', attempts: 1, rows: 0, problem: 'to lies more than 90 days after from' });
});

test('the newest come first, page by page; organizations below when they are named', async () => {
  const [first, second, third] = ids;
  expect(await listed(north)).toEqual([[third, second, first], null]);
  const [page, next] = (await listed(north, '?limit=2')) as [string[], string];
  expect(page).toEqual([third, second]);
  expect(await listed(north, `?limit=2&cursor=${next}`)).toEqual([[first], null]);
  expect(await listed(north, '?descendants=true')).toEqual([[lab, third, second, first], null]);
  expect(await listed(north, '?organization=LAB')).toEqual([[lab], null]);
});

test('nobody else sees them', async () => {
  const south = new Client(server.url, 'th_south');
  expect(await listed(south)).toEqual([[], null]);
  for (const id of [...ids, 'job_00000000-0000-4000-8000-000000000000', 'nothing', '%00']) {
    expect((await south.send(`/api/v1/jobs/${id}`)).status).toBe(404);
  }
  expect((await south.send('/api/v1/jobs?organization=NORTH')).status).toBe(400);
  expect((await new Client(server.url, 'th_ingest').send('/api/v1/jobs')).status).toBe(403);
  expect((await new Client(server.url, null).send('/api/v1/jobs')).status).toBe(401);
  for (const query of ['?cursor=x', '?limit=0', '?nothing=1']) {
    expect((await north.send(`/api/v1/jobs${query}`)).status).toBe(400);
  }
});

test('metrics tell how many jobs are active and how runs ended', async () => {
  const { text } = await new Client(server.url, null).send('/metrics');
  expect(text).toContain('tallyhouse_jobs{state="waiting"} 0');
  expect(text).toContain('tallyhouse_job_duration_seconds_count{kind="contentstack",outcome="done"} 3');
  expect(text).toContain('tallyhouse_job_duration_seconds_count{kind="contentstack",outcome="failed"} 1');
});
