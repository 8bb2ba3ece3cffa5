import { FactsError, type FactsErrorKind } from './facts-error.ts';

/** ClickHouse's codes (src/Common/ErrorCodes.cpp) that mean something to a caller. */
const KINDS = new Map<number, FactsErrorKind>([
  [158, 'too_many_rows'], // TOO_MANY_ROWS
  [396, 'too_many_rows'], // TOO_MANY_ROWS_OR_BYTES
  [241, 'memory'], // MEMORY_LIMIT_EXCEEDED
  [173, 'memory'], // CANNOT_ALLOCATE_MEMORY
  [159, 'timeout'], // TIMEOUT_EXCEEDED
  [160, 'timeout'], // TOO_SLOW
  [394, 'aborted'], // QUERY_WAS_CANCELLED
  [734, 'aborted'], // QUERY_WAS_CANCELLED_BY_CLIENT
  [243, 'disk_full'], // NOT_ENOUGH_SPACE
  [202, 'overloaded'], // TOO_MANY_SIMULTANEOUS_QUERIES
  [203, 'overloaded'], // NO_FREE_CONNECTION
  [252, 'overloaded'], // TOO_MANY_PARTS
  [745, 'overloaded'], // SERVER_OVERLOADED
  // What is wrong here is the store or the way to it, not the statement: an operator repairs it.
  [60, 'unavailable'], // UNKNOWN_TABLE
  [74, 'unavailable'], // CANNOT_READ_FROM_FILE_DESCRIPTOR
  [75, 'unavailable'], // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  [76, 'unavailable'], // CANNOT_OPEN_FILE
  [81, 'unavailable'], // UNKNOWN_DATABASE
  [192, 'unavailable'], // UNKNOWN_USER
  [193, 'unavailable'], // WRONG_PASSWORD
  [209, 'unavailable'], // SOCKET_TIMEOUT
  [210, 'unavailable'], // NETWORK_ERROR
  [225, 'unavailable'], // NO_ZOOKEEPER
  [236, 'unavailable'], // ABORTED
  [242, 'unavailable'], // TABLE_IS_READ_ONLY
  [279, 'unavailable'], // ALL_CONNECTION_TRIES_FAILED
  [497, 'unavailable'], // ACCESS_DENIED
  [516, 'unavailable'], // AUTHENTICATION_FAILED
  [999, 'unavailable'], // KEEPER_EXCEPTION
  [1000, 'unavailable'], // POCO_EXCEPTION
]);

/** Codes that say: this row cannot be read, today and tomorrow. */
const BAD_ROWS: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  16, // NO_SUCH_COLUMN_IN_TABLE
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  33, // CANNOT_READ_ALL_DATA
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  131, // TOO_LARGE_STRING_SIZE
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  407, // DECIMAL_OVERFLOW
  467, // CANNOT_PARSE_BOOL
  675, // CANNOT_PARSE_IPV4
]);

/** The system's own words for a full disk, which the engine passes on under several codes. */
const DISK_FULL = /No space left on device|ENOSPC|errno: 28\b|Disk quota exceeded/;
const CODE = /\bCode: (\d+)\b/;

/**
 * What a driver threw, in our terms; a `FactsError` stays as it is. Rows on their way in are given up (`rejected`) only
 * for a code that blames the row: for an unknown one they wait, because what waits is not lost.
 */
export function factsError(error: unknown, doing: 'read' | 'insert'): FactsError {
  if (error instanceof FactsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error, message);
  return new FactsError(kindOf(code, message, doing), message === '' ? 'no answer' : message, { code, cause: error });
}

function kindOf(code: number | null, message: string, doing: 'read' | 'insert'): FactsErrorKind {
  if (DISK_FULL.test(message)) return 'disk_full';
  if (message === 'Timeout error.') return 'timeout';
  // Without a code it never reached the engine, or the answer is not the engine's: the network, a proxy, a restart.
  if (code === null) return 'unavailable';
  const kind = KINDS.get(code);
  if (kind !== undefined) return kind;
  return doing === 'read' || BAD_ROWS.has(code) ? 'rejected' : 'unavailable';
}

/** The client puts the engine's code into `code`; Node puts its own words there, which are no digits. */
function codeOf(error: unknown, message: string): number | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^\d+$/.test(error.code)) {
    return Number(error.code);
  }
  const found = CODE.exec(message)?.[1];
  return found === undefined ? null : Number(found);
}
