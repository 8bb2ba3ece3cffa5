import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { dialects } from '../src/dialects/registry.ts';
import { epochMs } from '../src/domain/time/instant.ts';
import { column, rowOf } from '../src/store/facts/rows.ts';
import { param, sql } from '../src/store/facts/sql.ts';
import { median, rounded, type Benchmark } from './support/measure.ts';
import { prepareData } from './support/servers.ts';

/** Of the last ten days, and as many again that signed up before. */
const COHORT = 20_000;
const OLDER = 80_000;
const FACTS = Number(process.env['BENCH_ENGAGEMENT_FACTS'] ?? 10_000_000);
const CHUNK = 1_000_000;
const ROUNDS = 5;
const DAY_MS = 86_400_000;
const KEY = 'th_bench_engagement_01';

const DIRECTORY = JSON.stringify({
  organizations: [
    {
      key: 'NORTH',
      name: 'North',
      timezone: 'America/New_York',
      native_keys: [{ key: KEY, scopes: ['ingest', 'read', 'admin'] }],
      products: [
        {
          id: 7,
          system_name: 'weather',
          name: 'Weather',
          metrics: [{ id: 11, system_name: 'hits' }],
          plans: [{ id: 3, system_name: 'evaluation', name: 'evaluation' }],
        },
      ],
    },
  ],
});

/** Accounts with two people and one application each; applications 1 to `COHORT` are new. */
async function signUp(
  { records: { db }, clock }: App,
  organization: number,
  report: (line: string) => void,
): Promise<void> {
  const now = clock.now();
  const rowsAtOnce = Math.floor(db.capabilities.maxParameters / 12);
  for (let from = 1; from <= COHORT + OLDER; from += rowsAtOnce) {
    if (from % (10 * rowsAtOnce) === 1) report(`signing up, ${from} of ${COHORT + OLDER}`);
    const ids = Array.from({ length: Math.min(rowsAtOnce, COHORT + OLDER - from + 1) }, (_, index) => from + index);
    const of = (id: number) => {
      const at = epochMs(now - (id <= COHORT ? (id * 8 * DAY_MS) / COHORT : (20 + (id % 300)) * DAY_MS));
      return { organization_id: organization, created_at: at, updated_at: at };
    };
    await db
      .insertInto('accounts')
      .values(ids.map((id) => ({ ...of(id), id, org_name: `Lab ${id}`, state: 'approved' })))
      .execute();
    for (const [role, offset] of [
      ['member', 0],
      ['admin', 1],
    ] as const) {
      await db
        .insertInto('account_users')
        .values(
          ids.map((id) => ({
            ...of(id),
            id: id * 2 + offset,
            account_id: id,
            username: `u${id}-${offset}`,
            email: `u${id}-${offset}@lab.example`,
            first_name: 'Ann',
            last_name: `Lee ${id}`,
            role,
            state: 'active',
          })),
        )
        .execute();
    }
    await db
      .insertInto('applications')
      .values(
        ids.map((id) => ({
          ...of(id),
          id,
          account_id: id,
          product_id: 7,
          plan_id: 3,
          name: `App ${id}`,
          state: 'live',
          app_id: `a${id}`,
        })),
      )
      .execute();
  }
}

/** Half of the facts are of the cohort; a third of the applications never calls. */
async function call(app: App, organization: number, report: (line: string) => void): Promise<void> {
  for (let from = 0; from < FACTS; from += CHUNK) {
    report(`loading, ${from.toLocaleString('en')} of ${FACTS.toLocaleString('en')} rows`);
    await app.facts.command(
      sql`INSERT INTO usage (organization, time, product, application, metric, value)
        SELECT ${param.u32(organization)}, fromUnixTimestamp64Milli(toInt64(${param.int64(app.clock.now())}
            - toInt64(rand64(1) % ${param.u64(30 * DAY_MS)})), 'UTC'), 'weather',
          if(rand(2) % 2 = 0, 3 * intDiv(rand(3) % ${param.u32(COHORT)}, 3) + 1 + rand(4) % 2,
            ${param.u32(COHORT)} + 1 + rand(3) % ${param.u32(OLDER)}), 'hits', 1
        FROM numbers(${param.u64(Math.min(CHUNK, FACTS - from))})`,
      { timeoutMs: 300_000 },
    );
  }
}

async function ask(app: App, format: string): Promise<{ ms: number; text: string }> {
  const startedAt = performance.now();
  const response = await fetch(`${app.url}/api/v1/reports/engagement?plan_name=evaluation&format=${format}`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text.slice(0, 200)}`);
  return { ms: performance.now() - startedAt, text };
}

/** The same sums by hand, without bounds of days, people or groups. */
async function rawMs(app: App, organization: number): Promise<number> {
  const startedAt = performance.now();
  await app.facts.query(
    sql`SELECT application, toDate(slot, 'America/New_York') AS day, sum(value) AS hits FROM usage_15m
      WHERE organization = ${param.u32(organization)} AND product = 'weather' AND metric = 'hits'
        AND application <= ${param.u32(COHORT)}
        AND slot >= ${param.instant(app.clock.now() - 10 * DAY_MS)} GROUP BY application, day`,
    { tag: 'bench:raw', rows: rowOf({ hits: column.integer }) },
  );
  return performance.now() - startedAt;
}

/** The engagement report of 20,000 new applications in one request. */
export const engagement: Benchmark = {
  name: 'engagement',
  description: `the engagement report of ${COHORT.toLocaleString('en')} applications among ${FACTS.toLocaleString('en')} rows`,
  async run(report) {
    const { directory, env } = prepareData({}, DIRECTORY);
    const config = readConfig(
      env,
      dialects.map(({ settings }) => settings),
    );
    const app = await startApp(config, pino({ level: 'error' }));
    try {
      const { id } = await app.records.db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
      await signUp(app, id, report);
      await call(app, id, report);
      const [json, csv, raw]: [number[], number[], number[]] = [[], [], []];
      let rows = 0;
      for (let round = -1; round < ROUNDS; round += 1) {
        const inJson = await ask(app, 'json');
        const inCsv = await ask(app, 'csv');
        const byHand = await rawMs(app, id);
        rows = inCsv.text.split('\r\n').length - 2;
        if (round < 0) continue;
        json.push(inJson.ms);
        csv.push(inCsv.ms);
        raw.push(byHand);
      }
      if (rows !== COHORT) throw new Error(`the report has ${rows} rows`);
      const [ours, baseline] = [median(json), median(raw)];
      report(`JSON ${rounded(ours)} ms, CSV ${rounded(median(csv))} ms, raw SQL ${rounded(baseline)} ms`);
      return [
        {
          name: `the engagement report of ${COHORT} applications`,
          unit: 'ms',
          ours: rounded(ours),
          baseline: rounded(baseline),
          against: 'the daily sums in raw SQL',
          aim: { words: '< 5 s', met: ours < 5000 },
          details: { csvMs: rounded(median(csv)) },
        },
      ];
    } finally {
      await app.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
