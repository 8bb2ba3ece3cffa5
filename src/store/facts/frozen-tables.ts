import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FactsStore } from './facts-store.ts';
import { column, tupleOf } from './rows.ts';
import { ident, param, sql } from './sql.ts';

/** Tables as they were at one moment. */
export interface FrozenTables {
  /** The moment is kept, whatever is inserted from now on. Else (a cluster) nobody may insert until `release`. */
  readonly lasting: boolean;
  /** Rows of a table; throws for one that was not frozen. */
  rows(table: string): number;
  /** All rows in the form that `FactsStore.restore` takes. */
  stream(table: string): Promise<Readable>;
  /** Gives back the disk that was kept from being freed. */
  release(): Promise<void>;
}

const PREFIX = 'backup_';
const STREAM_MS = 6 * 60 * 60 * 1000;
/** On a shared server the tables of another process may be in use; after a day they are those of one that died. */
const ABANDONED_SECONDS = 86_400;

/**
 * Makes a second name for the present parts of each table, which costs some milliseconds and no space (the engine links
 * files). Whoever wants several tables of one moment keeps writers away during the call. On a cluster that would have to
 * happen in each shard, so there the tables themselves are read.
 */
export async function freezeTables(facts: FactsStore, tables: readonly string[]): Promise<FrozenTables> {
  const lasting = facts.capabilities.cluster === null;
  const id = randomBytes(4).toString('hex');
  const nameOf = (table: string): string => (lasting ? `${PREFIX}${id}_${table}` : table);
  if (lasting) await dropAbandoned(facts);
  const counts = new Map<string, number>();
  const release = async (): Promise<void> => {
    if (!lasting) return;
    for (const table of tables) await facts.command(sql`DROP TABLE IF EXISTS ${ident(nameOf(table))} SYNC`);
  };
  try {
    for (const table of tables) {
      if (lasting) await facts.command(sql`CREATE TABLE ${ident(nameOf(table))} CLONE AS ${ident(table)}`);
      counts.set(table, await countRows(facts, nameOf(table)));
    }
  } catch (error) {
    await release().catch(() => {});
    throw error;
  }
  return {
    lasting,
    rows(table) {
      const rows = counts.get(table);
      if (rows === undefined) throw new Error(`${table} is not among the frozen tables`);
      return rows;
    },
    stream: (table) =>
      facts.stream(sql`SELECT * FROM ${ident(nameOf(table))}`, 'Native', { tag: 'backup', timeoutMs: STREAM_MS }),
    release,
  };
}

/** Number of rows of a table, of all shards on a cluster. */
export async function countRows(facts: FactsStore, table: string): Promise<number> {
  const rows = await facts.query(sql`SELECT count() FROM ${ident(table)}`, { tag: 'count', rows: COUNT });
  return rows[0]?.[0] ?? 0;
}

const COUNT = tupleOf(column.integer);

/** What a process that died in the middle of a backup has left behind. An embedded engine has no other process. */
async function dropAbandoned(facts: FactsStore): Promise<void> {
  const age = facts.capabilities.embedded ? 0 : ABANDONED_SECONDS;
  const found = await facts.query(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, ${param.string(PREFIX)})
      AND metadata_modification_time <= now() - toIntervalSecond(${param.u32(age)})`,
    { tag: 'backup', rows: tupleOf(column.text) },
  );
  for (const [name] of found) await facts.command(sql`DROP TABLE IF EXISTS ${ident(name)} SYNC`);
}
