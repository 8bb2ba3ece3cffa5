import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { sql } from 'kysely';
import { sqliteDdl } from '../ddl.ts';
import type { Engine } from '../engine.ts';
import { RecordsError } from '../records-error.ts';
import { DiskFlush, type Disk } from './disk-flush.ts';
import { snapshotDialect } from './snapshot-dialect.ts';
import { SqliteStore } from './sqlite-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { sqliteError } from './sqlite-errors.ts';
import { SqliteHandle } from './sqlite-handle.ts';
import { loadSqlite, type SqliteDatabase } from './sqlite-module.ts';
import { sqliteNumbers } from './sqlite-numbers.ts';
import { whileBusy } from './while-busy.ts';

/** How long SQLite itself waits for a lock, which stops the process; longer waits are ours (`whileBusy`). */
const BLOCKING_WAIT_MS = 5;
const OPEN_LIMIT_MS = 10_000;

/**
 * The commit that fills so many pages also checkpoints. Steps of 4 MB keep that to 5 to 20 ms where larger ones, which
 * write fewer pages twice, save little and stall for 40 to 170 ms (measured with groups of 16 and 64 rows).
 */
const CHECKPOINT_PAGES = 1000;

const WRITER_PRAGMAS = [
  'foreign_keys = on',
  'trusted_schema = off',
  'temp_store = memory',
  'cache_size = -16384',
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
  // After a burst the log is cut back to this size.
  'journal_size_limit = 67108864',
];
const READER_PRAGMAS = ['query_only = on', 'trusted_schema = off', 'temp_store = memory', 'cache_size = -8192'];

export interface SqliteOptions {
  /**
   * Commits are flushed beside the main thread, by the disk that this makes of the open log's descriptor; without it,
   * SQLite flushes before a commit returns. ADR 0025.
   */
  readonly flushBeside?: ((descriptor: number) => Disk) | undefined;
}

/** Opens the file, making it and its directory when absent, for its owner's eyes only. */
export async function openSqlite(file: string, { flushBeside }: SqliteOptions = {}): Promise<Engine> {
  const path = resolve(file);
  try {
    const { DatabaseSync } = await loadSqlite();
    create(path);
    const connect = (): SqliteDatabase => new DatabaseSync(path, { timeout: BLOCKING_WAIT_MS });
    // "normal": the log is flushed before its pages go into the file, and its header whenever it begins anew.
    const synchronous = `synchronous = ${flushBeside === undefined ? 'full' : 'normal'}`;
    const writer = await prepared(connect, ['journal_mode = wal', synchronous, ...WRITER_PRAGMAS]);
    const reader = await prepared(connect, READER_PRAGMAS);
    const store = new SqliteStore({
      writer: new SqliteHandle(writer),
      reader: new SqliteHandle(reader),
      flush: flushBeside === undefined ? null : new DiskFlush(openLog(path, writer, flushBeside)),
    });
    const snapshot = async (): Promise<SqliteHandle> => new SqliteHandle(await prepared(connect, READER_PRAGMAS));
    return engine(path, store, snapshot);
  } catch (error) {
    const { kind, message } = openError(error);
    throw new RecordsError(kind, `cannot open the records store ${path}: ${message}`, { cause: error });
  }
}

/** The log is there from the first read on and stays the same file for as long as a connection is open. */
function openLog(path: string, writer: SqliteDatabase, flushBeside: (descriptor: number) => Disk): Disk {
  writer.exec('select count(*) from sqlite_schema');
  // SQLite keeps no locks on the log itself, so this descriptor may come and go.
  const descriptor = openSync(`${path}-wal`, 'r+');
  const disk = flushBeside(descriptor);
  return {
    sync: () => disk.sync(),
    close: async () => {
      await disk.close();
      closeSync(descriptor);
    },
  };
}

function engine(path: string, store: SqliteStore, snapshot: () => Promise<SqliteHandle>): Engine {
  return {
    location: path,
    // Lower than SQLite's 32,766, so that a statement may carry a few values besides its rows.
    capabilities: { rowLocks: false, shared: false, maxParameters: 32_000 },
    ddl: sqliteDdl,
    dialect: sqliteDialect(store),
    migrationDialect: null,
    snapshotDialect: () => snapshotDialect(snapshot),
    numbers: sqliteNumbers,
    check: async (db) => {
      const { rows } = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(db);
      if (rows[0]?.journal_mode === 'wal') return;
      throw new RecordsError('unavailable', `${path} is on a file system without shared memory: use a local disk`);
    },
    size: async (db) => {
      const { rows } = await sql<{ pages: number; page_bytes: number; free_pages: number }>`
        select page_count as pages, page_size as page_bytes, freelist_count as free_pages
        from pragma_page_count, pragma_page_size, pragma_freelist_count`.execute(db);
      const { pages = 0, page_bytes = 0, free_pages = 0 } = rows[0] ?? {};
      const logBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      return { bytes: pages * page_bytes + logBytes, reusableBytes: free_pages * page_bytes };
    },
  };
}

/** Never touches a file that exists: closing any descriptor of it would drop the locks this process holds on it. */
function create(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function prepared(connect: () => SqliteDatabase, pragmas: readonly string[]): Promise<SqliteDatabase> {
  return whileBusy(OPEN_LIMIT_MS, () => {
    let database: SqliteDatabase | undefined;
    try {
      database = connect();
      for (const pragma of pragmas) database.exec(`pragma ${pragma}`);
      return database;
    } catch (error) {
      database?.close();
      throw sqliteError(error);
    }
  });
}

function openError(error: unknown): RecordsError {
  if (error instanceof Error && 'syscall' in error) {
    return new RecordsError('unavailable', error.message, { cause: error });
  }
  return sqliteError(error);
}
