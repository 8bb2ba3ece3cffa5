import { sql } from 'kysely';
import type { Numbers } from '../engine.ts';

/** Each numbered column has a sequence of its own. Sequences stand outside of transactions and only grow. */
export const postgresNumbers: Numbers = {
  async last(db, table, column) {
    const { rows } = await sql<{ last: number | null }>`
      select pg_sequence_last_value(pg_get_serial_sequence(${table}, ${column})::regclass) as last`.execute(db);
    return rows[0]?.last ?? 0;
  },
  async raise(db, table, column, number) {
    if (number <= (await this.last(db, table, column))) return;
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${number}::bigint)`.execute(db);
  },
};
