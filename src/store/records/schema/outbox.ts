import type { Generated } from 'kysely';
import type { EpochMs } from '../../../domain/time/instant.ts';

export interface OutboxTables {
  outbox: OutboxTable;
  outbox_batches: OutboxBatchesTable;
}

/** Acknowledged rows on their way into the facts store, many rows to a record. */
export interface OutboxTable {
  /** Never given twice. On a shared store a higher number may be committed before a lower one. */
  seq: Generated<number>;
  stream: string;
  rows: number;
  bytes: number;
  /** JSONEachRow lines, each ended by a newline. */
  payload: string;
  /** Token of the batch the record travels in, fixed before the insert; null while it waits. */
  batch: string | null;
  committed_at: EpochMs;
}

/** An insert into the facts store that may have begun. */
export interface OutboxBatchesTable {
  token: string;
  stream: string;
  rows: number;
  /** The node that carries it. */
  owner: string;
  /** From then on another node may take it over, under the same token. */
  lease_until: EpochMs;
  created_at: EpochMs;
}
