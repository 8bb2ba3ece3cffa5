import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { dialects } from '../src/dialects/registry.ts';
import { column, rowOf } from '../src/store/facts/rows.ts';
import { empty, param, sql, type Sql } from '../src/store/facts/sql.ts';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { prepareData } from './support/servers.ts';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 10_000_000);
const CHUNK = Math.min(1_000_000, ROWS);
const URLS = 20_000;
const DEVICES = 200;
const SDKS = 40;
const ROUNDS = 9;
const PAGE_ROUNDS = 300;

const ORGANIZATION = 'blt0000000000000001';
const DIRECTORY = JSON.stringify({
  users: [{ email: 'ada@north.example', password: 'correct-horse' }],
  organizations: [
    { uid: ORGANIZATION, key: 'NORTH', name: 'North', members: [{ user: 'ada@north.example', role: 'owner' }] },
  ],
});

const RANGE = 'from=2025-01-01&to=2025-03-31';
const SERVICES = '["cdn","cma","graphql","images"]';

/** A request, and the hand-written SQL that finds the rows of its result. */
interface Job {
  readonly name: string;
  readonly query: string;
  readonly select: Sql;
  readonly from: Sql;
  readonly groupBy: Sql;
  readonly orderBy: Sql;
}

const day = sql`toDate(time)`;
const slotDay = sql`toDate(slot)`;
const byCount = sql`sum(count) DESC`;
const log = `${RANGE}&services=${encodeURIComponent(SERVICES)}&duration=day&includeCount=true&includeTotalCount=true`;

const JOBS: readonly Job[] = [
  {
    name: 'subscription',
    query: RANGE,
    select: sql`kind, uniqExact(uid)`,
    from: sql`inventory`,
    groupBy: sql`kind`,
    orderBy: sql`kind`,
  },
  {
    name: 'devices',
    query: log,
    select: sql`${day} AS d, service, device, sum(count)`,
    from: sql`requests`,
    groupBy: sql`d, service, device`,
    orderBy: byCount,
  },
  {
    name: 'usage',
    query: log,
    select: sql`${slotDay} AS d, service, sum(count), sum(bytes)`,
    from: sql`requests_by_service_15m`,
    groupBy: sql`d, service`,
    orderBy: sql`d`,
  },
  {
    name: 'url',
    query: log,
    select: sql`service, url, sum(count)`,
    from: sql`requests`,
    groupBy: sql`service, url`,
    orderBy: byCount,
  },
  {
    name: 'http-statuses',
    query: log,
    select: sql`${slotDay} AS d, service, status, sum(count)`,
    from: sql`requests_15m`,
    groupBy: sql`d, service, status`,
    orderBy: sql`d, service, status`,
  },
  {
    name: 'hit-miss-ratio',
    query: log,
    select: sql`${slotDay} AS d, service, cache, sum(count)`,
    from: sql`requests_15m`,
    groupBy: sql`d, service, cache`,
    orderBy: sql`d, service, cache`,
  },
  {
    name: 'sdk',
    query: log,
    select: sql`${day} AS d, service, sdk, sum(count)`,
    from: sql`requests`,
    groupBy: sql`d, service, sdk`,
    orderBy: byCount,
  },
];

async function load(app: App, organization: number, report: (line: string) => void): Promise<void> {
  for (let from = 0; from < ROWS; from += CHUNK) {
    if (from % (5 * CHUNK) === 0) report(`loading, ${from.toLocaleString('en')} of ${ROWS.toLocaleString('en')} rows`);
    await app.facts.command(
      sql`INSERT INTO requests (organization, time, service, url, status, bytes, cache, sdk, device, stack, count)
        SELECT ${param.u32(organization)},
          fromUnixTimestamp64Milli(toInt64(toUnixTimestamp('2025-01-01 00:00:00', 'UTC')) * 1000
            + toInt64(rand64(1) % ${param.u64(90 * 86_400_000)}), 'UTC'),
          ['cdn', 'cma', 'graphql', 'images', 'assets'][1 + rand(2) % 5],
          concat('https://cdn.example.com/v3/content_types/t', toString(rand(3) % 40), '/entries/blt',
            leftPad(toString(toUInt32(pow(rand(4) / 4294967296, 3) * ${param.u32(URLS)})), 8, '0'), '?environment=production'),
          [200, 200, 200, 200, 304, 404, 422, 500][1 + rand(5) % 8],
          rand(6) % 100000,
          ['HIT', 'HIT', 'HIT', 'MISS', ''][1 + rand(7) % 5],
          concat('delivery-sdk/v', toString(rand(8) % ${param.u32(SDKS)})),
          concat('agent/', toString(rand(9) % ${param.u32(DEVICES)}), '; os Linux/5.4'),
          concat('bltstack', toString(rand(10) % 4)),
          1 + rand(11) % 3
        FROM numbers(${param.u64(CHUNK)})`,
      { timeoutMs: 300_000 },
    );
  }
  await app.facts.command(
    sql`INSERT INTO inventory (organization, time, kind, uid)
      SELECT ${param.u32(organization)}, fromUnixTimestamp64Milli(toInt64(1700000000000 + number), 'UTC'),
        ['project', 'environment', 'domain'][1 + number % 3], toString(number) FROM numbers(3000)`,
  );
  for (let tries = 0; tries < 120; tries += 1) {
    const [row] = await app.facts.query(sql`SELECT count() AS merges FROM system.merges${empty}`, {
      tag: 'bench:merges',
      rows: rowOf({ merges: column.integer }),
    });
    if ((row?.merges ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

class Caller {
  readonly #url: string;
  readonly #authtoken: string;

  private constructor(url: string, authtoken: string) {
    this.#url = url;
    this.#authtoken = authtoken;
  }

  static async loggedIn(url: string): Promise<Caller> {
    const response = await fetch(`${url}/v3/user-session`, {
      method: 'POST',
      body: JSON.stringify({ user: { email: 'ada@north.example', password: 'correct-horse' } }),
    });
    const { user } = (await response.json()) as { user: { authtoken: string } };
    return new Caller(url, user.authtoken);
  }

  async get(path: string): Promise<Record<string, unknown>> {
    const joined = `${path}${path.includes('?') ? '&' : '?'}orgUid=${ORGANIZATION}`;
    const response = await fetch(`${this.#url}/analytics/v2/${joined}`, { headers: { authtoken: this.#authtoken } });
    const body = (await response.json()) as Record<string, unknown>;
    if (response.status !== 200) throw new Error(`${response.status}: ${JSON.stringify(body).slice(0, 200)}`);
    return body;
  }

  /** Starts a job and waits for its first page; returns the job's id. */
  async run(path: string): Promise<string> {
    const { jobId } = await this.get(path);
    for (;;) {
      const body = await this.get(`job/${String(jobId)}/data`);
      if ('data' in body) return String(jobId);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function jobTime(app: App, caller: Caller, organization: number, job: Job): Promise<Measurement> {
  const statement = sql`SELECT ${job.select} FROM ${job.from} WHERE organization = ${param.u32(organization)}
    ${job.name === 'subscription' ? empty : sql`AND service IN ('cdn', 'cma', 'graphql', 'images')`}
    GROUP BY ${job.groupBy} ORDER BY ${job.orderBy} LIMIT 100001`;
  const raw = (): Promise<unknown> =>
    app.facts.query(statement, { tag: 'bench:raw', rows: { reader: () => (values) => values } });
  const [ours, baseline]: [number[], number[]] = [[], []];
  for (let round = -2; round < ROUNDS; round += 1) {
    const times = [await timed(() => caller.run(`${job.name}?${job.query}`)), await timed(raw)] as const;
    if (round < 0) continue;
    ours.push(times[0]);
    baseline.push(times[1]);
  }
  const [oursMs, rawMs] = [median(ours), median(baseline)];
  return {
    name: `Contentstack: a job of ${job.name}, ${ROWS / 1e6} million calls over 90 days, until its first page is there`,
    unit: 'ms',
    ours: rounded(oursMs),
    baseline: rounded(rawMs),
    against: 'raw SQL',
    aim: { words: '<= 2 x raw SQL + 50 ms', met: oursMs <= rawMs * 2 + 50 },
  };
}

async function pageTime(app: App, caller: Caller): Promise<Measurement> {
  const jobId = await caller.run(`devices?${log}&limit=100`);
  const [ours, baseline]: [number[], number[]] = [[], []];
  for (let round = -50; round < PAGE_ROUNDS; round += 1) {
    const page = (round + 50) % 100;
    const times = [
      await timed(() => caller.get(`job/${jobId}/data?page=${page}`)),
      await timed(async () => (await fetch(`${app.url}/healthz`)).text()),
    ] as const;
    if (round < 0) continue;
    ours.push(times[0]);
    baseline.push(times[1]);
  }
  const [oursMs, bare] = [median(ours), median(baseline)];
  return {
    name: 'Contentstack: a page of 100 rows of a finished job',
    unit: 'ms',
    ours: rounded(oursMs),
    baseline: rounded(bare),
    against: '/healthz',
    aim: { words: '< 10 ms', met: oursMs < 10 },
  };
}

/** The Contentstack dialect: each of its seven jobs, and a page of what one found. */
export const contentstack: Benchmark = {
  name: 'contentstack',
  description: `the seven jobs over ${ROWS.toLocaleString('en')} calls of one organization in 90 days, and a page of a result`,
  async run(report) {
    const env = { TALLYHOUSE_CONTENTSTACK_RATE: '1000000' };
    const { directory, env: prepared } = prepareData(env, DIRECTORY);
    const config = readConfig(
      prepared,
      dialects.map(({ settings }) => settings),
    );
    const app = await startApp(config, pino({ level: 'error' }));
    try {
      const { id } = await app.records.db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
      await load(app, id, report);
      const caller = await Caller.loggedIn(app.url);
      const measurements: Measurement[] = [];
      for (const job of JOBS) {
        report(job.name);
        measurements.push(await jobTime(app, caller, id, job));
      }
      measurements.push(await pageTime(app, caller));
      for (const { name, ours, baseline, against } of measurements) {
        report(`${name}: ${ours} ms, ${against} ${baseline} ms`);
      }
      return measurements;
    } finally {
      await app.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
