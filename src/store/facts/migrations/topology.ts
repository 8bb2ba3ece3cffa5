import { empty, ident, join, param, sql, type Sql } from '../sql.ts';

/** Where the tables live: one node, or spread over the shards and replicas of a cluster. */
export interface Topology {
  readonly cluster: string | null;
  readonly database: string;
}

export interface TableDefinition {
  readonly name: string;
  /** Names, types and codecs as they stand between the parentheses. */
  readonly columns: Sql;
  /**
   * What becomes of rows of equal key that meet: `keep` both, `sum` the named columns (`SummingMergeTree`), `aggregate`
   * each column as its type says (`AggregatingMergeTree`).
   */
  readonly merge: 'keep' | 'aggregate' | { readonly sum: readonly string[] };
  readonly partitionBy: Sql;
  readonly orderBy: Sql;
  /** A prefix of `orderBy`; all of it when absent. */
  readonly primaryKey?: Sql;
  /** Which shard a row goes to. Rows that a rollup adds up must meet on one shard. */
  readonly shardBy: Sql;
}

export interface ViewDefinition {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Between SELECT and FROM, and after FROM. */
  readonly select: Sql;
  /** Which rows; all when absent. */
  readonly where?: Sql;
  /** A row for each element: what stands after ARRAY JOIN. */
  readonly each?: Sql;
  /** Null copies row by row. */
  readonly groupBy: Sql | null;
}

/** Inserts remembered by their token, per table: at one a second nearly three hours, and the loader writes fewer. */
const REMEMBERED_BLOCKS = sql`10000`;

/** An acknowledged insert survives the loss of power; a merge is on disk before the parts it replaces go. */
const DURABLE = sql`fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1`;

const FAMILIES = { keep: sql`MergeTree`, aggregate: sql`AggregatingMergeTree` };

/**
 * A table under its logical name. On a cluster the rows are in `<name>_local` of every shard, replicated within it, and
 * the logical name is the `Distributed` table over them, so every other statement is the same in both worlds.
 */
export function createTable(table: TableDefinition, topology: Topology): readonly Sql[] {
  const { cluster } = topology;
  const { merge } = table;
  const sums = typeof merge === 'object' ? [sql`(${join(merge.sum.map((name) => ident(name)))})`] : [];
  const family = typeof merge === 'object' ? sql`SummingMergeTree` : FAMILIES[merge];
  const primaryKey = table.primaryKey === undefined ? empty : sql` PRIMARY KEY ${table.primaryKey}`;
  const layout = sql`PARTITION BY ${table.partitionBy}${primaryKey} ORDER BY ${table.orderBy}`;
  if (cluster === null) {
    return [
      sql`CREATE TABLE IF NOT EXISTS ${ident(table.name)} (${table.columns})
        ENGINE = ${family}(${join(sums)}) ${layout}
        SETTINGS non_replicated_deduplication_window = ${REMEMBERED_BLOCKS}, ${DURABLE}`,
    ];
  }
  const local = localName(table.name);
  // The macros `shard` and `replica` are in every node's configuration; `database` is the engine's own.
  const place = [param.string(`/clickhouse/tables/{shard}/{database}/${local}`), param.string('{replica}')];
  return [
    sql`CREATE TABLE IF NOT EXISTS ${ident(local)} ON CLUSTER ${ident(cluster)} (${table.columns})
      ENGINE = Replicated${family}(${join([...place.map((value) => sql`${value}`), ...sums])}) ${layout}
      SETTINGS replicated_deduplication_window = ${REMEMBERED_BLOCKS},
        replicated_deduplication_window_seconds = 604800, ${DURABLE}`,
    sql`CREATE TABLE IF NOT EXISTS ${ident(table.name)} ON CLUSTER ${ident(cluster)} (${table.columns})
      ENGINE = Distributed(${ident(cluster)}, ${ident(topology.database)}, ${ident(local)}, ${table.shardBy})`,
  ];
}

/** Adds a column at the end; on a cluster to the rows first, then to the table over them. */
export function addColumn(table: string, definition: Sql, { cluster }: Topology): readonly Sql[] {
  if (cluster === null) return [sql`ALTER TABLE ${ident(table)} ADD COLUMN IF NOT EXISTS ${definition}`];
  return [localName(table), table].map(
    (name) => sql`ALTER TABLE ${ident(name)} ON CLUSTER ${ident(cluster)} ADD COLUMN IF NOT EXISTS ${definition}`,
  );
}

/** Fills `to` with every insert into `from`; on a cluster each shard fills its own rollup. */
export function createView(view: ViewDefinition, { cluster }: Topology): readonly Sql[] {
  const everywhere = cluster === null ? empty : sql` ON CLUSTER ${ident(cluster)}`;
  const name = (table: string): Sql => ident(cluster === null ? table : localName(table));
  const each = view.each === undefined ? empty : sql` ARRAY JOIN ${view.each}`;
  const where = view.where === undefined ? empty : sql` WHERE ${view.where}`;
  const groupBy = view.groupBy === null ? empty : sql` GROUP BY ${view.groupBy}`;
  return [
    sql`CREATE MATERIALIZED VIEW IF NOT EXISTS ${ident(view.name)}${everywhere} TO ${name(view.to)}
      AS SELECT ${view.select} FROM ${name(view.from)}${each}${where}${groupBy}`,
  ];
}

/** Columns (names, types, codecs) that a table did not have; on a cluster its shards get them first. */
export function addColumns(table: string, columns: readonly Sql[], { cluster }: Topology): readonly Sql[] {
  const added = join(columns.map((each) => sql`ADD COLUMN IF NOT EXISTS ${each}`));
  if (cluster === null) return [sql`ALTER TABLE ${ident(table)} ${added}`];
  return [localName(table), table].map((name) => sql`ALTER TABLE ${ident(name)} ON CLUSTER ${ident(cluster)} ${added}`);
}

/** A small table that every node holds whole. */
export function createEverywhere(
  table: { readonly name: string; readonly columns: Sql; readonly orderBy: Sql },
  { cluster }: Topology,
): readonly Sql[] {
  const layout = sql`ORDER BY ${table.orderBy} SETTINGS ${DURABLE}`;
  if (cluster === null) {
    return [
      sql`CREATE TABLE IF NOT EXISTS ${ident(table.name)} (${table.columns}) ENGINE = ReplacingMergeTree ${layout}`,
    ];
  }
  // One path without the shard: all nodes are replicas of each other.
  const path = param.string(`/clickhouse/tables/{database}/${table.name}`);
  return [
    sql`CREATE TABLE IF NOT EXISTS ${ident(table.name)} ON CLUSTER ${ident(cluster)} (${table.columns})
      ENGINE = ReplicatedReplacingMergeTree(${path}, ${param.string('{shard}-{replica}')}) ${layout}`,
  ];
}

/** Name of the table that holds a shard's rows. */
export function localName(table: string): string {
  return `${table}_local`;
}
