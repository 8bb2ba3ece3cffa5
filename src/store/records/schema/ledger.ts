import type { EpochMs } from '../../../domain/time/instant.ts';

export interface LedgerTables {
  ledger: LedgerTable;
}

/**
 * What became of every row received, counted in the transaction that decided it: received = accepted + duplicate +
 * the rejections, per minute, organization, source and stream. Operators balance it against the facts.
 */
export interface LedgerTable {
  /** Start of the minute. */
  minute: EpochMs;
  /** 0 where the organization is not known. No reference: counts outlive the organization. */
  organization: number;
  source: string;
  stream: string;
  /** `received`, `accepted`, `duplicate` or `rejected:<reason>`. */
  outcome: string;
  count: number;
}
