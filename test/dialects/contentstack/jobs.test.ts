import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startClickHouseBridge } from '../../support/clickhouse-http-bridge.ts';
import { startServer, type ServerOptions, type TestServer } from '../../support/server.ts';
import { Analytics, authtokenOf, ingest, send } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

const NORTH = 'blt0000000000000001';
const RANGE = 'from=2024-03-01&to=2024-03-02';
const ROWS = [
  { time: '2024-03-01T12:00:00Z', service: 'cma', device: 'a', count: 5, bytes: 50 },
  { time: '2024-03-02T12:00:00Z', service: 'cma', device: 'b', count: 3, bytes: 30 },
];

async function start(options: ServerOptions): Promise<TestServer> {
  const server = await startServer(options);
  onTestFinished(async () => void (await server.stop()));
  return server;
}

async function analyticsOn(server: TestServer, token?: string): Promise<Analytics> {
  return new Analytics(
    server.url,
    token ?? (await authtokenOf(server.url, 'ada@north.example', 'correct-horse')),
    NORTH,
  );
}

const testing = (env: Record<string, string>): ServerOptions => ({
  directory: DIRECTORY,
  env: { TALLYHOUSE_TESTING: '1', TALLYHOUSE_CONTENTSTACK_RATE: '1000', ...env },
});

const active = (jobId: string): object => ({ message: 'Job active', jobId, status: 'active' });

/** Holds jobs, lets few be active and keeps few rows. */
let held: TestServer;
beforeAll(async () => {
  held = await startServer(
    testing({ TALLYHOUSE_JOB_HOLD_MS: '1000', TALLYHOUSE_JOBS_ACTIVE: '3', TALLYHOUSE_JOB_ROWS: '1000' }),
  );
}, 60_000);
afterAll(() => held.stop());

describe('a job (contract 4)', () => {
  test('is active first, for any page; then its result is the same whatever happens after', async () => {
    const north = await analyticsOn(held);
    await ingest(held.url, 'requests', ROWS, 'th_north');
    const jobId = await north.start(`devices?${RANGE}&services=cma&limit=1`);
    for (const page of ['', '?page=0', '?page=77', '?page=x']) {
      const reply = await north.get(`job/${jobId}/data${page}`);
      expect([reply.status, reply.json()]).toEqual([200, active(jobId)]);
    }
    const first = await north.retrieve(jobId);
    const pages = [first, await north.retrieve(jobId, '?page=1')].map(({ text }) => text);
    expect(pages.map((text) => (JSON.parse(text) as { data: unknown }).data)).toEqual([
      [{ count: 5, type: 'cma', device: 'a', date: '2024-03-01' }],
      [{ count: 3, type: 'cma', device: 'b', date: '2024-03-02' }],
    ]);
    await ingest(held.url, 'requests', ROWS, 'th_north');
    const again = [await north.retrieve(jobId, '?page=0'), await north.retrieve(jobId, '?page=1')];
    expect(again.map(({ text }) => text)).toEqual(pages);
    const uids = new Set(pages.map((text) => (JSON.parse(text) as { uid: string }).uid));
    expect(uids.size).toBe(1);
    expect(jobId).not.toContain([...uids][0]);
  }, 30_000);

  test('survives the death of its server, also with a clock that is set back, and a stop', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
    onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const options = { ...testing({ TALLYHOUSE_JOB_HOLD_MS: '2000' }), dataDirectory };
    const first = await startServer({ ...options, clock: '2030-01-01T00:00:00Z' });
    await ingest(first.url, 'requests', ROWS, 'th_north');
    const token = await authtokenOf(first.url, 'ada@north.example', 'correct-horse');
    const killed = await (await analyticsOn(first, token)).start(`usage?${RANGE}`);
    await first.kill();
    const { directory: _, ...again } = options;
    const second = await startServer({ ...again, clock: '2025-01-01T00:00:00Z' });
    const north = await analyticsOn(second, token);
    expect((await north.retrieve(killed)).json()).toMatchObject({
      data: [{ total_api_count: 5 }, { total_api_count: 3 }],
    });
    const stopped = await north.start(`usage?${RANGE}`);
    expect(await second.stop()).toBe(0);
    const third = await start({ ...again, clock: '2025-01-01T01:00:00Z' });
    const later = await analyticsOn(third, token);
    for (const jobId of [killed, stopped]) {
      expect((await later.retrieve(jobId)).json()).toMatchObject({
        data: [{ total_api_count: 5 }, { total_api_count: 3 }],
      });
    }
  }, 60_000);

  test('is gone after its time, and not before', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-test-'));
    onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const at = (clock: string): ServerOptions => ({ dataDirectory, clock });
    const first = await startServer({ ...at('2030-01-01T00:00:00Z'), directory: DIRECTORY });
    const token = await authtokenOf(first.url, 'ada@north.example', 'correct-horse');
    const north = await analyticsOn(first, token);
    const jobs = [await north.start(`usage?${RANGE}`), await north.start('usage?from=2020-01-01&to=2024-01-01')];
    expect([(await north.retrieve(jobs[0] ?? '')).status, (await north.retrieve(jobs[1] ?? '')).status]).toEqual([
      200, 500,
    ]);
    await first.stop();
    const statuses = async (clock: string): Promise<number[]> => {
      const server = await startServer(at(clock));
      try {
        const later = await analyticsOn(server, token);
        return [(await later.retrieve(jobs[0] ?? '')).status, (await later.retrieve(jobs[1] ?? '')).status];
      } finally {
        await server.stop();
      }
    };
    expect(await statuses('2030-01-01T23:59:00Z')).toEqual([200, 500]);
    expect(await statuses('2030-01-02T00:05:00Z')).toEqual([404, 404]);
  }, 60_000);
});

describe('bounds', () => {
  test('an organization with too many active jobs is put off, another is not, and it goes on afterwards', async () => {
    const north = await analyticsOn(held);
    const token = await authtokenOf(held.url, 'sue@south.example', 'sue-owns-it');
    const south = new Analytics(held.url, token, 'blt0000000000000002');
    const jobs = await Promise.all([1, 2, 3].map(() => north.start(`usage?${RANGE}`)));
    const authtoken = await authtokenOf(held.url, 'ben@north.example', 'battery-staple');
    const path = `/analytics/v2/usage?${RANGE}&orgUid=${NORTH}`;
    const refused = await send(held.url, path, { headers: { authtoken } });
    expect([refused.status, refused.json()]).toEqual([
      429,
      { error_message: expect.stringMatching(/./), error_code: 429, errors: {} },
    ]);
    await south.start(`usage?${RANGE}`);
    for (const jobId of jobs) await north.retrieve(jobId);
    await north.start(`usage?${RANGE}`);
  }, 30_000);

  test('a result of more rows than are kept ends before them: pages, totals and skip tell so', async () => {
    const north = await analyticsOn(held);
    const rows = Array.from({ length: 1_500 }, (_, n) => ({
      time: '2024-03-02T12:00:00Z',
      service: 'graphql',
      url: `https://x/${String(n).padStart(4, '0')}`,
      count: n + 1,
      status: 100 + (n % 500),
    }));
    await ingest(held.url, 'requests', rows, 'th_north');
    const jobId = await north.start(`url?${RANGE}&services=graphql&limit=300&includeTotalCount=true`);
    for (const page of [0, 1, 2]) {
      const first = 1_500 - page * 300;
      const reply = (await north.retrieve(jobId, `?page=${page}`)).json() as { data: { count: string }[] };
      expect(reply).toMatchObject({ total: 1_125_750, totalDocs: 1_500 });
      expect([reply.data.length, reply.data[0]?.count, reply.data.at(-1)?.count]).toEqual([
        300,
        `${first}`,
        `${first - 299}`,
      ]);
    }
    const beyond = await north.retrieve(jobId, '?page=3');
    expect([beyond.status, beyond.json()]).toMatchObject([
      422,
      { errors: { page: [expect.stringContaining('3 pages')] } },
    ]);
    const exact = await north.start(`url?${RANGE}&services=graphql&limit=300&skip=701`);
    expect((await north.retrieve(exact)).status).toBe(500);
    expect((await north.retrieve(await north.start(`url?${RANGE}&services=graphql&limit=300&skip=700`))).status).toBe(
      200,
    );
  }, 30_000);
});

describe('a store that fails (contract 7)', () => {
  test('while a job is created: 502; while it runs: Job Failed; afterwards all is well', async () => {
    const bridge = await startClickHouseBridge();
    onTestFinished(() => bridge.stop());
    const server = await start(testing({ TALLYHOUSE_FACTS: bridge.url(), TALLYHOUSE_JOB_HOLD_MS: '1000' }));
    const north = await analyticsOn(server);
    const running = await north.start(`devices?${RANGE}`);
    await bridge.kill();
    const refused = await north.get(`devices?${RANGE}`);
    expect([refused.status, refused.json()]).toEqual([
      502,
      { error_message: expect.stringMatching(/./), error_code: 502, errors: {} },
    ]);
    for (let times = 0; times < 3; times += 1) {
      const failed = await north.retrieve(running);
      expect([failed.status, failed.json()]).toEqual([
        500,
        { error_message: expect.stringMatching(/^Job Failed/), error_code: 501, errors: {} },
      ]);
      await sleep(100);
    }
    await bridge.start();
    await expect.poll(async () => (await north.get(`devices?${RANGE}`)).status, { timeout: 20_000 }).toBe(200);
    expect((await north.retrieve(await north.start(`devices?${RANGE}`))).status).toBe(200);
    expect((await north.retrieve(running)).status).toBe(500);
  }, 60_000);
});
