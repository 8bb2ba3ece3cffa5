import { FactsError } from './facts-error.ts';
import type { FactsStore, MigrationReport } from './facts-store.ts';
import { migrations, type Migration, type Topology } from './migrations/index.ts';
import { createEverywhere } from './migrations/topology.ts';
import { column, tupleOf } from './rows.ts';
import { ident, param, sql, type Sql } from './sql.ts';

const TABLE = 'tallyhouse_migrations';

/** What a migration needs of the store. */
export type MigrationRunner = Pick<FactsStore, 'query' | 'command'>;

/** Which migrations the store has had, in their order; `missing` are those of this version that it has not. */
export async function migrationState(
  runner: Pick<FactsStore, 'query'>,
): Promise<{ readonly applied: readonly string[]; readonly missing: readonly string[] }> {
  // A database that was never migrated has no such table; `system.tables` is always there.
  const [found] = await runner.query(
    sql`SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = ${param.string(TABLE)}`,
    { tag: 'migrate', rows: tupleOf(column.integer) },
  );
  const rows =
    found?.[0] === 0 ? [] : await runner.query(sql`SELECT number, name FROM ${ident(TABLE)} ORDER BY number`, RECORDS);
  const applied = new Map(rows);
  return {
    applied: [...applied.values()],
    missing: migrations.filter((step) => !applied.has(step.number)).map((step) => step.name),
  };
}

/**
 * Brings the tables up to date, step by step in order. A step is recorded after its last statement; one that was
 * interrupted, or that another node runs at this moment, runs again and finds its work done.
 */
export async function migrate(
  runner: MigrationRunner,
  topology: Topology,
  steps: readonly Migration[] = migrations,
): Promise<MigrationReport> {
  for (const statement of recordTable(topology)) await runner.command(statement);
  const done = new Map(await runner.query(sql`SELECT number, name FROM ${ident(TABLE)}`, RECORDS));
  const newest = Math.max(0, ...done.keys());
  if (newest > Math.max(...steps.map((step) => step.number))) {
    throw new FactsError(
      'rejected',
      `the facts store was made by a newer version (its migration ${newest} is unknown here): run that version`,
    );
  }
  const applied: string[] = [];
  for (const step of steps) {
    if (done.has(step.number)) continue;
    for (const statement of step.statements(topology)) await runner.command(statement);
    const record = sql`${param.u32(step.number)}, ${param.string(step.name)}, now64(3, 'UTC')`;
    await runner.command(sql`INSERT INTO ${ident(TABLE)} (number, name, applied_at) SELECT ${record}`);
    applied.push(step.name);
  }
  return { applied, known: steps.map((step) => step.name) };
}

const RECORDS = { tag: 'migrate', rows: tupleOf(column.integer, column.text) };

function recordTable(topology: Topology): readonly Sql[] {
  return createEverywhere(
    { name: TABLE, columns: sql`number UInt32, name String, applied_at DateTime64(3, 'UTC')`, orderBy: sql`number` },
    topology,
  );
}
