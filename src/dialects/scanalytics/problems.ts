import type { Problem, ProblemKind, ProblemOf } from '../../domain/problem.ts';

/** A refusal of `/v1` and `/v2` (contract 4). */
export interface Refusal {
  readonly status: number;
  readonly detail: string;
  /** Parameter that is to blame. */
  readonly field?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Refusals = { readonly [K in ProblemKind]: (problem: ProblemOf<K>) => Refusal };

const TRY_LATER_S = 5;

/** Every problem as this dialect tells it. */
const refusals = {
  malformed_body: ({ reason }) => ({ status: 400, detail: `Malformed body: ${reason}.` }),
  body_too_large: () => ({ status: 413, detail: 'The body is too large.' }),
  unsupported_media_type: () => ({ status: 415, detail: 'The body has to be JSON.' }),
  missing_field: ({ field }) => invalid(field, 'This parameter is required.'),
  unknown_field: ({ field }) => invalid(field, 'There is no such parameter.'),
  invalid_field: ({ field, reason }) => invalid(field, `${capital(reason)}.`),
  not_authenticated: ({ reason }) =>
    reason === 'missing'
      ? {
          status: 401,
          detail: 'Authentication credentials were not provided.',
          headers: challenge(),
        }
      : {
          status: 401,
          detail: 'The access token is unknown, expired or revoked.',
          headers: challenge(
            'error="invalid_token"',
            'error_description="The access token is unknown, expired or revoked"',
          ),
        },
  second_factor_required: () => ({ status: 401, detail: 'A second factor is needed.', headers: challenge() }),
  locked_out: () => ({ status: 401, detail: 'Too many failed log-ins; try again later.', headers: challenge() }),
  not_permitted: ({ needs }) =>
    needs === 'write' || needs === 'read'
      ? {
          status: 403,
          detail: `The access token lacks the scope ${needs}.`,
          headers: challenge('error="insufficient_scope"', `scope="${needs}"`),
        }
      : { status: 403, detail: `You do not have permission to perform this action: it needs ${needs}.` },
  not_found: () => ({ status: 404, detail: 'Not found.' }),
  conflict: ({ what, reason }) => ({ status: 409, detail: `The ${what} cannot be changed: ${reason}.` }),
  idempotency_mismatch: () => ({ status: 409, detail: 'The key was used before with another content.' }),
  too_many_buckets: ({ field, limit }) => invalid(field, `The window has more than ${limit} buckets.`),
  rate_limited: ({ retryAfterMs }) => {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    return {
      status: 429,
      detail: `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`,
      headers: { 'retry-after': String(seconds) },
    };
  },
  overloaded: ({ retryAfterMs }) => unavailable(Math.max(1, Math.ceil(retryAfterMs / 1000))),
  query_limit: ({ limit }) => ({
    status: 503,
    detail: `The answer takes too much ${limit}; ask for a shorter window.`,
  }),
  facts_unavailable: () => unavailable(TRY_LATER_S),
  records_unavailable: () => unavailable(TRY_LATER_S),
} satisfies Refusals;

export function refusalOf(problem: Problem): Refusal {
  const render = refusals[problem.kind] as (problem: Problem) => Refusal;
  return render(problem);
}

/** More than one way to send the token, or one way twice (RFC 6750 3.1). */
export const SEVERAL_TOKENS: Refusal = {
  status: 400,
  detail: 'Send the access token once and in one way only.',
  headers: challenge('error="invalid_request"'),
};

export const INTERNAL: Refusal = { status: 500, detail: 'Internal server error.' };

/** What becomes the reply's body. */
export function bodyOf({ detail, field }: Refusal): object {
  return field === undefined ? { detail } : { detail, errors: { [field]: [detail.slice(field.length + 2)] } };
}

function invalid(field: string, reason: string): Refusal {
  return { status: 400, detail: `${field}: ${reason}`, field };
}

function unavailable(seconds: number): Refusal {
  return {
    status: 503,
    detail: 'Temporarily unavailable; try again later.',
    headers: { 'retry-after': String(seconds) },
  };
}

function challenge(...attributes: readonly string[]): Readonly<Record<string, string>> {
  return { 'www-authenticate': ['Bearer realm="api"', ...attributes].join(', ') };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
