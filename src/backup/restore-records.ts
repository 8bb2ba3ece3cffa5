import { deleteRows, insertRows, updateRow, type Condition, type DeclaredRow } from '../store/records/declared-rows.ts';
import type { TableName } from '../store/records/declared-rows.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';
import { recordsTables, tableNames, type RecordsTable } from '../store/records/tables.ts';
import { countRecords } from '../store/records/whole-tables.ts';
import { BackupError } from './backup-error.ts';
import { numberedTables } from './copy-records.ts';
import { RESTORE_KEY } from './half-restored.ts';
import type { Manifest } from './manifest.ts';
import { readChecked } from './read-backup.ts';
import { rowsOfLines } from './row-lines.ts';

/** What is collected for one call; rows of the outbox may have megabytes each. */
const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 8 * 1024 * 1024;

/** Fills the empty tables in one transaction, whose end also takes away the mark of a restore under way. */
export async function restoreRecords(records: Records, directory: string, manifest: Manifest): Promise<void> {
  const files = new Map(manifest.records.map((copy) => [copy.table, copy]));
  await records.transaction(async (tx) => {
    await deleteRows(tx, 'settings', [{ column: 'key', in: [RESTORE_KEY, ...(await settingsKeys(tx))] }]);
    for (const table of tableNames) {
      const copy = files.get(table);
      if (copy === undefined) continue;
      await readChecked(directory, copy.file, (pieces) => fill(tx, table, rowsOfLines(pieces)));
      const rows = await countRecords(tx, table);
      if (rows !== copy.rows) throw new BackupError(`${table} holds ${rows} rows after the restore, not ${copy.rows}`);
    }
    for (const table of numberedTables) await records.raiseNumber(tx, table, manifest.numbers[table] ?? 0);
  });
}

async function settingsKeys(tx: RecordsTransaction): Promise<string[]> {
  return (await tx.selectFrom('settings').select('key').execute()).map(({ key }) => key);
}

async function fill(tx: RecordsTransaction, table: TableName, rows: AsyncIterable<DeclaredRow>): Promise<void> {
  const { parent }: RecordsTable = recordsTables[table];
  const children: DeclaredRow[] = [];
  let batch: DeclaredRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    // A parent may come after its child: rows are inserted without, and told of it when all are there.
    if (parent !== undefined && row[parent] !== null) children.push(row);
    batch.push(parent === undefined ? row : { ...row, [parent]: null });
    characters += lengthOf(row);
    if (batch.length < BATCH_ROWS && characters < BATCH_CHARACTERS) continue;
    await insertRows(tx, table, batch);
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) await insertRows(tx, table, batch);
  if (parent === undefined) return;
  for (const row of children) await updateRow(tx, table, keyOf(table, row), { [parent]: row[parent] ?? null });
}

function lengthOf(row: DeclaredRow): number {
  let length = 0;
  for (const value of Object.values(row)) length += typeof value === 'string' ? value.length : 8;
  return length;
}

function keyOf(table: TableName, row: DeclaredRow): Condition[] {
  const { key }: RecordsTable = recordsTables[table];
  return key.map((column) => ({ column, is: row[column] ?? null }));
}
