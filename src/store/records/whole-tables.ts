import { sql } from 'kysely';
import type { DeclaredRow, TableName } from './declared-rows.ts';
import type { RecordsDatabase } from './records.ts';
import { recordsTables, type RecordsTable } from './tables.ts';

const PAGE_ROWS = 1_000;
/** Of tables whose rows may have megabytes each. */
const LARGE_ROWS: ReadonlySet<TableName> = new Set(['outbox', 'job_rows']);
const LARGE_PAGE_ROWS = 16;

/** All rows of a table in the order of its key, a page at a time. Call it inside of `Records.snapshot`. */
export async function* pagesOf(db: RecordsDatabase, table: TableName): AsyncGenerator<readonly DeclaredRow[]> {
  const { key }: RecordsTable = recordsTables[table];
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const limit = LARGE_ROWS.has(table) ? LARGE_PAGE_ROWS : PAGE_ROWS;
  let last: DeclaredRow | undefined;
  do {
    const after = last;
    const rest =
      after === undefined ? sql`` : sql` where (${columns}) > (${sql.join(key.map((name) => after[name] ?? null))})`;
    const query = sql<DeclaredRow>`select * from ${sql.table(table)}${rest} order by ${columns} limit ${limit}`;
    const { rows } = await query.execute(db);
    if (rows.length > 0) yield rows;
    last = rows.length < limit ? undefined : rows.at(-1);
  } while (last !== undefined);
}

export async function countRecords(db: RecordsDatabase, table: TableName): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db);
  return rows[0]?.count ?? 0;
}
