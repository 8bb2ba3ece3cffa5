import type { QueryResult } from 'kysely';
import { LRUCache } from 'lru-cache';
import { bindable } from '../parameters.ts';
import { sqliteError } from './sqlite-errors.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-module.ts';

interface Prepared {
  readonly statement: SqliteStatement;
  readonly returnsRows: boolean;
}

/** Total length of the cached texts. A prepared insert of many rows takes some twenty times its text in memory. */
const CACHED_CHARACTERS = 1_000_000;

/** One open connection. Synchronous, as the library is; throws `RecordsError`. */
export class SqliteHandle {
  readonly #database: SqliteDatabase;
  readonly #prepared = new LRUCache<string, Prepared>({
    maxSize: CACHED_CHARACTERS,
    maxEntrySize: CACHED_CHARACTERS / 4,
    sizeCalculation: (_, sql) => sql.length,
  });

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    try {
      const values = bindable(parameters);
      const { statement, returnsRows } = this.#prepare(sql);
      if (returnsRows) return { rows: statement.all(...values) as R[] };
      const { changes, lastInsertRowid } = statement.run(...values);
      return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
    } catch (error) {
      throw sqliteError(error);
    }
  }

  /** A statement without values and without an answer, e.g. `begin`. */
  run(sql: string): void {
    try {
      this.#prepare(sql).statement.run();
    } catch (error) {
      throw sqliteError(error);
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const cached = this.#prepared.get(sql);
    if (cached !== undefined) return cached;
    const statement = this.#database.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}
