/**
 * What can go wrong in the records store, whichever engine keeps it:
 * - `unique`, `foreign_key`, `constraint`: the rows refuse the change;
 * - `invalid_value`: a value no column of that type can hold (out of range, U+0000 in text);
 * - `conflict`: another transaction was in the way, nothing happened, the same again may succeed;
 * - `busy`: somebody held a lock for longer than we wait;
 * - `full`: no space left; - `unavailable`: no connection, no file, read-only;
 * - `corrupt`: the file or a page of it is damaged; - `other`: a bug of ours, most likely.
 */
export type RecordsErrorKind =
  | 'unique'
  | 'foreign_key'
  | 'constraint'
  | 'invalid_value'
  | 'conflict'
  | 'busy'
  | 'full'
  | 'unavailable'
  | 'corrupt'
  | 'other';

/** The only error the records store throws. `cause` is the driver's own error. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError';
  readonly kind: RecordsErrorKind;

  constructor(kind: RecordsErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** `null` for an error that did not come from the records store. */
export function recordsErrorKind(error: unknown): RecordsErrorKind | null {
  return error instanceof RecordsError ? error.kind : null;
}

export function isUniqueViolation(error: unknown): boolean {
  return recordsErrorKind(error) === 'unique';
}

/** For transactions that go on, or end well, after one of their statements failed. */
export function statementFailed(): RecordsError {
  return new RecordsError('other', 'a statement of this transaction has failed: it can only be rolled back');
}
