import type { Dialect, Kysely } from 'kysely';
import type { Ddl } from './ddl.ts';
import type { RecordsCapabilities } from './records.ts';
import type { RecordsSchema } from './schema/index.ts';

/** What an engine brings. Whatever differs between engines is behind this; nothing else compares them. */
export interface Engine {
  /** For messages: where the store is, without credentials. */
  readonly location: string;
  readonly capabilities: RecordsCapabilities;
  readonly ddl: Ddl;
  readonly dialect: Dialect;
  /** Where statements of migrations may take longer than others, connections of their own. */
  readonly migrationDialect: (() => Dialect) | null;
  /** For one transaction that reads for long, on a connection of its own, beside everything else. */
  readonly snapshotDialect: () => Dialect;
  /** Numbers that a column gives by itself. */
  readonly numbers: Numbers;
  /** Throws what an operator has to repair before the store can be used. */
  check(db: Kysely<RecordsSchema>): Promise<void>;
  size(db: Kysely<RecordsSchema>): Promise<{ readonly bytes: number; readonly reusableBytes: number }>;
}

export interface Numbers {
  /** The highest one given so far, whether or not its row is still there; 0 before the first. */
  last(db: Kysely<RecordsSchema>, table: string, column: string): Promise<number>;
  /** From now on only higher ones than `number` are given. */
  raise(db: Kysely<RecordsSchema>, table: string, column: string, number: number): Promise<void>;
}
