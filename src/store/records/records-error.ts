import { OutageError, type Problem } from '../../domain/problem.ts';

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
export class RecordsError extends OutageError {
  override readonly name = 'RecordsError';
  readonly kind: RecordsErrorKind;

  constructor(kind: RecordsErrorKind, message: string, options?: ErrorOptions) {
    super(outageOf(kind), message, options);
    this.kind = kind;
  }
}

/** How long a caller is asked to wait: a full disk takes an operator, other transactions take a moment. */
const FULL_RETRY_MS = 5_000;
const CONFLICT_RETRY_MS = 1_000;

function outageOf(kind: RecordsErrorKind): Problem | null {
  switch (kind) {
    case 'busy':
    case 'unavailable':
      return { kind: 'records_unavailable' };
    case 'full':
      return { kind: 'overloaded', retryAfterMs: FULL_RETRY_MS };
    case 'conflict':
      return { kind: 'overloaded', retryAfterMs: CONFLICT_RETRY_MS };
    default:
      return null;
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
