import { PostgresDialect, sql } from 'kysely';
import { postgresDdl } from '../ddl.ts';
import type { Engine } from '../engine.ts';
import { RecordsError } from '../records-error.ts';
import type { RecordsLog } from '../records.ts';
import { postgresNumbers } from './postgres-numbers.ts';
import { postgresPool } from './postgres-pool.ts';

const CONNECTIONS = 10;
const STATEMENT_LIMIT_MS = 30_000;
const LOCK_LIMIT_MS = 10_000;

/** `url` is a connection URI as PostgreSQL's own programs take it, `sslmode` and the like included. */
export function openPostgres(url: string, log: RecordsLog | undefined): Engine {
  const location = withoutCredentials(url);
  const limits = { connections: CONNECTIONS, statementLimitMs: STATEMENT_LIMIT_MS, lockLimitMs: LOCK_LIMIT_MS };
  const noLimits = { connections: 1, statementLimitMs: null, lockLimitMs: null };
  return {
    location,
    capabilities: { rowLocks: true, shared: true, maxParameters: 65_000 },
    ddl: postgresDdl,
    dialect: new PostgresDialect({ pool: postgresPool(url, limits, log) }),
    // A node that starts while another one migrates waits for it.
    migrationDialect: () => new PostgresDialect({ pool: postgresPool(url, noLimits, log) }),
    snapshotDialect: () => new PostgresDialect({ pool: postgresPool(url, noLimits, log) }),
    numbers: postgresNumbers,
    check: async (db) => {
      const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db);
      if (rows[0]?.server_encoding === 'UTF8') return;
      throw new RecordsError(
        'unavailable',
        `${location} must have the encoding UTF8 (create database … encoding 'UTF8')`,
      );
    },
    size: async (db) => {
      const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db);
      // Free space inside of tables is not known without reading them.
      return { bytes: rows[0]?.bytes ?? 0, reusableBytes: 0 };
    },
  };
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
}
