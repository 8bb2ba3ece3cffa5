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
  /** Throws what an operator has to repair before the store can be used. */
  check(db: Kysely<RecordsSchema>): Promise<void>;
  size(db: Kysely<RecordsSchema>): Promise<{ readonly bytes: number; readonly reusableBytes: number }>;
}
