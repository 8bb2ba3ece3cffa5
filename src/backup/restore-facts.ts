import { join, resolve } from 'node:path';
import { isStreamName, streamNames, streams } from '../domain/streams/index.ts';
import { emptyTables } from '../store/facts/empty-tables.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { countRows } from '../store/facts/frozen-tables.ts';
import { column, tupleOf } from '../store/facts/rows.ts';
import { ident, sql } from '../store/facts/sql.ts';
import { BackupError } from './backup-error.ts';
import type { Manifest } from './manifest.ts';

/** Every table with facts in it: rows, and what the engine sums up of them. */
const factsTables: readonly string[] = streamNames.flatMap((name) => [
  name,
  ...streams[name].rollups.map((rollup) => rollup.table),
  ...(streams[name].derivedTables ?? []),
]);

/** The first table that holds rows; null when there is none. */
export async function firstFilledTable(facts: FactsStore): Promise<string | null> {
  for (const table of factsTables) if ((await countRows(facts, table)) > 0) return table;
  return null;
}

export async function emptyFacts(facts: FactsStore): Promise<void> {
  await emptyTables(facts, factsTables);
}

/** Loads the streams into their empty tables. Rollups are filled by the engine with every row that is loaded. */
export async function restoreFacts(facts: FactsStore, directory: string, manifest: Manifest): Promise<void> {
  for (const { stream, rows, file } of manifest.facts) {
    if (!isStreamName(stream)) throw new BackupError(`the backup has facts of an unknown stream: ${stream}`);
    if (rows > 0) await facts.restore(stream, resolve(join(directory, file.path)));
    const counts: [string, number][] = [[stream, await countRows(facts, stream)]];
    for (const { table } of streams[stream].rollups) counts.push([table, await summedRows(facts, table)]);
    for (const [table, count] of counts) {
      if (count !== rows) throw new BackupError(`${table} counts ${count} rows after the restore, not ${rows}`);
    }
  }
}

/** How many rows a rollup has summed up. */
async function summedRows(facts: FactsStore, table: string): Promise<number> {
  const found = await facts.query(sql`SELECT sum(rows) FROM ${ident(table)}`, {
    tag: 'restore',
    rows: tupleOf(column.integer),
  });
  return found[0]?.[0] ?? 0;
}
