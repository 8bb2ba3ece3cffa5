import type { Problem, ProblemKind, ProblemOf } from '../../domain/problem.ts';

/** How a problem is told, whatever the format of the answer: each part of the dialect writes it its own way. */
export interface Refusal {
  readonly status: number;
  /** Of `/transactions` (contract 5.4); the other parts have no codes. */
  readonly code: string;
  /** Null where the answer has no words (contract 2.3: an object that is not there). */
  readonly message: string | null;
  /** Seconds after which the request may be sent again. */
  readonly retryAfter?: number;
}

type Refusals = { readonly [K in ProblemKind]: (problem: ProblemOf<K>) => Refusal };

const TRY_LATER_S = 5;

/** Every problem in this dialect's words. There is no 401 here (contract 2.3). */
const refusals = {
  malformed_body: () =>
    refusal(400, 'bad_request', 'request contains syntax errors, should not be repeated without modification'),
  body_too_large: () =>
    refusal(400, 'bad_request', 'request contains syntax errors, should not be repeated without modification'),
  unsupported_media_type: ({ mediaType }) => refusal(400, 'content_type_invalid', `invalid Content-Type: ${mediaType}`),
  missing_field: ({ field }) => refusal(400, 'bad_request', `Required parameter missing: ${field}`),
  unknown_field: ({ field }) => refusal(400, 'bad_request', `unknown parameter ${field}`),
  invalid_field: ({ field, reason }) => refusal(400, 'bad_request', `${field} ${reason}`),
  not_authenticated: () => refusal(403, 'access_denied', 'Access denied'),
  second_factor_required: () => refusal(403, 'access_denied', 'Access denied'),
  locked_out: () => refusal(403, 'access_denied', 'Access denied'),
  not_permitted: () => refusal(403, 'access_denied', 'Your access token does not have the correct permissions'),
  not_found: () => refusal(404, 'not_found', null),
  conflict: ({ what, reason }) => refusal(422, 'not_valid_data', `the ${what} cannot be changed: ${reason}`),
  idempotency_mismatch: () => refusal(422, 'not_valid_data', 'the key was used before with another content'),
  too_many_buckets: ({ field, limit }) => refusal(400, 'bad_request', `${field} has more than ${limit} values`),
  rate_limited: ({ retryAfterMs }) => later(429, 'Too many requests', retryAfterMs),
  overloaded: ({ retryAfterMs }) => later(429, 'Too many requests', retryAfterMs),
  query_limit: ({ limit }) =>
    refusal(503, 'service_unavailable', `the answer takes too much ${limit}; ask for a shorter range`),
  facts_unavailable: () => later(503, 'Service temporarily unavailable', TRY_LATER_S * 1000),
  records_unavailable: () => later(503, 'Service temporarily unavailable', TRY_LATER_S * 1000),
} satisfies Refusals;

export function refusalOf(problem: Problem): Refusal {
  const render = refusals[problem.kind] as (problem: Problem) => Refusal;
  return render(problem);
}

/** What is answered to a failure of ours that no problem names. */
export const INTERNAL: Refusal = refusal(500, 'internal_error', 'Internal server error');

function refusal(status: number, code: string, message: string | null): Refusal {
  return { status, code, message };
}

function later(status: number, message: string, retryAfterMs: number): Refusal {
  const code = status === 429 ? 'too_many_requests' : 'service_unavailable';
  return { status, code, message, retryAfter: Math.max(1, Math.ceil(retryAfterMs / 1000)) };
}
