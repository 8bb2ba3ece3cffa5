import { setTimeout as sleep } from 'node:timers/promises';
import { Client as Postgres } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { Analytics, authtokenOf, ingest } from '../dialects/contentstack/support/client.ts';
import { startClickHouseBridge } from '../support/clickhouse-http-bridge.ts';
import { startPostgres } from '../support/postgres.ts';
import { startServer, type TestServer } from '../support/server.ts';

const DIRECTORY = `
users: [{email: ada@north.example, password: correct-horse}]
organizations:
  - uid: blt0000000000000001
    key: NORTH
    name: North
    members: [{user: ada@north.example, role: owner}]
    native_keys: [{key: th_north, scopes: [ingest, read]}]
`;
const JOBS = 8;

interface Row {
  readonly state: string;
  readonly attempt: number;
  readonly owner: string | null;
  readonly pieces: number;
  readonly attempts: number;
}

test('of two nodes one is killed in the middle of its jobs: the other ends them, each once, and none is lost', async () => {
  const postgres = await startPostgres({ durable: true });
  onTestFinished(() => postgres.stop());
  const records = await postgres.createDatabase();
  const bridge = await startClickHouseBridge();
  onTestFinished(() => bridge.stop());
  const env = {
    TALLYHOUSE_RECORDS: records,
    TALLYHOUSE_FACTS: bridge.url(),
    TALLYHOUSE_CONTENTSTACK_RATE: '1000',
    TALLYHOUSE_TESTING: '1',
    TALLYHOUSE_JOB_HOLD_MS: '1500',
  };
  const start = async (options: { directory?: string }): Promise<TestServer> => {
    const server = await startServer({ ...options, env });
    onTestFinished(async () => void (await server.stop()));
    return server;
  };
  const first = await start({ directory: DIRECTORY });
  const second = await start({});
  const token = await authtokenOf(first.url, 'ada@north.example', 'correct-horse');
  const [a, b] = [first, second].map(({ url }) => new Analytics(url, token, 'blt0000000000000001'));
  if (a === undefined || b === undefined) throw new Error('no nodes');
  const rows = Array.from({ length: 3_000 }, (_, n) => ({
    time: '2024-03-01T10:00:00Z',
    service: 'cdn',
    url: `https://x/${n}`,
  }));
  await ingest(first.url, 'requests', rows, 'th_north');
  const path = 'url?from=2024-03-01&to=2024-03-02&includeTotalCount=true';
  await a.result(path);

  const store = new Postgres({ connectionString: records });
  await store.connect();
  onTestFinished(() => store.end());
  const rowsOf = async (ids: readonly string[]): Promise<readonly Row[]> => {
    const { rows: found } = await store.query<Row>(
      `select state, attempt, owner, (select count(*)::int from job_rows where job_id = id) as pieces,
         (select count(distinct r.attempt)::int from job_rows r where job_id = id) as attempts
       from jobs where id = any($1)`,
      [ids],
    );
    return found;
  };

  const ids = await Promise.all(Array.from({ length: JOBS }, (_, n) => (n % 2 === 0 ? a : b).start(path)));
  // Whoever asks the engine waits from now on, so that the jobs are caught while they run.
  await bridge.behave({ kind: 'slow', delayMs: 1_500 });
  await expect
    .poll(async () => new Set((await rowsOf(ids)).map(({ owner }) => owner).filter((owner) => owner !== null)).size, {
      timeout: 20_000,
    })
    .toBe(2);
  await first.kill();
  const orphans = (await rowsOf(ids)).filter(({ owner }) => owner !== null).length;
  expect(orphans).toBeGreaterThan(0);
  await bridge.behave({ kind: 'normal' });

  for (const id of ids) {
    const reply = await b.retrieve(id);
    expect([reply.status, reply.json()]).toMatchObject([200, { total: 3_000, totalDocs: 3_000 }]);
  }
  const ended = await rowsOf(ids);
  expect(ended).toHaveLength(JOBS);
  expect(ended.map(({ state, owner }) => `${state} ${owner}`)).toEqual(Array(JOBS).fill('done null'));
  expect(ended.some(({ attempt }) => Number(attempt) === 2)).toBe(true);
  // One set of rows each: nobody wrote a second result.
  expect(ended.map(({ attempts }) => attempts)).toEqual(Array(JOBS).fill(1));
  const texts = await Promise.all(ids.map(async (id) => (await b.retrieve(id, '?page=3')).text));
  await sleep(4_000);
  expect(await Promise.all(ids.map(async (id) => (await b.retrieve(id, '?page=3')).text))).toEqual(texts);
  const { rows: budget } = await store.query<{ active: string }>('select active from job_budgets');
  expect(budget.map(({ active }) => Number(active))).toEqual([0]);
}, 180_000);
