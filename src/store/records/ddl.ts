import { sql, type CreateTableBuilder, type Kysely } from 'kysely';

type ColumnType = Parameters<CreateTableBuilder<string>['addColumn']>[1];

/**
 * The column types of migrations. Rows must look the same from every engine: text is compared by its bytes, truth is
 * a small integer, instants and counts are 64 bits wide. A migration writes no type and no table option of its own.
 */
export interface Ddl {
  readonly text: ColumnType;
  readonly flag: ColumnType;
  readonly integer: ColumnType;
  readonly real: ColumnType;
  /**
   * `createTable` with what every table needs here. `clustered` keeps small rows in the primary key's own tree where
   * the engine can, which saves a second tree.
   */
  table<Name extends string>(
    db: Kysely<unknown>,
    name: Name,
    options?: { readonly clustered?: boolean },
  ): CreateTableBuilder<Name>;
  /** `table` with an integer primary key that is given by the engine and never given twice. */
  numberedTable<Name extends string>(db: Kysely<unknown>, name: Name, key: string): CreateTableBuilder<Name, string>;
}

export const sqliteDdl: Ddl = {
  text: 'text',
  flag: 'integer',
  integer: 'integer',
  real: 'real',
  table: (db, name, options) =>
    db.schema.createTable(name).modifyEnd(options?.clustered === true ? sql`strict, without rowid` : sql`strict`),
  numberedTable: (db, name, key) =>
    db.schema
      .createTable(name)
      .modifyEnd(sql`strict`)
      .addColumn(key, 'integer', (column) => column.notNull().primaryKey().autoIncrement()),
};

export const postgresDdl: Ddl = {
  text: sql`text collate "C"`,
  flag: 'smallint',
  integer: 'bigint',
  real: 'double precision',
  table: (db, name) => db.schema.createTable(name),
  numberedTable: (db, name, key) =>
    db.schema
      .createTable(name)
      // "by default" and not "always": a restore brings its own numbers.
      .addColumn(key, 'bigint', (column) => column.generatedByDefaultAsIdentity().primaryKey()),
};
