import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { openFacts } from '../../../src/store/facts/open-facts.ts';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { sql } from '../../../src/store/facts/sql.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { payloadOf, rowsOf } from './inserting-batch.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./inserting-process.ts', import.meta.url));
const ROUNDS = 6;

test('kill -9 in the middle of inserts loses nothing acknowledged, and a replay counts nothing twice', async () => {
  const url = `chdb:${temporaryDirectory()}`;
  await withStore(url, (facts) => facts.migrate());
  const batches = new Map<string, { n: number; acknowledged: boolean }>();

  for (let round = 0; round < ROUNDS; round += 1) {
    const said = await insertUntilKilled(url, round, 150 + round * 130);
    for (const [, what, token, n] of said.matchAll(/^(begin|done) (\S+) (\d+)$/gm)) {
      if (token !== undefined) batches.set(token, { n: Number(n), acknowledged: what === 'done' });
    }

    await withStore(url, async (facts) => {
      const stored = await rowsByYear(facts);
      for (const [token, { n, acknowledged }] of batches) {
        // What was acknowledged is whole; of the one under way each year is there or not.
        const years = Object.entries(expectedByYear(n));
        const found = years.map(([year, rows]) => [stored.get(`${token} ${year}`) ?? 0, rows]);
        const whole = found.every(([there, rows]) => there === rows);
        const untorn = found.every(([there, rows]) => there === 0 || there === rows);
        expect([token, acknowledged ? whole : untorn]).toEqual([token, true]);
      }
      // Who does not know whether it arrived says it again.
      for (const [token, batch] of batches) {
        if (batch.acknowledged && batch.n % 5 !== 0) continue;
        await facts.insert('events', payloadOf(token, batch.n), { token, rows: rowsOf(batch.n) });
        batch.acknowledged = true;
      }
      const rows = tupleOf(column.text, column.integer, column.integer);
      const raw = sql`SELECT key, count(), sum(count) FROM events GROUP BY key ORDER BY key`;
      const rolled = sql`SELECT key, sum(rows), sum(count) FROM events_15m GROUP BY key ORDER BY key`;
      const expected = [...batches].map(([token, { n }]) => [token, rowsOf(n), 2 * rowsOf(n)]);
      expect(await facts.query(raw, { tag: 'test', rows })).toEqual(expected.sort(byToken));
      expect(await facts.query(rolled, { tag: 'test', rows })).toEqual(expected.sort(byToken));
    });
  }
  expect(batches.size).toBeGreaterThan(ROUNDS * 3);
}, 240_000);

function byToken(a: readonly unknown[], b: readonly unknown[]): number {
  return Buffer.compare(Buffer.from(String(a[0])), Buffer.from(String(b[0])));
}

async function withStore<T>(url: string, use: (facts: FactsStore) => Promise<T>): Promise<T> {
  const facts = await openFacts(url);
  try {
    return await use(facts);
  } finally {
    await facts.close();
  }
}

/** Everything the process said before it was killed, that long after its first acknowledged batch. */
async function insertUntilKilled(url: string, round: number, afterMs: number): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, url, String(round)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const begun = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the inserting process ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('done')) resolve();
    });
  });
  await begun;
  await sleep(afterMs);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  return said;
}

function expectedByYear(n: number): Record<string, number> {
  return n % 3 === 2 ? { 2020: 750, 2021: 750, 2022: 750, 2023: 750 } : { 2020: rowsOf(n) };
}

async function rowsByYear(facts: FactsStore): Promise<ReadonlyMap<string, number>> {
  const query = sql`SELECT concat(key, ' ', toString(toYear(time))), count() FROM events GROUP BY 1`;
  return new Map(await facts.query(query, { tag: 'test', rows: tupleOf(column.text, column.integer) }));
}
