import type { ColumnType, Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { JsonText } from './column-types.ts';

export interface ClaimsTables {
  claims: ClaimsTable;
}

/** Idempotency keys that were seen: of rows with an id, of whole requests, of jobs that must run once. */
export interface ClaimsTable {
  /** A digest of the caller's key and what it is unique within; short and of fixed size, because the index is hot. */
  key: string;
  /** Digest of the request's body; another body under the same key is a mismatch. Null where only the key counts. */
  fingerprint: string | null;
  /** What was answered, to be repeated. */
  answer: JsonText | null;
  state: Generated<'done' | 'pending'>;
  at: EpochMs;
  /** From then on the row may be deleted; null keeps it for ever. */
  expires_at: ColumnType<EpochMs | null, EpochMs | null | undefined>;
}
