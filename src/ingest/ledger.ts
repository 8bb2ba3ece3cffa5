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
  readonly #counts = new Map<string, Count>();
  readonly #minute: EpochMs;
  #last: Count | null = null;

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
    const { outcomes } = this.#of(source, organization, stream);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
  }

  /** In a fixed order, so that two nodes that add to the same rows cannot lock each other out. */
  rows(): LedgerRow[] {
    const rows = [...this.#counts.values()].flatMap(({ source, organization, stream, outcomes }) =>
      [...outcomes].map(([outcome, count]): LedgerRow => {
        return { minute: this.#minute, organization, source, stream: stream ?? '', outcome, count };
      }),
    );
    return rows.sort(
      (a, b) =>
        a.organization - b.organization ||
        inOrder(a.source, b.source) ||
        inOrder(a.stream, b.stream) ||
        inOrder(a.outcome, b.outcome),
    );
  }

  /** Entries of one request, and often those of the next, are counted in one place. */
  #of(source: string, organization: OrganizationId, stream: StreamName | null): Count {
    const last = this.#last;
    if (last?.organization === organization && last.stream === stream && last.source === source) return last;
    const key = `${organization} ${source} ${stream ?? ''}`;
    let count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, (count = { source, organization, stream, outcomes: new Map() }));
    this.#last = count;
    return count;
  }
}

interface Count {
  readonly source: string;
  readonly organization: OrganizationId;
  readonly stream: StreamName | null;
  readonly outcomes: Map<LedgerOutcome, number>;
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
