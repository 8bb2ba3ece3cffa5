import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { dialects } from '../src/dialects/registry.ts';
import { column, rowOf } from '../src/store/facts/rows.ts';
import { param, sql } from '../src/store/facts/sql.ts';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { prepareData } from './support/servers.ts';

/** Rows of the rollup; `BENCH_ROWS=1000000` for a short run. */
const ROWS = Number(process.env['BENCH_ROWS'] ?? 50_000_000);
const APPLICATIONS = 20_000;
const ROUNDS = 31;
const CHUNK = 1_000_000;
const DAYS_OF_2025 = 365;

const DIRECTORY = JSON.stringify({
  organizations: [
    {
      key: 'NORTH',
      name: 'North',
      provider: { provider_key: 'pk_bench' },
      products: [
        {
          id: 7,
          system_name: 'weather',
          metrics: [{ id: 11, system_name: 'hits' }],
          plans: [{ id: 3, system_name: 'evaluation' }],
        },
      ],
      accounts: [
        {
          id: 17,
          org_name: 'All',
          applications: Array.from({ length: APPLICATIONS }, (_, index) => ({
            id: index + 1,
            product: 'weather',
            plan: 'evaluation',
            name: `application ${index + 1}`,
            user_key: `uk_bench_${index + 1}`,
          })),
        },
      ],
    },
  ],
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function get(url: string): Promise<void> {
  const response = await fetch(`${url}&provider_key=pk_bench`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text.slice(0, 200)}`);
}

/** Rows as the engine keeps them: a year of quarter hours, spread over all applications, some with codes. */
async function load(app: App, organization: number, report: (line: string) => void): Promise<void> {
  for (let from = 0; from < ROWS; from += CHUNK) {
    if (from % (10 * CHUNK) === 0) report(`loading, ${from.toLocaleString('en')} of ${ROWS.toLocaleString('en')} rows`);
    await app.facts.command(
      sql`INSERT INTO usage_15m (organization, slot, product, application, metric, code, value, rows)
        SELECT ${param.u32(organization)},
          fromUnixTimestamp64Milli(toInt64(1735689600000) + toInt64(rand(1) % ${param.u32(DAYS_OF_2025 * 96)}) * 900000, 'UTC'),
          'weather', 1 + rand(2) % ${param.u32(APPLICATIONS)}, if(rand(3) % 3 = 0, 'search', 'hits'),
          if(rand(4) % 10 = 0, 404, 200), 1 + rand(5) % 50, 1
        FROM numbers(${param.u64(Math.min(CHUNK, ROWS))})`,
      { timeoutMs: 300_000 },
    );
  }
  for (let tries = 0; tries < 240; tries += 1) {
    const [row] = await app.facts.query(sql`SELECT count() AS merges FROM system.merges`, {
      tag: 'bench:merges',
      rows: rowOf({ merges: column.integer }),
    });
    if ((row?.merges ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Another application each round, so that nothing is answered from what the last one left in a cache. */
const applicationOf = (round: number): number => 1 + (((round + 10) * 613) % APPLICATIONS);

async function compared(
  name: string,
  aimMs: number,
  ours: (round: number) => Promise<unknown>,
  raw: (round: number) => Promise<unknown>,
): Promise<Measurement> {
  const [oursTimes, rawTimes]: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round += 1) {
    const times = [await timed(() => ours(round)), await timed(() => raw(round))] as const;
    if (round < 0) continue;
    oursTimes.push(times[0]);
    rawTimes.push(times[1]);
  }
  const [oursMs, rawMs] = [median(oursTimes), median(rawTimes)];
  return {
    name,
    unit: 'ms',
    ours: rounded(oursMs),
    baseline: rounded(rawMs),
    against: 'raw SQL',
    aim: { words: `< ${aimMs} ms or <= 2 x raw SQL`, met: oursMs < aimMs || oursMs <= rawMs * 2 },
  };
}

const RANGE = 'since=2025-01-01&until=2025-12-31&granularity=day&timezone=Europe/Madrid';

async function yearByDay(app: App, organization: number): Promise<Measurement> {
  return compared(
    `a year by day of one application of ${APPLICATIONS.toLocaleString('en')}, ${ROWS / 1e6} million rows of the rollup`,
    50,
    (round) => get(`${app.url}/stats/applications/${applicationOf(round)}/usage.json?metric_name=hits&${RANGE}`),
    (round) =>
      app.facts.query(
        sql`SELECT toDate(slot, 'Europe/Madrid') AS day, sum(value) AS hits FROM usage_15m
          WHERE organization = ${param.u32(organization)} AND product = 'weather' AND metric = 'hits'
            AND application = ${param.u64(applicationOf(round))}
            AND slot >= '2024-12-31 23:00:00' AND slot < '2025-12-31 23:00:00' GROUP BY day ORDER BY day`,
        { tag: 'bench:raw', rows: rowOf({ hits: column.integer }) },
      ),
  );
}

async function codesByDay(app: App, organization: number): Promise<Measurement> {
  return compared(
    'the same of calls answered 404',
    50,
    (round) =>
      get(`${app.url}/stats/applications/${applicationOf(round)}/usage_response_code.json?response_code=404&${RANGE}`),
    (round) =>
      app.facts.query(
        sql`SELECT toDate(slot, 'Europe/Madrid') AS day, sum(rows) AS calls FROM usage_15m
          WHERE organization = ${param.u32(organization)} AND product = 'weather' AND code = 404
            AND application = ${param.u64(applicationOf(round))}
            AND slot >= '2024-12-31 23:00:00' AND slot < '2025-12-31 23:00:00' GROUP BY day ORDER BY day`,
        { tag: 'bench:raw', rows: rowOf({ calls: column.integer }) },
      ),
  );
}

/** The last page, which lies behind all others, against the first. */
async function lastPage(app: App): Promise<Measurement> {
  const page = (number: number) => get(`${app.url}/admin/api/applications.json?per_page=100&page=${number}`);
  const [last, first]: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round += 1) {
    const times = [await timed(() => page(APPLICATIONS / 100)), await timed(() => page(1))] as const;
    if (round < 0) continue;
    last.push(times[0]);
    first.push(times[1]);
  }
  const [ours, baseline] = [median(last), median(first)];
  return {
    name: `the last page of ${APPLICATIONS.toLocaleString('en')} applications, 100 a page`,
    unit: 'ms',
    ours: rounded(ours),
    baseline: rounded(baseline),
    against: 'the first page',
    aim: { words: '<= 2 x the first page', met: ours <= baseline * 2 },
  };
}

/** What 3scale's scripts ask most: one application's year, and all applications page by page. */
export const threescaleUsage: Benchmark = {
  name: 'threescale-usage',
  description: `usage of one application out of ${ROWS.toLocaleString('en')} rows of the rollup, and pages of applications`,
  async run(report) {
    const { directory, env } = prepareData({}, DIRECTORY);
    const config = readConfig(
      env,
      dialects.map(({ settings }) => settings),
    );
    const app = await startApp(config, pino({ level: 'error' }));
    try {
      const { id } = await app.records.db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
      await load(app, id, report);
      const measurements = [await yearByDay(app, id), await codesByDay(app, id), await lastPage(app)];
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
