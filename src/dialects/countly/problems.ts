import type { Problem, ProblemKind, ProblemOf } from '../../domain/problem.ts';

/** A refusal: the status, and the text of `{"result":"<text>"}` (contract 1.7). */
export interface Refusal {
  readonly status: number;
  readonly result: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Refusals = { readonly [K in ProblemKind]: (problem: ProblemOf<K>) => Refusal };

/** Every problem as this dialect tells it. SDKs repeat whatever is not a 2xx, so an outage is a 500 (contract 1.9). */
const refusals = {
  malformed_body: () => ({ status: 400, result: 'Invalid request body' }),
  body_too_large: () => ({ status: 413, result: 'Request too large' }),
  unsupported_media_type: () => ({ status: 400, result: 'Invalid request body' }),
  missing_field: ({ field }) => ({ status: 400, result: `Missing parameter "${field}"` }),
  unknown_field: ({ field }) => ({ status: 400, result: `Invalid parameter "${field}"` }),
  invalid_field: ({ field }) => ({ status: 400, result: `Invalid parameter "${field}"` }),
  not_authenticated: ({ reason }) =>
    reason === 'missing'
      ? { status: 400, result: 'Missing parameter "api_key" or "auth_token"' }
      : { status: 401, result: 'User does not exist' },
  second_factor_required: () => ({ status: 401, result: 'User does not exist' }),
  locked_out: () => ({ status: 401, result: 'User does not exist' }),
  not_permitted: () => ({ status: 401, result: 'User does not have view right for this application' }),
  not_found: ({ what }) => ({
    status: what === 'app' ? 401 : 400,
    result: `${what.charAt(0).toUpperCase()}${what.slice(1)} does not exist`,
  }),
  conflict: ({ what }) => ({ status: 400, result: `The ${what} cannot be changed` }),
  idempotency_mismatch: () => ({ status: 400, result: 'Invalid request body' }),
  too_many_buckets: ({ field }) => ({ status: 400, result: `Invalid parameter "${field}"` }),
  rate_limited: ({ retryAfterMs }) => later(429, retryAfterMs),
  overloaded: ({ retryAfterMs }) => later(500, retryAfterMs),
  query_limit: () => ({ status: 500, result: 'Failure' }),
  facts_unavailable: () => ({ status: 500, result: 'Failure' }),
  records_unavailable: () => ({ status: 500, result: 'Failure' }),
} satisfies Refusals;

export function refusalOf(problem: Problem): Refusal {
  const render = refusals[problem.kind] as (problem: Problem) => Refusal;
  return render(problem);
}

export const INTERNAL: Refusal = { status: 500, result: 'Failure' };

function later(status: number, afterMs: number): Refusal {
  return { status, result: 'Failure', headers: { 'retry-after': String(Math.max(1, Math.ceil(afterMs / 1000))) } };
}
