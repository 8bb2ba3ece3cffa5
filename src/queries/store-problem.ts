import type { Problem } from '../domain/problem.ts';
import { FactsError } from '../store/facts/facts-error.ts';
import { RecordsError } from '../store/records/records-error.ts';

/**
 * What a caller is told when a store fails: the facts store, or the records store that knows which rows are still on
 * their way to it. Null for bugs and for what the caller itself aborted.
 */
export function storeProblem(error: unknown): Problem | null {
  if (error instanceof FactsError) return factsProblem(error);
  if (error instanceof RecordsError) return error.problem;
  return null;
}

function factsProblem({ kind }: FactsError): Problem | null {
  switch (kind) {
    case 'memory':
      return { kind: 'query_limit', limit: 'memory' };
    case 'timeout':
      return { kind: 'query_limit', limit: 'time' };
    case 'too_many_rows':
      return { kind: 'query_limit', limit: 'rows' };
    case 'overloaded':
      return { kind: 'overloaded', retryAfterMs: 1_000 };
    case 'unavailable':
    case 'disk_full':
      return { kind: 'facts_unavailable' };
    case 'aborted':
    case 'rejected':
      return null;
  }
}
