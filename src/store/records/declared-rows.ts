import { sql, type RawBuilder } from 'kysely';
import type { RecordsDatabase, RecordsTransaction } from './records.ts';
import type { RecordsSchema } from './schema/index.ts';

/**
 * Rows of tables and columns that a declaration names, for code that treats many tables alike (the directory). Names
 * come from declarations in the source, never from input; values travel as parameters.
 */
export type DeclaredRow = Readonly<Record<string, DeclaredValue>>;
export type DeclaredValue = string | number | null;
export type TableName = keyof RecordsSchema;

export type Condition =
  | { readonly column: string; readonly in: readonly DeclaredValue[] }
  | { readonly column: string; readonly is: DeclaredValue }
  | { readonly column: string; readonly above: DeclaredValue };

export interface RowsQuestion {
  readonly table: TableName;
  /** All of them have to hold. One `in` list may be of any length; it is asked for in pieces. */
  readonly where: readonly Condition[];
  readonly orderBy?: readonly string[];
  readonly limit?: number;
}

/** Rows for which every condition holds; in no order, or in that of `orderBy` when no list is long. */
export async function selectRows(db: RecordsDatabase, question: RowsQuestion): Promise<DeclaredRow[]> {
  const { table, where, orderBy = [], limit } = question;
  const rows: DeclaredRow[] = [];
  for (const conditions of inPieces(where, Math.floor(db.capabilities.maxParameters / 2))) {
    const order = orderBy.length === 0 ? sql`` : sql` order by ${sql.join(orderBy.map((column) => sql.ref(column)))}`;
    const most = limit === undefined ? sql`` : sql` limit ${limit}`;
    const query = sql<DeclaredRow>`select * from ${sql.table(table)}${whereClause(conditions)}${order}${most}`;
    // Not one by one: a driver's array may be longer than the arguments a call takes.
    for (const row of (await query.execute(db)).rows) rows.push(row);
  }
  return rows;
}

/** The largest value of an integer column among the rows, 0 when there are none. */
export async function largestOf(db: RecordsDatabase, question: RowsQuestion & { column: string }): Promise<number> {
  const { table, where, column } = question;
  const query = sql<{ largest: number | null }>`
    select max(${sql.ref(column)}) as largest from ${sql.table(table)}${whereClause(where)}`;
  return (await query.execute(db)).rows[0]?.largest ?? 0;
}

/** Inserts rows that all have the same columns, many to a statement. */
export async function insertRows(
  tx: RecordsTransaction,
  table: TableName,
  rows: readonly DeclaredRow[],
): Promise<void> {
  for (const piece of piecesOf(rows, rowsPerStatement(tx, rows))) {
    await insertion(table, piece).execute(tx);
  }
}

/** As `insertRows`; gives the numbers that the store chose for `key`, in the order of the rows. */
export async function insertNumbered(
  tx: RecordsTransaction,
  table: TableName,
  rows: readonly DeclaredRow[],
  names: { readonly key: string; readonly unique: string },
): Promise<number[]> {
  const { key, unique } = names;
  const numbers = new Map<DeclaredValue, number>();
  for (const piece of piecesOf(rows, rowsPerStatement(tx, rows))) {
    // Which row got which number is read off a unique column: engines do not promise the order of RETURNING.
    const query = sql<DeclaredRow>`${insertion(table, piece)} returning ${sql.ref(key)}, ${sql.ref(unique)}`;
    for (const row of (await query.execute(tx)).rows) numbers.set(row[unique] ?? null, Number(row[key]));
  }
  return rows.map((row) => {
    const number = numbers.get(row[unique] ?? null);
    if (number === undefined) throw new Error(`${table}: an inserted row came back without its ${key}`);
    return number;
  });
}

/** Changes the one row that `where` names. */
export async function updateRow(
  tx: RecordsTransaction,
  table: TableName,
  where: readonly Condition[],
  values: DeclaredRow,
): Promise<void> {
  const changes = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  await sql`update ${sql.table(table)} set ${sql.join(changes)}${whereClause(where)}`.execute(tx);
}

/** Removes the rows for which every condition holds; at least one is needed. */
export async function deleteRows(tx: RecordsTransaction, table: TableName, where: readonly Condition[]): Promise<void> {
  if (where.length === 0) throw new Error(`${table}: a removal without condition`);
  for (const conditions of inPieces(where, Math.floor(tx.capabilities.maxParameters / 2))) {
    await sql`delete from ${sql.table(table)}${whereClause(conditions)}`.execute(tx);
  }
}

function insertion(table: TableName, rows: readonly DeclaredRow[]): RawBuilder<unknown> {
  const columns = Object.keys(rows[0] ?? {});
  const tuples = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
  return sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(tuples)}`;
}

function rowsPerStatement(tx: RecordsTransaction, rows: readonly DeclaredRow[]): number {
  const width = Object.keys(rows[0] ?? {}).length || 1;
  return Math.max(1, Math.min(500, Math.floor(tx.capabilities.maxParameters / width)));
}

function whereClause(conditions: readonly Condition[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions.map(condition), sql` and `)}`;
}

function condition(one: Condition): RawBuilder<unknown> {
  const column = sql.ref(one.column);
  if ('above' in one) return sql`${column} > ${one.above}`;
  if ('is' in one) return one.is === null ? sql`${column} is null` : sql`${column} = ${one.is}`;
  return one.in.length === 0 ? sql`1 = 0` : sql`${column} in (${sql.join(one.in)})`;
}

/** The conditions once for each piece of the longest list. */
function inPieces(where: readonly Condition[], most: number): (readonly Condition[])[] {
  const longest = where.reduce<Condition | null>(
    (found, one) => ('in' in one && (found === null || one.in.length > listOf(found).length) ? one : found),
    null,
  );
  if (longest === null) return [where];
  const size = Math.min(most, 2000);
  if (listOf(longest).length <= size) return [where];
  return piecesOf(listOf(longest), size).map((piece) =>
    where.map((one) => (one === longest ? { column: one.column, in: piece } : one)),
  );
}

function listOf(one: Condition): readonly DeclaredValue[] {
  return 'in' in one ? one.in : [];
}

function piecesOf<T>(list: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let from = 0; from < list.length; from += size) pieces.push(list.slice(from, from + size));
  return pieces;
}
