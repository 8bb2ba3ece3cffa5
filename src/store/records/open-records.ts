import { Kysely } from 'kysely';
import type { Engine } from './engine.ts';
import { appliedMigrations, migrate } from './migrate.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { RecordsError, isUniqueViolation, recordsErrorKind } from './records-error.ts';
import type { Records, RecordsCapabilities, RecordsDatabase, RecordsLog } from './records.ts';
import type { RecordsSchema } from './schema/index.ts';
import { FlushThread } from './sqlite/disk-flush.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import { snapshotOf } from './snapshot.ts';
import { recordsTables } from './tables.ts';
import { transactionOf } from './transaction.ts';

export interface RecordsOptions {
  readonly log?: RecordsLog;
  /**
   * For a process that serves: an embedded store flushes commits on a thread of its own, while this one works on. What
   * a resolved promise means is the same. Default false: a command that writes little does without the thread.
   */
  readonly flushBeside?: boolean;
}

/**
 * Opens the records store at `sqlite:FILE` (relative to the working directory) or `postgres://…`. The tables are not
 * touched: `migrate` makes them. Throws a `RecordsError` that says what to repair.
 */
export async function openRecords(url: string, options: RecordsOptions = {}): Promise<Records> {
  const engine = await openEngine(url, options);
  const { capabilities } = engine;
  const db = new Kysely<RecordsSchema>({ dialect: engine.dialect });
  try {
    await engine.check(db);
  } catch (error) {
    await db.destroy();
    if (!(error instanceof RecordsError)) throw error;
    throw new RecordsError(error.kind, `cannot use the records store ${engine.location}: ${error.message}`, {
      cause: error,
    });
  }
  return {
    db: withCapabilities(db, capabilities),
    capabilities,
    migrate: () => migrate(db, engine),
    transaction: (fn) => transactionOf(db, (tx) => fn(withCapabilities(tx, capabilities)), options.log),
    snapshot: (fn) => snapshotOf(engine, (at) => fn(withCapabilities(at, capabilities))),
    migrations: () => appliedMigrations(db),
    lastNumber: (at, table) => engine.numbers.last(at, table, recordsTables[table].numbered),
    raiseNumber: (tx, table, number) => engine.numbers.raise(tx, table, recordsTables[table].numbered, number),
    ping: async () => {
      await db.selectNoFrom((select) => select.val(1).as('one')).execute();
    },
    size: () => engine.size(db),
    errorKind: recordsErrorKind,
    isUniqueViolation,
    close: () => db.destroy(),
  };
}

async function openEngine(url: string, { log, flushBeside = false }: RecordsOptions): Promise<Engine> {
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, log);
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1];
  // The connections that read and write would each see a store of their own.
  if (file !== undefined && file !== ':memory:')
    return openSqlite(file, { flushBeside: flushBeside ? (descriptor) => new FlushThread(descriptor) : undefined });
  throw new RecordsError('unavailable', 'the records store is given as sqlite:FILE or postgres://…');
}

function withCapabilities(db: Kysely<RecordsSchema>, capabilities: RecordsCapabilities): RecordsDatabase {
  return Object.assign(db, { capabilities });
}
