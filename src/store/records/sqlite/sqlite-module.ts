import type { Bindable } from '../parameters.ts';

/** The part of `node:sqlite` that is used, which `@photostructure/sqlite` has too. */
export interface SqliteModule {
  readonly DatabaseSync: new (path: string, options: { readonly timeout: number }) => SqliteDatabase;
}

export interface SqliteDatabase {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  /** One entry for each column of the result; none when the statement returns no rows. */
  columns(): readonly unknown[];
  all(...parameters: Bindable[]): unknown[];
  run(...parameters: Bindable[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
}

/**
 * SQLite as the runtime brings it, else as the package brings it, which is built from the same source for Node 20.
 * This is the only place that knows either.
 */
export async function loadSqlite(): Promise<SqliteModule> {
  const builtIn = withoutSqliteWarning(() => process.getBuiltinModule('node:sqlite') as SqliteModule | undefined);
  return builtIn ?? (await import('@photostructure/sqlite'));
}

/** Node 22 calls the module experimental, on stderr, at every start. Other warnings pass. */
function withoutSqliteWarning<T>(load: () => T): T {
  const shown = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  const emit = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes('SQLite is an experimental feature')) return;
    Reflect.apply(emit, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    if (shown !== undefined) Object.defineProperty(process, 'emitWarning', shown);
  }
}
