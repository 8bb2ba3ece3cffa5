import type { ParamValue } from './sql.ts';
import type { StreamFormat } from './facts-store.ts';
import type { Settings } from './settings.ts';

/**
 * What the store asks of ClickHouse, embedded or served: the small interface to a driver. Everything above it is the
 * same code and the same SQL for both. Methods throw what the driver throws; the store maps it.
 */
export interface Engine {
  readonly embedded: boolean;
  /** Values travel as parameters (true) or as literals in the text. */
  readonly bindsParameters: boolean;
  /** Makes the database of the URL if it is not there. */
  createDatabase(cluster: string | null): Promise<void>;
  openLane(): Lane;
  /** Called after all lanes are closed. */
  close(): Promise<void>;
}

/** Runs one statement at a time. After an error or an abort it is thrown away: the embedded engine mixes what is left of
 * a failed answer into the next one of the same session. */
export interface Lane {
  /** The whole answer in the format its text names. */
  answer(statement: Statement): Promise<Buffer>;
  /** Pieces of the answer; a statement without FORMAT. Rejects for errors before the first piece. */
  stream(statement: Statement, format: StreamFormat, settings: Settings): Promise<Chunks>;
  insert(insert: Insert): Promise<void>;
  /** Loads a Native file of the table's own columns. */
  load(table: string, file: string, settings: Settings): Promise<void>;
  close(): Promise<void>;
}

export interface Statement {
  readonly text: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Ends the wait for a served engine; an embedded one can only be asked to stop (`KILL QUERY`). */
  readonly signal?: AbortSignal;
}

export interface Insert {
  readonly table: string;
  readonly payload: Buffer;
  readonly settings: Settings;
  readonly signal?: AbortSignal;
}

/** Pulled one by one; null after the last. `close` may come at any time, also while `next` is under way, and twice. */
export interface Chunks {
  next(): Promise<Buffer | null>;
  close(): Promise<void>;
}
