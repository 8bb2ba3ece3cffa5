import type { OrganizationId } from '../domain/scope.ts';
import type { StreamName } from '../domain/streams/index.ts';
import { MINUTE_MS } from '../domain/time/durations.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';

/** What happened to an entry. `received` counts every entry, so received = accepted + duplicate + all rejected. */
export type LedgerOutcome = 'received' | 'accepted' | 'duplicate' | `rejected:${string}` | 'rows';

export interface LedgerRow {
  /** Start of the minute. */
  readonly minute: EpochMs;
  readonly organization: number;
  readonly source: string;
  readonly stream: string;
  readonly outcome: string;
  readonly count: number;
}

/**
 * Counts of one group commit, per source, organization, stream and minute, written in the same transaction as what
 * they count. `rows` counts the facts appended to the outbox or inserted directly: the sum that the facts store has
 * to hold (`tallyhouse doctor`).
 */
export class LedgerTally {
  readonly #counts = new Map<string, { row: Omit<LedgerRow, 'count'>; count: number }>();
  readonly #minute: EpochMs;

  constructor(at: EpochMs) {
    this.#minute = epochMs(Math.floor(at / MINUTE_MS) * MINUTE_MS);
  }

  add(
    source: string,
    organization: OrganizationId,
    stream: StreamName | null,
    outcome: LedgerOutcome,
    count = 1,
  ): void {
    if (count === 0) return;
    const key = `${organization} ${source} ${stream ?? ''} ${outcome}`;
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    const row = { minute: this.#minute, organization, source, stream: stream ?? '', outcome };
    this.#counts.set(key, { row, count });
  }

  /** In a fixed order, so that two nodes that add to the same rows cannot lock each other out. */
  rows(): LedgerRow[] {
    return [...this.#counts.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { row, count }]) => ({ ...row, count }));
  }
}
