import { column, tupleOf } from '../../../src/store/facts/rows.ts';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { ident, sql, type Sql } from '../../../src/store/facts/sql.ts';

/** One line of JSONEachRow for each row. */
export function linesOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** A single exact number. */
export async function ask(facts: FactsStore, query: Sql): Promise<number | bigint> {
  const [row] = await facts.query(query, { tag: 'test', rows: tupleOf(column.count) });
  if (row === undefined) throw new Error('no row');
  return row[0];
}

export async function countOf(facts: FactsStore, table: string): Promise<number | bigint> {
  return ask(facts, sql`SELECT count() FROM ${ident(table)}`);
}
