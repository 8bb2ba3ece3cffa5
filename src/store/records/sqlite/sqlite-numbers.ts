import { sql } from 'kysely';
import type { Numbers } from '../engine.ts';

/** `sqlite_sequence` has a row for each AUTOINCREMENT table that ever had a row. */
export const sqliteNumbers: Numbers = {
  async last(db, table) {
    const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(db);
    return rows[0]?.seq ?? 0;
  },
  async raise(db, table, _column, number) {
    if (number <= (await this.last(db, table, _column))) return;
    await sql`delete from sqlite_sequence where name = ${table}`.execute(db);
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${number})`.execute(db);
  },
};
