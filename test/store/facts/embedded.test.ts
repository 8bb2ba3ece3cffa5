import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { openFacts } from '../../../src/store/facts/open-facts.ts';
import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import { sql } from '../../../src/store/facts/sql.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { countOf, linesOf } from './rows-of-requests.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./inserting-process.ts', import.meta.url));
const one = { tag: 'test', rows: tupleOf(column.integer) };

async function opened(directory: string): Promise<FactsStore> {
  const facts = await openFacts(`chdb:${directory}`);
  onTestFinished(() => facts.close());
  return facts;
}

test('a directory that is not there is made, and what was written is there next time', async () => {
  const directory = join(temporaryDirectory(), 'a', 'b');
  const first = await opened(directory);
  await first.migrate();
  await first.insert('inventory', linesOf([{ organization: 1, time: 0 }]), { token: 't', rows: 1 });
  await first.close();
  const second = await opened(directory);
  expect(await countOf(second, 'inventory')).toBe(1);
  expect(await second.migrate()).toMatchObject({ applied: [] });
  await second.insert('inventory', linesOf([{ organization: 1, time: 0 }]), { token: 't', rows: 1 });
  expect(await countOf(second, 'inventory')).toBe(1);
});

test('a directory another process has open is refused by name', async () => {
  const directory = temporaryDirectory();
  const facts = await opened(directory);
  await facts.migrate();
  await facts.close();
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, `chdb:${directory}`], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await expect(openFacts(`chdb:${directory}`)).rejects.toMatchObject({
    kind: 'unavailable',
    message: `cannot open the facts store ${directory}: process ${child.pid} has it open`,
  });
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  // Its lock went with it.
  const after = await opened(directory);
  await after.ping();
});

test('a second directory in the same process is refused, and taken after the first is closed', async () => {
  const first = await opened(temporaryDirectory());
  const other = temporaryDirectory();
  await expect(openFacts(`chdb:${other}`)).rejects.toMatchObject({ kind: 'unavailable' });
  await first.close();
  const second = await opened(other);
  await second.ping();
});

test('a path that is a file is refused', async () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  await expect(openFacts(`chdb:${file}`)).rejects.toThrow();
});

test('exports leave no files behind, and those of a crash are removed', async () => {
  const directory = temporaryDirectory();
  const exports = join(directory, 'tallyhouse-exports');
  mkdirSync(exports, { recursive: true });
  writeFileSync(join(exports, 'left'), 'over');
  const facts = await opened(directory);
  expect(readdirSync(exports)).toEqual([]);
  const whole = await facts.stream(sql`SELECT 1 AS n`, 'Parquet', { tag: 'test' });
  const left = await facts.stream(sql`SELECT 1 AS n`, 'Parquet', { tag: 'test' });
  left.destroy();
  expect((await buffer(whole)).subarray(0, 4).toString()).toBe('PAR1');
  expect(readdirSync(exports)).toEqual([]);
  expect(existsSync(directory)).toBe(true);
});

test('close waits for what runs', async () => {
  const facts = await opened(temporaryDirectory());
  const running = facts.query(sql`SELECT sleep(0.5)`, one);
  await facts.close();
  expect(await running).toEqual([[0]]);
  await expect(facts.ping()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('close stops what would run for ever', async () => {
  const facts = await opened(temporaryDirectory());
  const endless = sql`SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1`;
  const running = facts.query(endless, { ...one, timeoutMs: 3_600_000 });
  const outcome = expect(running).rejects.toMatchObject({ name: 'FactsError', kind: 'unavailable' });
  await facts.close();
  await outcome;
}, 20_000);
