import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { bindable } from '../parameters.ts';
import { RecordsError, recordsErrorKind, statementFailed } from '../records-error.ts';
import type { RecordsLog } from '../records.ts';
import { postgresError } from './postgres-errors.ts';

const CONNECT_LIMIT_MS = 5_000;
/** A transaction whose node stopped answering gives its locks back after this long. */
const IDLE_IN_TRANSACTION_LIMIT_MS = 60_000;

export interface PoolOptions {
  readonly connections: number;
  /** Null: statements may take as long as they need. */
  readonly statementLimitMs: number | null;
  readonly lockLimitMs: number | null;
}

/** Connections as Kysely wants them, with our kinds of errors and numbers that are numbers. Connects when asked to. */
export function postgresPool(url: string, options: PoolOptions, log: RecordsLog | undefined): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections,
    application_name: 'tallyhouse',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_LIMIT_MS,
    types: { getTypeParser },
    ...(options.lockLimitMs === null ? {} : { lock_timeout: options.lockLimitMs }),
    ...(options.statementLimitMs === null
      ? {}
      : {
          statement_timeout: options.statementLimitMs,
          // For a server that went away without a word; the server's own limit comes first.
          query_timeout: options.statementLimitMs + CONNECT_LIMIT_MS,
        }),
  });
  // Unhandled, either would end the process: a connection lost at rest, and one lost in use (its query fails as well).
  pool.on('error', (error) => log?.warn({ err: error }, 'a connection to the records store was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    connect: async () => {
      try {
        return new PooledClient(await pool.connect());
      } catch (error) {
        throw postgresError(error);
      }
    },
    end: () => pool.end(),
  };
}

class PooledClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #lost: RecordsError | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(): never;
  async query(sql?: string, parameters: readonly unknown[] = []): Promise<unknown> {
    if (sql === undefined) throw new RecordsError('other', 'records are not streamed: page by key');
    // What was asked before may still run there: nothing more is sent, and the connection is not used again.
    if (this.#lost !== undefined) throw this.#lost;
    try {
      const result = await this.#client.query(sql, bindable(parameters));
      // How PostgreSQL answers the commit of a transaction in which a statement has failed: politely.
      if (sql === 'commit' && result.command === 'ROLLBACK') throw statementFailed();
      return result;
    } catch (error) {
      const known = postgresError(error);
      if (recordsErrorKind(known) === 'unavailable') this.#lost = known;
      throw known;
    }
  }

  release(): void {
    this.#client.release(this.#lost);
  }
}

const INT8 = 20;
const NUMERIC = 1700;

/** 64-bit integers, and the sums of them, arrive as text; in this program they are numbers. */
function getTypeParser(type: number, format?: 'text' | 'binary'): unknown {
  if (type === NUMERIC) return Number;
  if (type !== INT8) return pg.types.getTypeParser(type, format);
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RecordsError('invalid_value', `${text} is too large for a number`);
    return value;
  };
}
