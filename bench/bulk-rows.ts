import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { requestRows } from './support/rows.ts';
import { KEY, startTallyhouse } from './support/servers.ts';

const ROWS = 300_000;
const ROUNDS = 3;
const RAW = fileURLToPath(new URL('./support/raw-insert.ts', import.meta.url));

interface Way {
  readonly name: string;
  readonly batch: number;
  readonly guarded: boolean;
}

const WAYS: readonly Way[] = [
  { name: 'NDJSON of 10,000 rows, through the outbox', batch: 10_000, guarded: false },
  { name: 'NDJSON of 50,000 rows under a key, straight to the facts', batch: 50_000, guarded: true },
];

let round = 0;

async function send(url: string, way: Way): Promise<number> {
  round += 1;
  const bodies = Array.from({ length: ROWS / way.batch }, (_, index) =>
    [...requestRows(round * ROWS + index * way.batch, way.batch)].join('\n'),
  );
  const startedAt = performance.now();
  // Two at a time: while one batch is written the next is parsed.
  const lanes = Array.from({ length: 2 }, async (_, lane) => {
    for (let index = lane; index < bodies.length; index += 2) {
      const response = await fetch(`${url}/api/v1/facts/requests`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-ndjson',
          authorization: `Bearer ${KEY}`,
          ...(way.guarded ? { 'idempotency-key': `bench-${round}-${index}` } : {}),
        },
        body: bodies[index] ?? '',
      });
      const answer = (await response.json()) as { accepted?: number };
      if (answer.accepted !== way.batch) throw new Error(`the server answered ${JSON.stringify(answer).slice(0, 300)}`);
    }
  });
  await Promise.all(lanes);
  // The rows count as written once they can be read: the loader has to keep up too.
  await rowsReadable(url);
  return ROWS / ((performance.now() - startedAt) / 1000);
}

async function rowsReadable(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/^tallyhouse_outbox_bytes 0$/m.test(metrics)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the loader does not keep up');
}

export const bulkRows: Benchmark = {
  name: 'bulk-rows',
  description: `${ROWS} rows as NDJSON, until they can be read`,
  async run(report) {
    const measurements: Measurement[] = [];
    for (const way of WAYS) {
      const rounds: { ours: number; raw: number }[] = [];
      for (let count = 0; count < ROUNDS; count += 1) {
        const server = await startTallyhouse();
        try {
          const ours = await send(server.url, way);
          await server.stop();
          const raw = Number(
            execFileSync(process.execPath, ['--import', 'tsx', RAW, String(ROWS), String(way.batch)], {
              encoding: 'utf8',
            }),
          );
          rounds.push({ ours, raw });
        } catch (error) {
          await server.stop();
          throw error;
        }
      }
      const ours = median(rounds.map((each) => each.ours));
      const raw = median(rounds.map((each) => each.raw));
      const ratio = median(rounds.map((each) => each.ours / each.raw));
      report(`${way.name}: ${rounded(ours)} rows/s, ratio ${rounded(ratio)}`);
      measurements.push({
        name: way.name,
        unit: 'rows/s',
        ours: rounded(ours),
        baseline: rounded(raw),
        against: 'raw durable chDB insert, no rollups',
        aim: { words: '>= 0.5 of the raw insert', met: ratio >= 0.5 },
        details: { ratio: rounded(ratio) },
      });
    }
    return measurements;
  },
};
