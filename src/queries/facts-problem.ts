import type { Problem } from '../domain/problem.ts';
import { FactsError } from '../store/facts/facts-error.ts';

/** What a caller is told when the facts store fails; null for bugs and for what the caller itself aborted. */
export function factsProblem(error: unknown): Problem | null {
  if (!(error instanceof FactsError)) return null;
  switch (error.kind) {
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
