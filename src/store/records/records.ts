import type { Kysely } from 'kysely';
import type { RecordsErrorKind } from './records-error.ts';
import type { RecordsSchema } from './schema/index.ts';
import type { NumberedTable } from './tables.ts';

/** What the engine behind the URL can do. Ask this, never which engine it is. */
export interface RecordsCapabilities {
  /** `SELECT … FOR UPDATE` and `SKIP LOCKED` exist. Without them transactions are serial, and need neither. */
  readonly rowLocks: boolean;
  /** Servers on other machines may work on the same store at this moment. */
  readonly shared: boolean;
  /** Values one statement may carry. */
  readonly maxParameters: number;
}

/** Kysely over the schema, on the whole store or inside a transaction. */
export type RecordsDatabase = Kysely<RecordsSchema> & { readonly capabilities: RecordsCapabilities };

/** As `RecordsDatabase`; a function that takes one of these wants to be called inside `Records.transaction`. */
export type RecordsTransaction = RecordsDatabase;

/**
 * The records store: what decides and what is configured. What the engine reports is thrown as `RecordsError`.
 *
 * `db` runs single statements, each its own transaction, durable when it resolves. There is no streaming: page by key.
 */
export interface Records {
  readonly db: RecordsDatabase;
  readonly capabilities: RecordsCapabilities;

  /** Brings the tables up to date; safe to repeat and from several processes at once. Names what it applied. */
  migrate(): Promise<{ readonly applied: readonly string[] }>;

  /**
   * Runs `fn` in one transaction and resolves when it is on disk. What `fn` throws rolls it back and is thrown on.
   * `fn` may run again after a `conflict`, so it changes nothing but the store; it awaits nothing but `tx`, because an
   * engine with one writer makes everybody wait; and it does not go on after a failed statement (use `onConflict`).
   */
  transaction<T>(fn: (tx: RecordsTransaction) => Promise<T>): Promise<T>;

  /**
   * Runs `fn` on the store as it was when the call began, while others go on writing. Reads only; `fn` may take long and
   * wait for other things, but for at most a minute between two of its reads.
   */
  snapshot<T>(fn: (db: RecordsDatabase) => Promise<T>): Promise<T>;

  /** Which migrations the store has had, by name in their order; `missing` are those of this version that it has not. */
  migrations(): Promise<{ readonly applied: readonly string[]; readonly missing: readonly string[] }>;

  /** The highest number that the store has given to rows of a table, also to rows that are gone; 0 before the first. */
  lastNumber(db: RecordsDatabase, table: NumberedTable): Promise<number>;

  /** Numbers given from now on are higher than `number`. */
  raiseNumber(tx: RecordsTransaction, table: NumberedTable, number: number): Promise<void>;

  /** Resolves when the store answers. */
  ping(): Promise<void>;

  /** Bytes on disk, and how many of them are free for new rows without growing. */
  size(): Promise<{ readonly bytes: number; readonly reusableBytes: number }>;

  /** `null` for an error that is not the store's. */
  errorKind(error: unknown): RecordsErrorKind | null;

  isUniqueViolation(error: unknown): boolean;

  /** Waits for running transactions, then lets go of files and connections. */
  close(): Promise<void>;
}

/** The part of a logger that the store uses. */
export interface RecordsLog {
  warn(data: object, message: string): void;
}
