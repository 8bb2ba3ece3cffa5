import type { Readable } from 'node:stream';
import type { Rows } from './rows.ts';
import type { Sql } from './sql.ts';

/**
 * The store of facts: ClickHouse, embedded (chDB) or served, behind one interface and one SQL text.
 *
 * Every method rejects with `FactsError` (facts-error.ts) when the engine or the way to it fails, and with any other
 * error only for bugs. All times are UTC. The one who opened the store closes it.
 */
export interface FactsStore {
  readonly capabilities: FactsCapabilities;

  /** Asks for rows. Waits in a queue while `capabilities.concurrentReads` queries run. */
  query<T>(sql: Sql, options: QueryOptions<T>): Promise<T[]>;

  /**
   * The same for answers of any length: pieces of some thousand rows, as fast as they are taken, in bounded memory;
   * sorting and grouping go to disk where they must. A reader that leaves early stops the query. `maxRows` does not
   * apply; put a LIMIT into the text. Runs on the lanes of `stream`.
   */
  rows<T>(sql: Sql, options: QueryOptions<T>): AsyncIterable<readonly T[]>;

  /**
   * The answer as bytes of one of the engine's formats. `sql` carries no FORMAT and no SETTINGS. Bounded memory. The
   * promise rejects for errors before the first byte; later ones destroy the stream with a `FactsError`. Destroying the
   * stream stops the query. Streams have lanes of their own: a slow reader does not hold up `query`.
   */
  stream(sql: Sql, format: StreamFormat, options: StreamOptions): Promise<Readable>;

  /**
   * Writes rows as one durable, all-or-nothing, deduplicated block: when the promise resolves they are on disk; the same
   * table and token again (also after a crash in between) changes nothing, in the rollups neither. A row the engine
   * cannot read refuses the whole call (`FactsError` kind `rejected`). After kind `timeout` or `unavailable` the rows may
   * or may not be there: say it again under the same token.
   */
  insert(table: string, payload: RowsPayload, options: InsertOptions): Promise<void>;

  /**
   * Loads a file that `stream(sql`SELECT * FROM <table>`, 'Native')` wrote into an empty table; rollups are built anew.
   * Refuses (`rejected`) a table that has rows. Not atomic: after a failure empty the table and start again.
   */
  restore(table: string, file: string, options?: { readonly timeoutMs?: number }): Promise<void>;

  /** DDL and other statements without an answer, on the control lane. */
  command(sql: Sql, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<void>;

  /** Rejects when the engine does not answer `SELECT 1` within two seconds (or `timeoutMs`). */
  ping(timeoutMs?: number): Promise<void>;

  /** Creates or completes the tables; safe to repeat, to interrupt and to run on two nodes at once. */
  migrate(): Promise<MigrationReport>;

  /** What runs and what waits at this moment, for metrics. */
  stats(): FactsStats;

  /** Waits for what runs, refuses what comes after, releases the engine. Safe to call twice. */
  close(): Promise<void>;
}

export interface FactsCapabilities {
  /** The engine lives in this process and owns its data directory. */
  readonly embedded: boolean;
  readonly concurrentReads: number;
  readonly concurrentStreams: number;
  /** Rows one `insert` may carry so that it stays one block. */
  readonly maxInsertRows: number;
  /** Name of the cluster the tables are spread over, null on a single node. */
  readonly cluster: string | null;
}

export interface ReadLimits {
  /** Names question and dialect, e.g. `timeseries:tr50`; appears in the engine's query log. */
  readonly tag: string;
  /** The engine stops after this long (`FactsError` kind `timeout`), waiting in the queue not counted. Default 30 s. */
  readonly timeoutMs?: number;
  /** Default 1 GiB; beyond it `FactsError` kind `memory`. */
  readonly maxMemoryBytes?: number;
  /** Rows of the answer; one more is `FactsError` kind `too_many_rows`. Unlimited when absent. */
  readonly maxRows?: number;
  /** Stops waiting and kills the query; the promise rejects with kind `aborted`. */
  readonly signal?: AbortSignal;
}

export interface QueryOptions<T> extends ReadLimits {
  /** How the answer's columns become a row, see rows.ts. */
  readonly rows: Rows<T>;
}

/**
 * `LineAsString` takes one column of text and writes one value a line, unquoted. `JSONCompactEachRowWithNames` writes
 * an array a line, the columns' names first, 64-bit integers as text.
 */
export type StreamFormat =
  | 'CSVWithNames'
  | 'JSONEachRow'
  | 'JSONCompactEachRowWithNames'
  | 'LineAsString'
  | 'Parquet'
  | 'Native';
export interface StreamOptions extends ReadLimits {
  /** Groups and sorts in memory only: a third faster, and `FactsError` kind `memory` where it does not suffice. */
  readonly inMemory?: boolean;
}

/**
 * One JSON object a line, lines end in `\n`, pieces are cut between lines. Keys are column names, left-out columns take
 * their default, null does the same where the column is not nullable, unknown columns refuse the insert. `time` is the plain number
 * of milliseconds since 1970 UTC (exact for every safe integer), unsigned 64-bit integers are plain numbers.
 */
export type RowsPayload = string | Uint8Array | readonly (string | Uint8Array)[];

export interface InsertOptions {
  /** Identifies this block in the table for ever (within the last 10,000 blocks of the table). */
  readonly token: string;
  /** Number of rows in the payload, at most `capabilities.maxInsertRows`. */
  readonly rows: number;
  /** Default two minutes. */
  readonly timeoutMs?: number;
}

export interface MigrationReport {
  /** Names of the migrations that ran now. */
  readonly applied: readonly string[];
  /** All that are in force. */
  readonly known: readonly string[];
}

export interface FactsStats {
  readonly reads: LaneStats;
  readonly streams: LaneStats;
  readonly inserts: LaneStats;
}

export interface LaneStats {
  readonly running: number;
  readonly waiting: number;
}
