import { createChdbConnection } from 'chdb/connection';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestRows } from './rows.ts';

/**
 * The baseline of bulk writing, in a process of its own: the engine alone takes the same rows, durable after every
 * batch, into a plain table without rollups. Prints rows per second.
 */
const [total, batch] = process.argv.slice(2).map(Number);
if (total === undefined || batch === undefined) throw new Error('usage: raw-insert.ts ROWS BATCH');

const path = mkdtempSync(join(tmpdir(), 'tallyhouse-raw-'));
const engine = createChdbConnection({ path });
await engine.command({
  query: `CREATE TABLE rows (time DateTime64(3, 'UTC'), service LowCardinality(String), url String, method LowCardinality(String),
    status UInt16, bytes UInt64, cache LowCardinality(String), sdk LowCardinality(String), device LowCardinality(String),
    user String, duration_ms UInt64, country LowCardinality(String))
    ENGINE = MergeTree PARTITION BY toYear(time) ORDER BY time
    SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
});
const batches = Array.from({ length: total / batch }, (_, index) => [...requestRows(index * batch, batch)]);
const startedAt = performance.now();
for (const rows of batches) {
  await engine.insert({
    query: "INSERT INTO rows SETTINGS async_insert = 0, date_time_input_format = 'best_effort' FORMAT JSONEachRow",
    values: rows.join('\n'),
  });
}
const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(`${total / seconds}\n`);
await engine.close();
rmSync(path, { recursive: true, force: true });
process.exit(0);
