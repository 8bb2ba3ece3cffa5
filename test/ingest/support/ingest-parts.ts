import { organizationId, type OrganizationId } from '../../../src/domain/scope.ts';
import { systemClock } from '../../../src/domain/time/clock.ts';
import { parseRfc3339 } from '../../../src/domain/time/rfc3339.ts';
import type { Batch, Entry, Receipt } from '../../../src/ingest/batch.ts';
import { fact, type Fact } from '../../../src/ingest/fact.ts';
import { GroupCommit } from '../../../src/ingest/group-commit.ts';
import type { IngestObserver } from '../../../src/ingest/observer.ts';
import { OutboxBudget } from '../../../src/ingest/outbox-budget.ts';
import { PackedRows } from '../../../src/ingest/packed-rows.ts';
import type { Result } from '../../../src/domain/result.ts';
import type { Records } from '../../../src/store/records/records.ts';

export const NORTH: OrganizationId = organizationId(1);

/** Keeps what it is told, for tests to look at. */
export class RecordingObserver implements IngestObserver {
  readonly groups: number[] = [];
  readonly quarantinedRows: number[] = [];
  readonly failures: unknown[] = [];
  readonly loads: { stream: string; rows: number }[] = [];

  committed(group: { batches: number }): void {
    this.groups.push(group.batches);
  }
  commitFailed(error: unknown): void {
    this.failures.push(error);
  }
  loaded({ stream, rows }: { stream: string; rows: number }): void {
    this.loads.push({ stream, rows });
  }
  loadFailed(_stream: string, error: unknown): void {
    this.failures.push(error);
  }
  quarantined(_stream: string, rows: number): void {
    this.quarantinedRows.push(rows);
  }
}

export function groupCommit(
  records: Records,
  parts: { limitBytes?: number; observer?: IngestObserver } = {},
): GroupCommit {
  return new GroupCommit({
    records,
    clock: systemClock,
    budget: new OutboxBudget(parts.limitBytes ?? 1e9),
    observer: parts.observer ?? new RecordingObserver(),
  });
}

function visit(count: number): Fact {
  const time = parseRfc3339('2026-03-01T10:00:00Z');
  if (time === null) throw new Error('not a time');
  return fact('visits', NORTH, time, { array: '1AMDK', count });
}

export function entry(count: number, claim?: string): Entry {
  return { organization: NORTH, stream: 'visits', facts: [visit(count)], ...(claim === undefined ? {} : { claim }) };
}

export function batch(...entries: Entry[]): Batch {
  return { source: 'test', entries };
}

/** So many rows that nothing decides about. */
export function packed(rows: number): PackedRows {
  const packing = new PackedRows('visits');
  for (let row = 0; row < rows; row += 1) packing.add(entry(1));
  return packing;
}

export function receiptOf(result: Result<Receipt>): Receipt {
  if (!result.ok) throw new Error(`expected a receipt, got ${JSON.stringify(result.problem)}`);
  return result.value;
}

export function outcomesOf(result: Result<Receipt>): string[] {
  return receiptOf(result).outcomes.map(({ kind }) => kind);
}

/** Counts of the `count` column of all rows in the outbox, in order. */
export async function outboxCounts(records: Records): Promise<number[]> {
  const rows = await records.db.selectFrom('outbox').select('payload').orderBy('seq').execute();
  return rows.flatMap(({ payload }) =>
    payload
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { count: number }).count),
  );
}

/** The ledger as `outcome: count`, summed over minutes. */
export async function ledgerOf(records: Records): Promise<Record<string, number>> {
  const rows = await records.db.selectFrom('ledger').select(['outcome', 'count']).execute();
  const sums: Record<string, number> = {};
  for (const { outcome, count } of rows) sums[outcome] = (sums[outcome] ?? 0) + count;
  return sums;
}
