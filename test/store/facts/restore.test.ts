import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { streamNames } from '../../../src/domain/streams/index.ts';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { ident, sql } from '../../../src/store/facts/sql.ts';
import { factsEngines, factsOf } from '../../support/facts.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { ask, linesOf } from './rows-of-requests.ts';

async function dump(facts: FactsStore, table: string, file: string): Promise<void> {
  const stream = await facts.stream(sql`SELECT * FROM ${ident(table)}`, 'Native', { tag: 'backup' });
  await pipeline(stream, createWriteStream(file));
}

describe.each(factsEngines)('backup and restore in $name', (engine) => {
  const facts = factsOf(engine);
  const fingerprint = async (table: string) => {
    const all = sql`SELECT sum(cityHash64(toString(tuple(*)))) FROM ${ident(table)}`;
    return [await ask(facts(), sql`SELECT count() FROM ${ident(table)}`), await ask(facts(), all)];
  };

  test('every table comes back as it was, rollups included', async () => {
    const row = (n: number) => ({ organization: (n % 3) + 1, id: `id ${n}`, time: n * 86_400_000 - 1, count: n + 1 });
    for (const [table, extra] of [
      ['requests', { service: 'é😀', url: 'https://x/?a=\0', duration_ms: null, bytes: Number.MAX_SAFE_INTEGER }],
      ['events', { app: 'a', key: 'k', sum: 0.1, segmentation: '{"a":"\\"b"}' }],
      ['visits', { array: 'A', device: 'D', dwell_ms: 0 }],
    ] as const) {
      const rows = Array.from({ length: 3_000 }, (_, n) => ({ ...row(n), ...extra }));
      await facts().insert(table, linesOf(rows), { token: 'before', rows: rows.length });
    }
    const tables = [...streamNames, 'requests_15m', 'requests_by_service_15m', 'events_15m', 'visits_15m'];
    const sums = async () =>
      ask(facts(), sql`SELECT sum(duration_ms_rows) + sum(bytes) + sum(count) FROM requests_15m`);
    const before = await Promise.all(streamNames.map(fingerprint));
    const sumsBefore = await sums();

    const directory = temporaryDirectory();
    for (const name of streamNames) await dump(facts(), name, join(directory, name));
    for (const table of tables) await facts().command(sql`TRUNCATE TABLE ${ident(table)}`);
    expect(await sums()).toBe(0);
    for (const name of streamNames) await facts().restore(name, join(directory, name));

    expect(await Promise.all(streamNames.map(fingerprint))).toEqual(before);
    expect(await sums()).toBe(sumsBefore);
  });

  test('a table that holds rows is not restored into', async () => {
    const file = join(temporaryDirectory(), 'requests');
    await dump(facts(), 'requests', file);
    await expect(facts().restore('requests', file)).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('a damaged file is a refusal', async () => {
    await facts().command(sql`TRUNCATE TABLE requests`);
    const file = join(temporaryDirectory(), 'requests');
    writeFileSync(file, 'this is no backup');
    await expect(facts().restore('requests', file)).rejects.toMatchObject({ name: 'FactsError' });
  });
});
