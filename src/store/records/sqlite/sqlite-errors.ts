import { RecordsError, type RecordsErrorKind } from '../records-error.ts';

/** Result codes of SQLite (sqlite.org/rescode.html): the extended ones that matter, then the primary ones. */
const KIND_OF_CODE: ReadonlyMap<number, RecordsErrorKind> = new Map([
  [2067, 'unique'], // CONSTRAINT_UNIQUE
  [1555, 'unique'], // CONSTRAINT_PRIMARYKEY
  [2579, 'unique'], // CONSTRAINT_ROWID
  [787, 'foreign_key'], // CONSTRAINT_FOREIGNKEY
  [3091, 'invalid_value'], // CONSTRAINT_DATATYPE
  [5, 'busy'], // BUSY
  [6, 'busy'], // LOCKED
  [8, 'unavailable'], // READONLY
  [10, 'unavailable'], // IOERR
  [11, 'corrupt'], // CORRUPT
  [13, 'full'], // FULL
  [14, 'unavailable'], // CANTOPEN
  [18, 'invalid_value'], // TOOBIG
  [19, 'constraint'], // CONSTRAINT
  [20, 'invalid_value'], // MISMATCH
  [23, 'unavailable'], // AUTH
  [26, 'corrupt'], // NOTADB
]);

/** @photostructure/sqlite gives no code for errors of statements that return rows; SQLite's own wording is stable. */
const CODE_OF_MESSAGE: readonly (readonly [prefix: string, code: number])[] = [
  ['UNIQUE constraint failed', 2067],
  ['FOREIGN KEY constraint failed', 787],
  ['NOT NULL constraint failed', 19],
  ['CHECK constraint failed', 19],
  ['cannot store', 3091],
  ['datatype mismatch', 20],
  ['string or blob too big', 18],
  ['database is locked', 5],
  ['database table is locked', 6],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', 11],
  ['database or disk is full', 13],
  ['unable to open database file', 14],
];

export function sqliteError(error: unknown): RecordsError {
  if (error instanceof RecordsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RecordsError(kindOf(error, message), message, { cause: error });
}

function kindOf(error: unknown, message: string): RecordsErrorKind {
  // The driver's own refusals: a value that cannot be bound, an integer that a number cannot hold.
  if (error instanceof TypeError || error instanceof RangeError) return 'invalid_value';
  if (message.startsWith('Value is too large')) return 'invalid_value';
  if (message.startsWith('database is not open')) return 'unavailable';
  const code = errorCode(error) ?? CODE_OF_MESSAGE.find(([prefix]) => message.startsWith(prefix))?.[1];
  if (code === undefined) return 'other';
  return KIND_OF_CODE.get(code) ?? KIND_OF_CODE.get(code & 0xff) ?? 'other';
}

function errorCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}
