import type { FactsStore } from './facts-store.ts';
import { localName } from './migrations/topology.ts';
import { ident, sql } from './sql.ts';

/** Removes all rows of tables, on a cluster from every shard. Rollups are tables of their own: name them too. */
export async function emptyTables(facts: FactsStore, tables: readonly string[]): Promise<void> {
  const { cluster } = facts.capabilities;
  for (const table of tables) {
    const target = cluster === null ? ident(table) : sql`${ident(localName(table))} ON CLUSTER ${ident(cluster)}`;
    await facts.command(sql`TRUNCATE TABLE IF EXISTS ${target}`);
  }
}
