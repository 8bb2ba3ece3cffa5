import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
} from 'kysely';
import { RecordsError } from '../records-error.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { whileBusy } from './while-busy.ts';

/** A reader waits for nothing but the recovery after another process was killed. */
const BUSY_LIMIT_MS = 10_000;

/**
 * For one long transaction that reads. In the write-ahead log readers and the writer do not meet; the log cannot be cut
 * back while the transaction is open, so it grows with what is written meanwhile.
 */
export function snapshotDialect(open: () => Promise<SqliteHandle>): Dialect {
  let connection: Promise<SnapshotConnection> | undefined;
  const opened = (): Promise<SnapshotConnection> => (connection ??= open().then((own) => new SnapshotConnection(own)));
  const run = async (sql: string): Promise<void> => (await opened()).run(sql);
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: opened,
      beginTransaction: () => run('begin'),
      commitTransaction: () => run('commit'),
      rollbackTransaction: () => run('rollback'),
      releaseConnection: async () => {},
      destroy: async () => (await connection)?.close(),
    }),
  };
}

class SnapshotConnection implements DatabaseConnection {
  readonly #handle: SqliteHandle;

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  run(sql: string): void {
    this.#handle.run(sql);
  }

  close(): void {
    this.#handle.close();
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return whileBusy(BUSY_LIMIT_MS, () => this.#handle.execute<R>(sql, parameters));
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new RecordsError('other', 'records are not streamed: page by key');
  }
}
