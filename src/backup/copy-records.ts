import { PAUSE_KEY } from '../ingest/loading-pause.ts';
import type { TableName } from '../store/records/declared-rows.ts';
import type { Records, RecordsDatabase } from '../store/records/records.ts';
import { recordsTables, tableNames, type NumberedTable } from '../store/records/tables.ts';
import { countRecords, pagesOf } from '../store/records/whole-tables.ts';
import { BackupError } from './backup-error.ts';
import type { DraftFolder } from './draft-folder.ts';
import { RESTORE_KEY } from './half-restored.ts';
import type { Manifest } from './manifest.ts';
import { linesOfRows } from './row-lines.ts';

export type RecordsCopy = Pick<Manifest, 'records' | 'numbers' | 'waiting' | 'unfinished_requests'>;

/** Settings that belong to what goes on at the moment and not to what is kept. */
const PASSING: ReadonlySet<unknown> = new Set([PAUSE_KEY, RESTORE_KEY]);

/** Writes every table as it is in the snapshot `at`. */
export async function copyRecords(records: Records, at: RecordsDatabase, draft: DraftFolder): Promise<RecordsCopy> {
  const copies: Manifest['records'] = [];
  for (const table of tableNames) copies.push(await copyTable(at, table, draft));
  if (copies.some(({ table, rows }) => table === 'outbox_batches' && rows > 0)) {
    throw new BackupError('an insert into the facts store began while both stores were pinned: try again');
  }
  const numbers: Record<string, number> = {};
  for (const table of numberedTables) numbers[table] = await records.lastNumber(at, table);
  return { records: copies, numbers, waiting: await waitingRows(at), unfinished_requests: await unfinished(at) };
}

export const numberedTables = tableNames.filter(isNumbered);

function isNumbered(table: TableName): table is NumberedTable {
  return 'numbered' in recordsTables[table];
}

async function copyTable(at: RecordsDatabase, table: TableName, draft: DraftFolder): Promise<Manifest['records'][0]> {
  let written = 0;
  let passed = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const page of pagesOf(at, table)) {
      const rows = table === 'settings' ? page.filter((row) => !PASSING.has(row['key'])) : page;
      written += rows.length;
      passed += page.length - rows.length;
      yield linesOfRows(rows);
    }
  }
  const file = await draft.write(`records/${table}.ndjson`, lines());
  const rows = await countRecords(at, table);
  if (written + passed !== rows) throw new Error(`${table} has ${rows} rows, and ${written + passed} were read`);
  return { table, rows: written, file };
}

async function waitingRows(at: RecordsDatabase): Promise<Record<string, number>> {
  const found = await at
    .selectFrom('outbox')
    .select((select) => ['stream', select.fn.sum<number>('rows').as('rows')])
    .groupBy('stream')
    .orderBy('stream')
    .execute();
  return Object.fromEntries(found.map(({ stream, rows }) => [stream, rows]));
}

/** A large request takes its key before the insert and gets its answer after it. */
async function unfinished(at: RecordsDatabase): Promise<number> {
  const { count } = await at
    .selectFrom('claims')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('fingerprint', 'is not', null)
    .where('answer', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}
