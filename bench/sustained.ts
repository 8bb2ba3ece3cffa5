import { percentile, rounded, type Benchmark } from './support/measure.ts';
import { requestRows } from './support/rows.ts';
import { KEY, startTallyhouse } from './support/servers.ts';

const MINUTES = Number(process.env['BENCH_MINUTES'] ?? 10);
const WRITERS = 16;
const MB = 1024 * 1024;

/** Mixed load for minutes: writers of single rows and of batches, and a reader; memory and the loader's lag over time. */
export const sustained: Benchmark = {
  name: 'sustained',
  description: `mixed load for ${MINUTES} minutes: memory and lag`,
  async run(report) {
    const server = await startTallyhouse();
    const until = performance.now() + MINUTES * 60_000;
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
          if (response.status !== 200) throw new Error(`the query answered ${response.status}`);
          reads.push(performance.now() - startedAt);
          await pause(500);
        }
      })();
      const watcher = (async () => {
        while (performance.now() < until) {
          memory.push(server.memory());
          const metrics = await (await fetch(`${server.url}/metrics`)).text();
          lag.push(Number(/^tallyhouse_outbox_bytes (\S+)$/m.exec(metrics)?.[1]));
          await pause(2_000);
        }
      })();
      await Promise.all([...writers, batches, reader, watcher]);
    } finally {
      await server.stop();
    }
    const peak = Math.max(...memory) / MB;
    // The first minute fills caches; flat means that the last third is not above the third before it by more than 10 %.
    const third = Math.floor(memory.length / 3);
    const middle = Math.max(...memory.slice(third, 2 * third)) / MB;
    const last = Math.max(...memory.slice(2 * third)) / MB;
    const worstLag = Math.max(...lag) / MB;
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

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
