import type { Problem } from '../domain/problem.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { StreamName } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Batch, Entry, Guard, Outcome, Receipt } from './batch.ts';
import type { Fact } from './fact.ts';
import type { LedgerTally } from './ledger.ts';
import type { BulkBatch } from './packed-rows.ts';

/** While another node finishes the same request. */
const RETRY_AFTER_MS = 1_000;

/** Counts one entry with its outcome and the facts it led to. */
export function countEntry(
  batch: Batch,
  entry: Entry,
  outcome: Outcome,
  facts: readonly Fact[],
  ledger: LedgerTally,
): void {
  const { organization, stream } = entry;
  ledger.add(batch.source, organization, stream, 'received');
  const name = outcome.kind === 'rejected' ? rejection(outcome.problem) : outcome.kind;
  ledger.add(batch.source, organization, stream, name);
  const [only] = facts;
  if (facts.length === 1 && only !== undefined) {
    ledger.add(batch.source, organization, only.stream, 'rows');
    return;
  }
  const rows = new Map<StreamName, number>();
  for (const fact of facts) rows.set(fact.stream, (rows.get(fact.stream) ?? 0) + 1);
  for (const [factStream, count] of rows) ledger.add(batch.source, organization, factStream, 'rows', count);
}

/** Counts the rows of a batch that went straight to the facts, or had done so before. */
export function countRows({ source, rows }: BulkBatch, outcome: 'accepted' | 'duplicate', ledger: LedgerTally): void {
  for (const run of rows.runs) {
    ledger.add(source, run.organization, rows.stream, 'received', run.rows);
    ledger.add(source, run.organization, rows.stream, outcome, run.rows);
    if (outcome === 'accepted') ledger.add(source, run.organization, rows.stream, 'rows', run.rows);
  }
}

export function countRefusals(batch: Pick<Batch, 'source' | 'refused'>, ledger: LedgerTally): void {
  for (const { organization, stream, problem } of batch.refused ?? []) {
    ledger.add(batch.source, organization, stream, 'received');
    ledger.add(batch.source, organization, stream, rejection(problem));
  }
}

interface EarlierRequest {
  readonly fingerprint: string | null;
  readonly answer: string | null;
}

/** The answer that a request under the same key got, for a repeat of it. */
export function firstAnswer(guard: Guard, earlier: EarlierRequest): Result<string> {
  if (earlier.fingerprint !== guard.fingerprint) return fail({ kind: 'idempotency_mismatch', key: guard.key });
  if (earlier.answer === null) return fail({ kind: 'overloaded', retryAfterMs: RETRY_AFTER_MS });
  return ok(earlier.answer);
}

/** The result of a request whose guard was seen before: the first answer again, all entries counted as duplicates. */
export function repeatOf(
  batch: Batch,
  guard: Guard,
  earlier: EarlierRequest,
  at: EpochMs,
  ledger: LedgerTally,
): Result<Receipt> {
  const first = firstAnswer(guard, earlier);
  if (!first.ok) return first;
  countRefusals(batch, ledger);
  for (const { organization, stream } of batch.entries) {
    ledger.add(batch.source, organization, stream, 'received');
    ledger.add(batch.source, organization, stream, 'duplicate');
  }
  return ok({ outcomes: [], repeated: first.value, committedAt: at });
}

function rejection(problem: Problem): `rejected:${string}` {
  return `rejected:${problem.kind}`;
}
