import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { dialects } from '../src/dialects/registry.ts';
import { column, rowOf } from '../src/store/facts/rows.ts';
import { empty, param, sql, type Sql } from '../src/store/facts/sql.ts';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { KEY, prepareData, SMALL_KEY } from './support/servers.ts';

const ROWS = 10_000_000;
const ROUNDS = 15;
/** 90 days up to this instant hold all rows. */
const END = '2026-06-30T00:00:00Z';
const DAYS = 90;

interface Asked {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The same numbers in SQL written by hand, for one organization. */
  readonly raw: (organization: number) => Sql;
  /** A default read: rollups have to keep it as fast at ten times the rows. */
  readonly usual: boolean;
}

const range = { from: '2026-05-31T00:00:00Z', to: END };
const day = { every: '1d', zone: 'UTC' };

const QUESTIONS: readonly Asked[] = [
  {
    name: 'calls by day, 30 days',
    body: { stream: 'requests', ...range, bucket: day, measures: ['count'], fill: true },
    raw: (organization) => sql`
      SELECT toStartOfDay(slot) AS d, sum(count) FROM requests_by_service_15m
      WHERE organization = ${param.u32(organization)} AND slot >= '2026-05-31' AND slot < '2026-06-30' GROUP BY d ORDER BY d`,
    usual: true,
  },
  {
    name: 'calls and bytes by service and hour, 30 days',
    body: {
      stream: 'requests',
      ...range,
      bucket: { every: '1h', zone: 'UTC' },
      measures: ['count', 'bytes'],
      dimensions: ['service'],
    },
    raw: (organization) => sql`
      SELECT toStartOfHour(slot) AS h, service, sum(count), sum(bytes) FROM requests_by_service_15m
      WHERE organization = ${param.u32(organization)} AND slot >= '2026-05-31' AND slot < '2026-06-30'
      GROUP BY h, service ORDER BY h, service`,
    usual: true,
  },
  {
    name: 'calls by status, 90 days',
    body: {
      stream: 'requests',
      from: '2026-04-01T00:00:00Z',
      to: END,
      measures: ['count'],
      dimensions: ['status'],
    },
    raw: (organization) => sql`
      SELECT status, sum(count) FROM requests_15m
      WHERE organization = ${param.u32(organization)} AND slot >= '2026-04-01' AND slot < '2026-06-30'
      GROUP BY status ORDER BY status`,
    usual: true,
  },
  {
    name: 'different users by day, 7 days (raw rows)',
    body: { stream: 'requests', from: '2026-06-23T00:00:00Z', to: END, bucket: day, measures: ['unique_users'] },
    raw: (organization) => sql`
      SELECT toStartOfDay(time) AS d, uniqExactIf(user, user != '') FROM requests
      WHERE organization = ${param.u32(organization)} AND time >= '2026-06-23' AND time < '2026-06-30' GROUP BY d ORDER BY d`,
    usual: false,
  },
  {
    name: 'ten busiest URLs, 7 days (raw rows)',
    body: {
      stream: 'requests',
      from: '2026-06-23T00:00:00Z',
      to: END,
      measures: ['count'],
      dimensions: ['url'],
      order: [{ by: 'count', direction: 'descending' }],
      limit: 10,
    },
    raw: (organization) => sql`
      SELECT url, sum(count) AS c, count() OVER () AS t FROM requests
      WHERE organization = ${param.u32(organization)} AND time >= '2026-06-23' AND time < '2026-06-30'
      GROUP BY url ORDER BY c DESC, url LIMIT 10`,
    usual: false,
  },
];

async function load(app: App, organization: number, rows: number): Promise<void> {
  const chunk = 1_000_000;
  for (let from = 0; from < rows; from += chunk) {
    await app.facts.command(
      sql`INSERT INTO requests (organization, time, service, url, method, status, bytes, cache, sdk, device, stack, user, ip,
            duration_ms, country, count)
        SELECT ${param.u32(organization)},
          fromUnixTimestamp64Milli(toInt64(toUnixTimestamp('2026-06-30 00:00:00', 'UTC')) * 1000
            - toInt64(rand64(1) % ${param.u64(DAYS * 86_400_000)}) - 1, 'UTC'),
          ['cdn', 'cdn', 'cdn', 'cma', 'graphql', 'images', 'assets', 'thing'][1 + rand(2) % 8],
          concat('https://www.example.org/articles/', toString(intExp2(rand(3) % 13) + rand(4) % 50), '?page=', toString(rand(5) % 9)),
          if(rand(6) % 10 = 0, 'POST', 'GET'), [200, 200, 200, 200, 304, 404, 500][1 + rand(7) % 7],
          300 + rand(8) % 60000, ['HIT', 'MISS', ''][1 + rand(9) % 3], ['delivery-js/4.2.0', 'delivery-swift/3.0.1', ''][1 + rand(10) % 3],
          ['Chrome on Android', 'Safari on iOS', 'Chrome on Windows'][1 + rand(11) % 3], ['bltstack1', 'bltstack2'][1 + rand(12) % 2],
          concat('u', toString(rand(13) % 50000)), concat('203.0.', toString(rand(14) % 255), '.', toString(rand(15) % 255)),
          rand(16) % 400, ['US', 'DE', 'TR', 'JP'][1 + rand(17) % 4], 1
        FROM numbers(${param.u64(Math.min(chunk, rows - from))})`,
      { timeoutMs: 300_000 },
    );
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function ask(app: App, key: string, body: unknown): Promise<void> {
  const response = await fetch(`${app.url}/api/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`the query answered ${response.status}: ${text}`);
}

/** Answers over HTTP against the same numbers in hand-written SQL, in the same process and engine. */
export const queries: Benchmark = {
  name: 'queries',
  description: `questions over ${ROWS.toLocaleString('en')} rows of one organization, and over a tenth of them of another`,
  async run(report) {
    const { directory, env } = prepareData();
    const config = readConfig(
      env,
      dialects.map(({ settings }) => settings),
    );
    const app = await startApp(config, pino({ level: 'error' }));
    try {
      const organizations = await app.records.db.selectFrom('organizations').select(['id', 'key']).execute();
      const idOf = (key: string): number => organizations.find((each) => each.key === key)?.id ?? 0;
      report('loading');
      await load(app, idOf('BENCH'), ROWS);
      await load(app, idOf('SMALL'), ROWS / 10);
      await settle(app);
      const measurements: Measurement[] = [await diskPerRow(app)];
      for (const asked of QUESTIONS) measurements.push(...(await compare(app, asked, idOf('BENCH'), report)));
      return measurements;
    } finally {
      await app.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

async function compare(
  app: App,
  asked: Asked,
  organization: number,
  report: (line: string) => void,
): Promise<Measurement[]> {
  const ours: number[] = [];
  const small: number[] = [];
  const raw: number[] = [];
  for (let round = -2; round < ROUNDS; round += 1) {
    const times = [
      await timed(() => ask(app, KEY, asked.body)),
      await timed(() => ask(app, SMALL_KEY, asked.body)),
      await timed(() => app.facts.query(asked.raw(organization), { tag: 'bench:raw', rows: rowOf({}) })),
    ];
    if (round < 0) continue;
    ours.push(times[0] ?? 0);
    small.push(times[1] ?? 0);
    raw.push(times[2] ?? 0);
  }
  const [oursMs, smallMs, rawMs] = [median(ours), median(small), median(raw)];
  report(
    `${asked.name}: ${rounded(oursMs)} ms, raw SQL ${rounded(rawMs)} ms, at a tenth of the rows ${rounded(smallMs)} ms`,
  );
  const latency: Measurement = {
    name: asked.name,
    unit: 'ms',
    ours: rounded(oursMs),
    baseline: rounded(rawMs),
    against: 'raw SQL',
    aim: { words: '<= 1.2 x raw SQL + 5 ms', met: oursMs <= rawMs * 1.2 + 5 },
  };
  if (!asked.usual) return [latency];
  const growth: Measurement = {
    name: `${asked.name}: 10 million rows against 1 million`,
    unit: 'ms',
    ours: rounded(oursMs),
    baseline: rounded(smallMs),
    against: '1 million rows',
    aim: { words: '<= 2 x', met: oursMs <= smallMs * 2 },
  };
  return [latency, growth];
}

/** Merges run after the load; they are not what is measured. */
async function settle(app: App): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const [row] = await app.facts.query(sql`SELECT count() AS merges FROM system.merges${empty}`, {
      tag: 'bench:merges',
      rows: rowOf({ merges: column.integer }),
    });
    if ((row?.merges ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function diskPerRow(app: App): Promise<Measurement> {
  const [row] = await app.facts.query(
    sql`SELECT sum(bytes_on_disk) AS bytes, sumIf(rows, table = 'requests') AS rows FROM system.parts
      WHERE active AND database = currentDatabase() AND startsWith(table, 'requests')`,
    { tag: 'bench:disk', rows: rowOf({ bytes: column.integer, rows: column.integer }) },
  );
  const perRow = (row?.bytes ?? 0) / (row?.rows ?? 1);
  return {
    name: 'disk per row of requests, rollups included',
    unit: 'bytes',
    ours: rounded(perRow),
    baseline: 100,
    against: 'the aim',
    aim: { words: '<= 100 bytes', met: perRow <= 100 },
  };
}
