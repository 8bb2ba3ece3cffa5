import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type DatabaseConnection, type Dialect } from 'kysely';
import { SqliteConnection, type SqliteStore } from './sqlite-connection.ts';

/** SQLite can undo DDL, so all migrations run in one transaction, whose lock keeps other processes out. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export function sqliteDialect(store: SqliteStore): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => new SqliteConnection(store),
      beginTransaction: (connection) => ours(connection).begin(),
      commitTransaction: (connection) => ours(connection).commit(),
      rollbackTransaction: (connection) => ours(connection).rollback(),
      releaseConnection: async () => {},
      destroy: async () => {
        await store.turn.take();
        await store.flush?.close();
        store.reader.close();
        // SQLite does so by itself, but one of the libraries keeps the connection open until its statements are collected.
        store.writer.run('pragma wal_checkpoint(truncate)');
        store.writer.close();
        store.turn.give();
      },
    }),
  };
}

function ours(connection: DatabaseConnection): SqliteConnection {
  if (connection instanceof SqliteConnection) return connection;
  throw new TypeError('not a connection of this driver');
}
