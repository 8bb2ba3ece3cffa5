import { rmSync } from 'node:fs';
import autocannon from 'autocannon';
import { pino } from 'pino';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { dialects } from '../src/dialects/registry.ts';
import { column, rowOf } from '../src/store/facts/rows.ts';
import { empty, param, sql, type Sql } from '../src/store/facts/sql.ts';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { prepareData, startBareServer, startTallyhouse } from './support/servers.ts';

const SECONDS = 6;
const ROUNDS = 3;
const READ_ROUNDS = 9;
const DEVICES = 10_000;
const ITEMS = 50;
/** Sessions of an app; a fifth as many devices, 90 days. `BENCH_SESSIONS=1000000` for a short run. */
const SIZES = (process.env['BENCH_SESSIONS'] ?? '1000000,10000000').split(',').map(Number);
const CHUNK = 1_000_000;

const API_KEY = '0123456789abcdef0123456789abcdef';
const APP = '5f0000000000000000000001';
const DIRECTORY = JSON.stringify({
  users: [{ email: 'm@x.example', password: 'only-for-the-bench', countly_api_key: API_KEY }],
  organizations: [
    {
      key: 'X',
      name: 'X',
      apps: [{ id: APP, key: 'appkey', name: 'App', timezone: 'Europe/Istanbul', members: [{ user: 'm@x.example' }] }],
    },
  ],
});

let sent = 0;

/** What an SDK sends with one event; another device and time each, because a repeat would not be counted. */
function item(): object {
  sent += 1;
  return {
    device_id: `device-${sent % DEVICES}-0a1b2c3d4e5f`,
    timestamp: 1_760_000_000_000 + sent,
    sdk_name: 'javascript_native_web',
    sdk_version: '25.1.0',
    hour: 9,
    dow: 1,
    events: [{ key: 'level_done', count: 1, sum: 2.5, segmentation: { plan: 'pro', build: '1.0' } }],
  };
}

async function load(
  url: string,
  path: string,
  connections: number,
  body: () => object,
): Promise<{ perSecond: number; failed: number }> {
  const result = await autocannon({
    url: `${url}${path}`,
    method: 'POST',
    connections,
    duration: SECONDS,
    headers: { 'content-type': 'application/json' },
    requests: [{ setupRequest: (request: autocannon.Request) => ({ ...request, body: JSON.stringify(body()) }) }],
  });
  return { perSecond: result['2xx'] / result.duration, failed: result.non2xx + result.errors + result.timeouts };
}

interface Measured {
  readonly ratio: number;
  /** Items. */
  readonly perSecond: number;
}

async function writes(report: (line: string) => void): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const ours = await startTallyhouse({}, DIRECTORY);
  const bare = await startBareServer();
  try {
    for (const { name, path, connections, body, items, aim } of [
      {
        name: '/i with one event, 64 connections',
        path: '/i',
        connections: 64,
        items: 1,
        aim: { words: '>= 0.35 of the bare server', isMet: (load: Measured) => load.ratio >= 0.35 },
        body: () => ({ app_key: 'appkey', ...item() }),
      },
      {
        name: `/i/bulk of ${ITEMS} items, 16 connections`,
        path: '/i/bulk',
        connections: 16,
        items: ITEMS,
        aim: { words: '>= 15,000 items/s', isMet: (load: Measured) => load.perSecond >= 15_000 },
        body: () => ({ app_key: 'appkey', requests: Array.from({ length: ITEMS }, item) }),
      },
    ]) {
      const rounds: { ours: number; bare: number; failed: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const mine = await load(ours.url, path, connections, body);
        const theirs = await load(bare.url, path, connections, body);
        rounds.push({ ours: mine.perSecond * items, bare: theirs.perSecond * items, failed: mine.failed });
      }
      const ratio = median(rounds.map((round) => round.ours / round.bare));
      const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
      const perSecond = rounded(median(rounds.map((round) => round.ours)));
      report(`${name}: ${perSecond} items/s, ratio ${rounded(ratio)}, ${failed} failed`);
      measurements.push({
        name,
        unit: 'items/s',
        ours: perSecond,
        baseline: rounded(median(rounds.map((round) => round.bare))),
        against: 'bare node:http',
        aim: { words: `${aim.words}, none failed`, met: aim.isMet({ ratio, perSecond }) && failed === 0 },
        details: { ratio: rounded(ratio), failed },
      });
    }
  } finally {
    await ours.stop();
    await bare.stop();
  }
  return measurements;
}

/** 90 days up to now: each session as its begin and three further requests, the last of which ends it. */
async function loadSessions(app: App, sessions: number, report: (line: string) => void): Promise<void> {
  const found = (await app.directory.apps()).byId(APP);
  if (found === null) throw new Error('the app is not there');
  const now = app.clock.now();
  const devices = sessions / 5;
  for (let from = 0; from < sessions; from += CHUNK) {
    report(`loading, ${from.toLocaleString('en')} of ${sessions.toLocaleString('en')} sessions`);
    const session = sql`${param.u64(from)} + intDiv(number, 4)`;
    const device = sql`cityHash64(${session}) % ${param.u64(devices)}`;
    const begin = sql`toInt64(${param.int64(now - 90 * 86_400_000)}) + toInt64(cityHash64(${session}, 7) % ${param.u64(90 * 86_400_000 - 300_000)})`;
    await app.facts.command(
      sql`INSERT INTO sessions (organization, time, app, device, begun, duration, closed, length, country, os, resolution, carrier, ordinal, era)
        SELECT ${param.u32(found.organization)}, fromUnixTimestamp64Milli(${begin} + toInt64(number % 4) * 60000, 'UTC'),
          ${param.string(APP)}, concat('device-', toString(${device})), number % 4 = 0, if(number % 4 = 0, 0, 60),
          number % 4 = 3, if(number % 4 = 3, 180, 0),
          if(number % 4 = 0, ['TR', 'DE', 'US', 'FR', 'GB', 'NL', 'ES', 'IT', 'PL', ''][${device} % 10 + 1], ''),
          if(number % 4 = 0, ['iOS', 'Android', 'Windows'][${device} % 3 + 1], ''),
          if(number % 4 = 0, ['320x480', '1080x1920', '1440x3040'][${device} % 3 + 1], ''),
          if(number % 4 = 0, ['Turkcell', 'Vodafone'][${device} % 2 + 1], ''), 1, ${param.u64(found.era)}
        FROM numbers(${param.u64(4 * Math.min(CHUNK, sessions - from))})`,
      { timeoutMs: 600_000 },
    );
  }
  for (let tries = 0; tries < 240; tries += 1) {
    const [row] = await app.facts.query(sql`SELECT count() AS merges FROM system.merges${empty}`, {
      tag: 'bench:merges',
      rows: rowOf({ merges: column.integer }),
    });
    if ((row?.merges ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const USER = sql`user_id`;
const unique = (bucket: Sql, by: Sql = sql`1`): Sql =>
  sql`SELECT ${bucket} AS b, ${by} AS v, count(), uniqExact(${USER}) FROM session_begins GROUP BY b, v`;
const LOCAL = sql`time + toIntervalHour(3)`;
const WEEK = sql`toYear(${LOCAL}) * 100 + intDiv(toDayOfYear(${LOCAL}) - 1, 7)`;
const BUCKETS = [sql`toDate(${LOCAL})`, WEEK, sql`toYYYYMM(${LOCAL})`, sql`toYear(${LOCAL})`];
/** First sessions, gaps and numbers of sessions. */
const ORDERED = sql`SELECT toDate(time) AS d, countIf(nth = 1), countIf(gap < 86400), countIf(nth > 2) FROM (
  SELECT time, row_number() OVER w AS nth, time - lagInFrame(time) OVER w AS gap FROM session_begins
  WINDOW w AS (PARTITION BY ${USER} ORDER BY time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) GROUP BY d`;
const SUMS = sql`SELECT toStartOfHour(slot) AS h, class, sum(requests), sum(duration), sum(closings) FROM sessions_15m GROUP BY h, class`;

/** The same numbers written by hand, one statement for each kind of bucket. */
const SESSIONS_RAW = [
  unique(sql`toStartOfHour(${LOCAL})`),
  ...BUCKETS.map((bucket) => unique(bucket)),
  ...BUCKETS.map((bucket) => unique(bucket, sql`country`)),
  ORDERED,
  SUMS,
];
const since = (days: number): Sql => sql`time >= now() - toIntervalDay(${param.u32(days)})`;
const DASHBOARD_RAW = [
  ...[60, 30, 14, 7, 2, 1].map(
    (days) => sql`SELECT count(), uniqExact(${USER}) FROM session_begins WHERE ${since(days)}`,
  ),
  sql`SELECT toDate(first) AS d, count() FROM (SELECT min(time) AS first FROM session_begins GROUP BY ${USER}) GROUP BY d`,
  ...['os', 'resolution', 'carrier'].map(
    (kind) => sql`SELECT ${kind === 'os' ? sql`os` : kind === 'carrier' ? sql`carrier` : sql`resolution`} AS v, count()
      FROM session_begins WHERE ${since(30)} GROUP BY v`,
  ),
  sql`SELECT toDate(time) AS d, uniqExact(${USER}) FROM session_begins WHERE ${since(30)} GROUP BY d`,
  SUMS,
];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function reads(sessions: number, report: (line: string) => void): Promise<Measurement[]> {
  const { directory, env } = prepareData({}, DIRECTORY);
  const config = readConfig(
    env,
    dialects.map(({ settings }) => settings),
  );
  const app = await startApp(config, pino({ level: 'error' }));
  try {
    await loadSessions(app, sessions, report);
    const asked = `api_key=${API_KEY}&app_id=${APP}`;
    const measurements: Measurement[] = [];
    for (const { name, path, raw } of [
      { name: 'method=sessions', path: `/o?${asked}&method=sessions`, raw: SESSIONS_RAW },
      { name: 'the dashboard', path: `/o/analytics/dashboard?${asked}`, raw: DASHBOARD_RAW },
    ]) {
      const [ours, baseline]: [number[], number[]] = [[], []];
      for (let round = -2; round < READ_ROUNDS; round += 1) {
        const mine = await timed(async () => {
          const response = await fetch(`${app.url}${path}`);
          const text = await response.text();
          if (response.status !== 200) throw new Error(`${response.status}: ${text.slice(0, 200)}`);
        });
        const byHand = await timed(async () => {
          for (const statement of raw) {
            await app.facts.query(statement, {
              tag: 'bench:raw',
              rows: { reader: () => (row) => row },
              maxMemoryBytes: 4 * 1024 ** 3,
            });
          }
        });
        if (round < 0) continue;
        ours.push(mine);
        baseline.push(byHand);
      }
      const [oursMs, rawMs] = [median(ours), median(baseline)];
      report(`${name}, ${sessions / 1e6} million sessions: ${rounded(oursMs)} ms, by hand ${rounded(rawMs)} ms`);
      measurements.push({
        name: `${name}, ${sessions / 1e6} million sessions of ${sessions / 5e6} million devices`,
        unit: 'ms',
        ours: rounded(oursMs),
        baseline: rounded(rawMs),
        against: 'raw SQL',
        aim: { words: '< 150 ms or <= 2 x raw SQL', met: oursMs < 150 || oursMs <= rawMs * 2 },
      });
    }
    return measurements;
  } finally {
    await app.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The Countly dialect: what SDKs send, and what its clients ask most. */
export const countly: Benchmark = {
  name: 'countly',
  description: 'events by /i and /i/bulk; the sessions tree and the dashboard over 1 and 10 million sessions',
  async run(report) {
    const measurements = await writes(report);
    for (const sessions of SIZES) measurements.push(...(await reads(sessions, report)));
    return measurements;
  },
};
