import { Kysely, Migrator, type Migration } from 'kysely';
import type { Engine } from './engine.ts';
import { migrations } from './migrations/index.ts';
import { RecordsError, recordsErrorKind } from './records-error.ts';
import type { RecordsSchema } from './schema/index.ts';

/**
 * Applies what is missing, all or nothing, in one transaction. Of two that migrate at once, the second waits and finds
 * nothing left to do. A store that a newer version has migrated is refused.
 */
export async function migrate(
  db: Kysely<RecordsSchema>,
  engine: Engine,
): Promise<{ readonly applied: readonly string[] }> {
  const own =
    engine.migrationDialect === null ? null : new Kysely<RecordsSchema>({ dialect: engine.migrationDialect() });
  try {
    return { applied: await migrateToLatest(own ?? db, engine) };
  } finally {
    await own?.destroy();
  }
}

async function migrateToLatest(db: Kysely<RecordsSchema>, engine: Engine): Promise<readonly string[]> {
  const known = new Map<string, Migration>(
    Object.entries(migrations).map(([name, up]) => [name, { up: (schema) => up(schema, engine.ddl) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(known) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return results.map((result) => result.migrationName);
  const failed = results.find((result) => result.status === 'Error')?.migrationName;
  const unknown = failed === undefined ? await newerMigration(db, known) : undefined;
  if (unknown !== undefined) {
    const message = `the records store ${engine.location} was made by a newer version (it has "${unknown}"): upgrade`;
    throw new RecordsError('unavailable', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : 'unknown';
  const message = `migration ${failed ?? ''} of the records store ${engine.location} failed: ${reason}`;
  throw new RecordsError(recordsErrorKind(error) ?? 'other', message, { cause: error });
}

/** What has been applied to the store and what this version would apply; on a store without tables, nothing and all. */
export async function appliedMigrations(
  db: Kysely<RecordsSchema>,
): Promise<{ readonly applied: readonly string[]; readonly missing: readonly string[] }> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const found = tables.some((table) => table.name === 'kysely_migration');
  const rows = found
    ? await db
        .withTables<{ kysely_migration: { name: string } }>()
        .selectFrom('kysely_migration')
        .select('name')
        .orderBy('name')
        .execute()
    : [];
  const applied = rows.map((row) => row.name);
  return { applied, missing: Object.keys(migrations).filter((name) => !applied.includes(name)) };
}

/** The first migration in the store that this version does not know; undefined when there is none or none to be read. */
async function newerMigration(
  db: Kysely<RecordsSchema>,
  known: ReadonlyMap<string, Migration>,
): Promise<string | undefined> {
  try {
    const tables = db.withTables<{ kysely_migration: { name: string } }>();
    const rows = await tables.selectFrom('kysely_migration').select('name').orderBy('name').execute();
    return rows.find((row) => !known.has(row.name))?.name;
  } catch {
    return undefined;
  }
}
