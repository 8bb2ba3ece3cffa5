import { RawNode, SelectQueryNode, type CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import { RecordsError, statementFailed } from '../records-error.ts';
import type { DiskFlush } from './disk-flush.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { Turn } from './turn.ts';
import { whileBusy } from './while-busy.ts';

/** How long a statement waits for another process, e.g. a command that applies a file beside the running server. */
const BUSY_LIMIT_MS = 10_000;
/** How long a transaction waits for those of this process before it. */
const TURN_LIMIT_MS = 30_000;

/** The open store: one connection that writes, one that reads, and whose turn it is to write. */
export class SqliteStore {
  readonly writer: SqliteHandle;
  readonly reader: SqliteHandle;
  readonly turn = new Turn(TURN_LIMIT_MS);
  /** Brings commits onto the disk; null where SQLite does so itself, before a commit returns. */
  readonly flush: DiskFlush | null;

  constructor(parts: {
    readonly writer: SqliteHandle;
    readonly reader: SqliteHandle;
    readonly flush: DiskFlush | null;
  }) {
    this.writer = parts.writer;
    this.reader = parts.reader;
    this.flush = parts.flush;
  }
}

/**
 * What Kysely takes for a connection. Single reads go to the reader, so that they pass while a transaction waits for
 * another process; single writes and transactions take their turn at the writer.
 */
export class SqliteConnection implements DatabaseConnection {
  readonly #store: SqliteStore;
  #transaction: 'none' | 'open' | 'failed' = 'none';

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  /** `immediate`: takes the lock at once, so that no transaction has to be undone because another wrote before it. */
  async begin(): Promise<void> {
    const { turn, writer, flush } = this.#store;
    flush?.assertSound();
    await turn.take();
    try {
      await whileBusy(BUSY_LIMIT_MS, () => writer.run('begin immediate'));
    } catch (error) {
      turn.give();
      throw error;
    }
    this.#transaction = 'open';
  }

  async commit(): Promise<void> {
    this.#assertNotFailed();
    await whileBusy(BUSY_LIMIT_MS, () => this.#store.writer.run('commit'));
    // The next transaction may begin while the disk works: its own flush comes after this one.
    this.#end();
    await this.#store.flush?.flushed();
  }

  async rollback(): Promise<void> {
    // Committed, and then the disk failed: by now the writer may be in somebody else's transaction.
    if (this.#transaction === 'none') return;
    try {
      // A full disk, for example, has ended the transaction already.
      if (this.#store.writer.inTransaction) this.#store.writer.run('rollback');
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.#transaction = 'none';
    this.#store.turn.give();
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { sql, parameters } = query;
    const { reader, writer, flush } = this.#store;
    if (this.#transaction !== 'none') {
      this.#assertNotFailed();
      try {
        return writer.execute<R>(sql, parameters);
      } catch (error) {
        this.#transaction = 'failed';
        throw error;
      }
    }
    flush?.assertSound();
    if (isRead(query)) return whileBusy(BUSY_LIMIT_MS, () => reader.execute<R>(sql, parameters));
    const result = await this.#write<R>(query);
    await flush?.flushed();
    return result;
  }

  async #write<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, turn } = this.#store;
    await turn.take();
    try {
      return await whileBusy(BUSY_LIMIT_MS, () => writer.execute<R>(sql, parameters));
    } finally {
      turn.give();
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new RecordsError('other', 'records are not streamed: page by key');
  }

  /** SQLite would go on after a failed statement; the other engine does not, and code must not depend on either. */
  #assertNotFailed(): void {
    if (this.#transaction === 'failed') throw statementFailed();
  }
}

/** The reader cannot write whatever it is told, so nothing hangs on this but who waits for whom. */
function isRead({ query, sql }: CompiledQuery): boolean {
  return SelectQueryNode.is(query) || (RawNode.is(query) && /^\s*select\b/i.test(sql));
}
