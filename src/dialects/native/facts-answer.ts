import type { Outcome } from '../../ingest/batch.ts';
import { renderRowProblem } from './problems.ts';
import { MAX_LISTED, type CollectedRows } from './rows/collect-rows.ts';
import type { FactsAnswer, RejectedRow } from './wire.ts';

/** What became of the rows of a request. */
export function factsAnswer(rows: CollectedRows, outcomes: readonly Outcome[]): FactsAnswer {
  let accepted = 0;
  let duplicate = 0;
  const rejectedLater: RejectedRow[] = [];
  outcomes.forEach((outcome, position) => {
    if (outcome.kind === 'accepted') accepted += 1;
    else if (outcome.kind === 'duplicate') duplicate += 1;
    else rejectedLater.push({ index: rows.indexes[position] ?? -1, ...renderRowProblem(outcome.problem) });
  });
  const total = rows.refused.length + rejectedLater.length;
  const rejected =
    rejectedLater.length === 0
      ? rows.rejected
      : [...rows.rejected, ...rejectedLater].sort((a, b) => a.index - b.index).slice(0, MAX_LISTED);
  return {
    accepted,
    duplicate,
    rejected: [...rejected],
    ...(total > rejected.length ? { rejected_total: total } : {}),
  };
}

/** The same request again is told the first answer, with every row that was not rejected as a duplicate (design 7). */
export function repeatAnswer(first: FactsAnswer): FactsAnswer {
  return { ...first, accepted: 0, duplicate: first.accepted + first.duplicate };
}

/** 422 when every row was rejected, and there was one. */
export function statusOf({ accepted, duplicate, rejected }: FactsAnswer): 200 | 422 {
  return accepted + duplicate === 0 && rejected.length > 0 ? 422 : 200;
}
