import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { dialects } from '../src/dialects/registry.ts';
import { column, rowOf } from '../src/store/facts/rows.ts';
import { empty, param, sql } from '../src/store/facts/sql.ts';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { prepareData } from './support/servers.ts';

const ROWS = 20_000_000;
const ARRAYS = 500;
const ROUNDS = 31;
const TOKEN_ROUNDS = 3000;
const CHUNK = 1_000_000;

const arrayKey = (index: number): string => `A${String(index).padStart(4, '0')}`;
const DIRECTORY = JSON.stringify({
  users: [{ email: 'dana@museum.example', password: 'open-at-nine', timezone: 'America/Chicago' }],
  organizations: [
    {
      key: 'MUSEUM',
      name: 'Museum',
      members: [{ user: 'dana@museum.example', role: 'owner' }],
      deployments: [
        {
          key: '7QX2B',
          name: 'Main hall',
          timezone: 'America/Chicago',
          arrays: Array.from({ length: ARRAYS }, (_, index) => ({ key: arrayKey(index), name: arrayKey(index) })),
        },
      ],
      oauth_clients: [{ client_id: 'bench', type: 'public', grant: 'password', owner: 'dana@museum.example' }],
    },
  ],
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function get(url: string, token?: string): Promise<void> {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text.slice(0, 200)}`);
}

async function load(app: App, organization: number, report: (line: string) => void): Promise<void> {
  for (let from = 0; from < ROWS; from += CHUNK) {
    if (from % (5 * CHUNK) === 0) report(`loading, ${from.toLocaleString('en')} of ${ROWS.toLocaleString('en')} rows`);
    await app.facts.command(
      sql`INSERT INTO visits (organization, time, device, array, deployment, count)
        SELECT ${param.u32(organization)},
          fromUnixTimestamp64Milli(toInt64(toUnixTimestamp('2025-01-01 06:00:00', 'UTC')) * 1000
            + toInt64(rand64(1) % ${param.u64(365 * 86_400_000)}), 'UTC'),
          concat('D', leftPad(toString(rand(2) % ${param.u32(ARRAYS)}), 4, '0')),
          concat('A', leftPad(toString(rand(2) % ${param.u32(ARRAYS)}), 4, '0')),
          '7QX2B', 1 + rand(3) % 3
        FROM numbers(${param.u64(CHUNK)})`,
      { timeoutMs: 300_000 },
    );
  }
  for (let tries = 0; tries < 120; tries += 1) {
    const [row] = await app.facts.query(sql`SELECT count() AS merges FROM system.merges${empty}`, {
      tag: 'bench:merges',
      rows: rowOf({ merges: column.integer }),
    });
    if ((row?.merges ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function tokenOf(app: App): Promise<string> {
  const response = await fetch(`${app.url}/o/token/`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'bench',
      username: 'dana@museum.example',
      password: 'open-at-nine',
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** A read with a token against one without; both over HTTP, in turns. */
async function tokenCheck(app: App, token: string): Promise<Measurement> {
  const [withToken, without]: [number[], number[]] = [[], []];
  for (let round = -300; round < TOKEN_ROUNDS; round += 1) {
    const times = [
      await timed(() => get(`${app.url}/v2/whoami`, token)),
      await timed(() => get(`${app.url}/healthz`)),
    ] as const;
    if (round < 0) continue;
    withToken.push(times[0]);
    without.push(times[1]);
  }
  const [ours, baseline] = [median(withToken), median(without)];
  return {
    name: 'a read with a token (whoami)',
    unit: 'ms',
    ours: rounded(ours),
    baseline: rounded(baseline),
    against: '/healthz',
    aim: { words: 'adds < 0.3 ms', met: ours - baseline < 0.3 },
    details: { addsMs: rounded(ours - baseline) },
  };
}

async function yearByHour(app: App, token: string, organization: number): Promise<Measurement> {
  const window = 'start=2025-01-01&end=2026-01-01&timezone=America/Chicago';
  const [ours, raw]: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round += 1) {
    // Another array each time, so that nothing is answered from what the last round left in a cache.
    const key = arrayKey((round + 3) * 7);
    const times = [
      await timed(() => get(`${app.url}/v2/aggregate/${key}/visits/1h?${window}`, token)),
      await timed(() =>
        app.facts.query(
          sql`SELECT toStartOfHour(slot) AS h, sum(count) AS c FROM visits_15m
            WHERE organization = ${param.u32(organization)} AND array = ${param.string(key)}
              AND slot >= '2025-01-01 06:00:00' AND slot < '2026-01-01 06:00:00' GROUP BY h ORDER BY h`,
          { tag: 'bench:raw', rows: rowOf({ c: column.integer }) },
        ),
      ),
    ] as const;
    if (round < 0) continue;
    ours.push(times[0]);
    raw.push(times[1]);
  }
  const [oursMs, rawMs] = [median(ours), median(raw)];
  return {
    name: `a year by the hour of one array of ${ARRAYS}, ${ROWS / 1e6} million visits`,
    unit: 'ms',
    ours: rounded(oursMs),
    baseline: rounded(rawMs),
    against: 'raw SQL',
    aim: { words: '< 40 ms or <= 2 x raw SQL', met: oursMs < 40 || oursMs <= rawMs * 2 },
  };
}

/** The Scanalytics dialect: what the token check costs, and the largest question scripts ask. */
export const scanalytics: Benchmark = {
  name: 'scanalytics',
  description: `visits of ${ARRAYS} arrays, ${ROWS.toLocaleString('en')} rows over a year, and the check of a token`,
  async run(report) {
    const { directory, env } = prepareData({ TALLYHOUSE_SCANALYTICS_RATE_LIMITS: '0' }, DIRECTORY);
    const config = readConfig(
      env,
      dialects.map(({ settings }) => settings),
    );
    const app = await startApp(config, pino({ level: 'error' }));
    try {
      const { id } = await app.records.db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
      const token = await tokenOf(app);
      const measurements = [await tokenCheck(app, token)];
      await load(app, id, report);
      measurements.push(await yearByHour(app, token, id));
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
