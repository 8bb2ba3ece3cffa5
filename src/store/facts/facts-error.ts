/**
 * The one place that understands what drivers and engine say. `kind` is what callers decide by; `code` is the engine's
 * number when it gave one.
 */
export type FactsErrorKind =
  /** Over the query's memory limit, or the engine is out of memory. */
  | 'memory'
  /** Over the query's time limit, or no answer in time. */
  | 'timeout'
  /** Over the query's row limit. */
  | 'too_many_rows'
  /** The engine cannot be reached or is starting or stopping; the same call may succeed later. */
  | 'unavailable'
  /** Too many calls wait, or the engine says that it has too much to do; the same call may succeed soon. */
  | 'overloaded'
  | 'disk_full'
  /** Stopped by the caller's signal. */
  | 'aborted'
  /** The data or statement was refused and will be refused again. */
  | 'rejected';

export class FactsError extends Error {
  override readonly name = 'FactsError';
  readonly kind: FactsErrorKind;
  /** ClickHouse's error code (https://clickhouse.com/docs: ErrorCodes), or null when the engine gave none. */
  readonly code: number | null;
  /** The store is embedded and open in another process; nothing is wrong with it. */
  readonly inUse: boolean;

  constructor(
    kind: FactsErrorKind,
    message: string,
    options: { code?: number | null; inUse?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = options.code ?? null;
    this.inUse = options.inUse ?? false;
  }
}
