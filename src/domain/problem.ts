import type { EpochMs } from './time/instant.ts';

/**
 * Every named failure of the product. A problem carries data, never an HTTP status and never a sentence for the wire:
 * each dialect owns one total table from `kind` to its own form (`problems.ts` in its folder).
 *
 * `field` is the path of the offending value as the caller wrote it, e.g. `time`, `params.last`, `measures[1]`.
 */
export type Problem =
  | { readonly kind: 'malformed_body'; readonly reason: string }
  | { readonly kind: 'body_too_large'; readonly limitBytes: number; readonly limitRows?: number }
  | { readonly kind: 'unsupported_media_type'; readonly mediaType: string }
  | { readonly kind: 'missing_field'; readonly field: string }
  | { readonly kind: 'unknown_field'; readonly field: string }
  | { readonly kind: 'invalid_field'; readonly field: string; readonly reason: string }
  | { readonly kind: 'not_authenticated'; readonly reason: 'missing' | 'invalid' | 'expired' | 'rejected' }
  | { readonly kind: 'second_factor_required' }
  | { readonly kind: 'locked_out'; readonly until: EpochMs }
  | { readonly kind: 'not_permitted'; readonly needs: string }
  | { readonly kind: 'not_found'; readonly what: string; readonly key: string }
  | { readonly kind: 'conflict'; readonly what: string; readonly reason: string }
  | { readonly kind: 'idempotency_mismatch'; readonly key: string }
  | { readonly kind: 'too_many_buckets'; readonly field: string; readonly limit: number }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number }
  | { readonly kind: 'query_limit'; readonly limit: 'time' | 'memory' | 'rows' }
  | { readonly kind: 'facts_unavailable' }
  | { readonly kind: 'records_unavailable' };

export type ProblemKind = Problem['kind'];
export type ProblemOf<K extends ProblemKind> = Extract<Problem, { kind: K }>;

/** Carries a problem through code that cannot return one (a transaction that has to roll back, a stream). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.kind}: ${JSON.stringify(problem)}`, options);
    this.problem = problem;
  }
}

/**
 * What a store throws. `problem` is what to tell whoever asked when the store itself is at fault, away or full, in
 * whatever place it was asked; null when the mistake is ours.
 */
export abstract class OutageError extends Error {
  readonly problem: Problem | null;

  constructor(problem: Problem | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
