import { RecordsError, type RecordsErrorKind } from '../records-error.ts';

/** SQLSTATEs (PostgreSQL documentation, appendix A), and classes of them by their first two characters. */
const KIND_OF_STATE: ReadonlyMap<string, RecordsErrorKind> = new Map([
  ['23505', 'unique'], // unique_violation
  ['23503', 'foreign_key'], // foreign_key_violation
  ['23', 'constraint'],
  ['22', 'invalid_value'],
  ['40001', 'conflict'], // serialization_failure
  ['40P01', 'conflict'], // deadlock_detected
  ['55P03', 'busy'], // lock_not_available
  ['57014', 'busy'], // query_canceled: our own time limit
  ['53100', 'full'], // disk_full
  ['53', 'unavailable'], // insufficient_resources
  ['08', 'unavailable'], // connection_exception
  ['57', 'unavailable'], // operator_intervention: shutdown, restart
  ['25006', 'unavailable'], // read_only_sql_transaction: a replica
  ['25P03', 'unavailable'], // idle_in_transaction_session_timeout
  ['28', 'unavailable'], // invalid_authorization_specification
  ['3D000', 'unavailable'], // invalid_catalog_name: no such database
  ['58', 'unavailable'], // system_error
  ['XX001', 'corrupt'], // data_corrupted
  ['XX002', 'corrupt'], // index_corrupted
]);

export function postgresError(error: unknown): RecordsError {
  if (error instanceof RecordsError) return error;
  const message = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : messageOf(error);
  return new RecordsError(kindOf(error), message, { cause: error });
}

function kindOf(error: unknown): RecordsErrorKind {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // A five-character code is the server's. Whatever else the driver reports is the way to it: no address, reset, late.
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && error instanceof Error && 'severity' in error) {
    return KIND_OF_STATE.get(code) ?? KIND_OF_STATE.get(code.slice(0, 2)) ?? 'other';
  }
  return error instanceof TypeError || error instanceof RangeError ? 'invalid_value' : 'unavailable';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
