import type { ClickHouseBridge } from '../test/support/clickhouse-http-bridge.ts';
import { percentile, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { requestRows } from './support/rows.ts';
import { KEY, startTallyhouse } from './support/servers.ts';

const MINUTES = Number(process.env['BENCH_MINUTES'] ?? 10);
/** For so many of them, from the first third on, the facts store is away. */
const OUTAGE_MINUTES = Number(process.env['BENCH_OUTAGE_MINUTES'] ?? 0);
const CATCH_UP_MS = 10 * 60_000;
const WRITERS = 16;
const MB = 1024 * 1024;

/** The facts store in a process of its own, which can be killed. */
async function servedFacts(): Promise<ClickHouseBridge> {
  const { startClickHouseBridge } = await import('../test/support/clickhouse-http-bridge.ts');
  return startClickHouseBridge();
}

interface Outage {
  /** Outbox when the facts store came back, MB. */
  readonly backlogMb: number;
  readonly catchUpSeconds: number;
  readonly refusedWrites: number;
  readonly lost: number;
  readonly countedTwice: number;
}

/**
 * Mixed load for minutes: writers of single rows and of batches, and a reader; memory and the loader's lag over time. With
 * BENCH_OUTAGE_MINUTES the facts store is served by a process that is killed meanwhile, and what counts is what is lost and
 * how soon the rest is loaded.
 */
export const sustained: Benchmark = {
  name: 'sustained',
  description: `mixed load for ${MINUTES} minutes${OUTAGE_MINUTES > 0 ? `, ${OUTAGE_MINUTES} of them without the facts store` : ''}: memory and lag`,
  async run(report) {
    const served = OUTAGE_MINUTES > 0 ? await servedFacts() : null;
    const server = await startTallyhouse(served === null ? {} : { TALLYHOUSE_FACTS: served.url() });
    const until = performance.now() + MINUTES * 60_000;
    let away = false;
    let refused = 0;
    let outage: Outage | null = null;
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-ndjson' };
    const latencies: number[] = [];
    const reads: number[] = [];
    const memory: number[] = [];
    const lag: number[] = [];
    let rows = 0;
    let number = 0;
    try {
      const write = async (count: number): Promise<void> => {
        const body = [...requestRows(number, count)].join('\n');
        number += count;
        const startedAt = performance.now();
        const response = await fetch(`${server.url}/api/v1/facts/requests`, { method: 'POST', headers, body });
        const answer = (await response.json()) as { accepted?: number };
        if (served !== null && response.status === 503) {
          refused += 1;
          await pause(1_000);
          return;
        }
        if (answer.accepted !== count)
          throw new Error(`the server answered ${response.status} ${JSON.stringify(answer)}`);
        if (count === 1) latencies.push(performance.now() - startedAt);
        rows += count;
      };
      const writers = Array.from({ length: WRITERS }, async () => {
        while (performance.now() < until) await write(1);
      });
      const batches = (async () => {
        while (performance.now() < until) {
          await write(5_000);
          await pause(250);
        }
      })();
      const reader = (async () => {
        while (performance.now() < until) {
          const startedAt = performance.now();
          const response = await fetch(`${server.url}/api/v1/query`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify({
              stream: 'requests',
              from: '2026-11-20T00:00:00Z',
              to: '2026-11-21T00:00:00Z',
              bucket: { every: '1h', zone: 'America/New_York' },
              measures: ['count'],
              dimensions: ['service'],
            }),
          });
          await response.text();
          // Without facts there is no answer; that it is said soon is measured all the same.
          if (response.status !== 200 && !away) throw new Error(`the query answered ${response.status}`);
          reads.push(performance.now() - startedAt);
          await pause(500);
        }
      })();
      const watcher = (async () => {
        while (performance.now() < until) {
          memory.push(server.memory());
          lag.push(await outboxBytes(server.url));
          await pause(2_000);
        }
      })();
      const interruption = (async () => {
        if (served === null) return;
        await pause((MINUTES * 60_000) / 3);
        away = true;
        await served.kill();
        report(`the facts store is away for ${OUTAGE_MINUTES} minutes`);
        await pause(OUTAGE_MINUTES * 60_000);
        const backlogMb = (await outboxBytes(server.url)) / MB;
        await served.start();
        const back = performance.now();
        // The reader may meet the server's last refusal.
        while ((await outboxBytes(server.url)) > backlogMb * MB * 0.05) {
          if (performance.now() - back > CATCH_UP_MS) throw new Error('the loader does not catch up');
          await pause(500);
        }
        away = false;
        outage = {
          backlogMb: rounded(backlogMb),
          catchUpSeconds: rounded((performance.now() - back) / 1000),
          refusedWrites: 0,
          lost: 0,
          countedTwice: 0,
        };
      })();
      await Promise.all([...writers, batches, reader, watcher, interruption]);
      if (outage !== null) {
        const stored = await storedRows(server.url);
        outage = {
          ...(outage as Outage),
          refusedWrites: refused,
          lost: Math.max(0, rows - stored),
          countedTwice: Math.max(0, stored - rows),
        };
      }
    } finally {
      await server.stop();
      await served?.stop();
    }
    const peak = Math.max(...memory) / MB;
    // The first minute fills caches; flat means that the last third is not above the third before it by more than 10 %.
    const third = Math.floor(memory.length / 3);
    const middle = Math.max(...memory.slice(third, 2 * third)) / MB;
    const last = Math.max(...memory.slice(2 * third)) / MB;
    const worstLag = Math.max(...lag) / MB;
    if (outage !== null) return outageMeasurements(outage, rows, peak);
    report(`${rows} rows, peak ${rounded(peak)} MB, middle third ${rounded(middle)}, last third ${rounded(last)} MB`);
    return [
      {
        name: `memory over ${MINUTES} minutes of mixed load, peak`,
        unit: 'MB',
        ours: rounded(peak),
        baseline: 900,
        against: 'the aim',
        aim: {
          words: 'flat (last third <= 1.1 x the third before), under 900 MB',
          met: peak < 900 && last <= middle * 1.1,
        },
        details: { rows, middleThirdMb: rounded(middle), lastThirdMb: rounded(last) },
      },
      {
        name: 'outbox at its largest under mixed load',
        unit: 'MB',
        ours: rounded(worstLag),
        baseline: 50,
        against: 'the aim',
        aim: { words: 'the loader keeps up: never more than 50 MB behind', met: worstLag < 50 },
        details: {
          rowsPerSecond: Math.round(rows / (MINUTES * 60)),
          singleP50Ms: rounded(percentile(latencies, 0.5)),
          singleP99Ms: rounded(percentile(latencies, 0.99)),
          readP50Ms: rounded(percentile(reads, 0.5)),
          readP99Ms: rounded(percentile(reads, 0.99)),
        },
      },
    ];
  },
};

function outageMeasurements(outage: Outage, rows: number, peakMb: number): Measurement[] {
  const { lost, countedTwice, refusedWrites, backlogMb, catchUpSeconds } = outage;
  return [
    {
      name: `rows lost or counted twice over ${OUTAGE_MINUTES} minutes without the facts store`,
      unit: 'rows',
      ours: lost + countedTwice,
      baseline: 0,
      against: 'the promise',
      aim: { words: 'none', met: lost + countedTwice === 0 },
      details: { rows, lost, countedTwice, refusedWrites, peakMb: rounded(peakMb) },
    },
    {
      name: `time to load what ${OUTAGE_MINUTES} minutes left, writes going on`,
      unit: 's',
      ours: catchUpSeconds,
      baseline: rounded(OUTAGE_MINUTES * 60),
      against: 'the outage',
      aim: { words: 'sooner than the outage lasted', met: catchUpSeconds < OUTAGE_MINUTES * 60 },
      details: { backlogMb },
    },
  ];
}

async function outboxBytes(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^tallyhouse_outbox_bytes (\S+)$/m.exec(metrics)?.[1]);
}

/** All rows that can be counted, after those on their way are loaded. */
async function storedRows(url: string): Promise<number> {
  for (const deadline = performance.now() + CATCH_UP_MS; (await outboxBytes(url)) > 0;) {
    if (performance.now() > deadline) throw new Error('the loader does not come to an end');
    await pause(200);
  }
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      stream: 'requests',
      from: '2026-11-20T00:00:00Z',
      to: '2026-11-21T00:00:00Z',
      measures: ['count'],
    }),
  });
  const { rows } = (await response.json()) as { rows?: { count: number }[] };
  return rows?.[0]?.count ?? Number.NaN;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
