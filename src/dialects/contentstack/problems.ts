import type { Problem, ProblemKind, ProblemOf } from '../../domain/problem.ts';

/** A reply that is not 2xx (contract 7). */
export interface Refusal {
  readonly status: number;
  /** `error_code`: a number of the imitated service, not the HTTP status. */
  readonly code: number;
  readonly message: string;
  /** What is wrong with which field; `{}` when nothing in particular. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

type Refusals = { readonly [K in ProblemKind]: (problem: ProblemOf<K>) => Refusal };

/** Every problem as this dialect tells it. Statuses beyond the vendor's list (405, 413, 503 and the like) do not occur. */
const refusals = {
  malformed_body: ({ reason }) => refusal(400, 400, `The request is malformed: ${reason}.`),
  body_too_large: () => refusal(400, 400, 'The request is malformed: its body is too large.'),
  unsupported_media_type: () => refusal(400, 400, 'The request is malformed: its body has to be JSON.'),
  missing_field: ({ field }) => invalid(field, 'is required.'),
  unknown_field: ({ field }) => invalid(field, 'is not a valid field.'),
  invalid_field: ({ field, reason }) => invalid(field, `${reason}.`),
  not_authenticated: ({ reason }) =>
    reason === 'rejected' ? LOGIN_REJECTED : unauthenticated(reason === 'missing' ? 'is required.' : 'is not valid.'),
  second_factor_required: () =>
    refusal(401, 294, 'Please login using the Two-Factor verification Token', { tfa_token: ['is required.'] }),
  locked_out: () => ({ ...LOGIN_REJECTED, message: 'Too many failed log-ins; try again later.' }),
  not_permitted: ({ needs }) => refusal(403, 403, `You may not do this: it needs ${needs}.`),
  not_found: ({ what }) => refusal(404, 404, `The requested ${what} could not be found.`),
  conflict: ({ what, reason }) => refusal(422, 119, `The ${what} cannot be changed: ${reason}.`),
  idempotency_mismatch: () => refusal(422, 119, 'The key was used before with another content.'),
  too_many_buckets: ({ field }) => invalid(field, 'makes more buckets than an answer may have.'),
  rate_limited: () => refusal(429, 429, 'The number of requests exceeds the allowed limit for the given time period.'),
  overloaded: () => refusal(429, 429, 'The server has too much to do; try again later.'),
  query_limit: ({ limit }) => refusal(500, 500, `The answer takes too much ${limit === 'rows' ? 'room' : limit}.`),
  facts_unavailable: () => refusal(502, 502, 'The analytics store cannot be reached; try again later.'),
  records_unavailable: () => refusal(502, 502, 'The store cannot be reached; try again later.'),
} satisfies Refusals;

export function refusalOf(problem: Problem): Refusal {
  const render = refusals[problem.kind] as (problem: Problem) => Refusal;
  return render(problem);
}

const LOGIN_REJECTED = refusal(
  422,
  104,
  'Looks like your email or password is invalid. Please try again or reset your password.',
  { auth: ['is not valid.'] },
);

/** A log-in of somebody whom only the identity provider lets in: no token, and no other way to get one. */
export const IDENTITY_PROVIDER_ONLY = refusal(401, 105, 'Log in through the identity provider of your organization.', {
  authtoken: ['is not given to users of an identity provider.'],
});

/** A log-in without the fields that make one. */
export function incompleteLogin(fields: readonly string[]): Refusal {
  const errors = Object.fromEntries(fields.map((field) => [field, ['is required.']]));
  return refusal(422, 104, 'The log-in is incomplete.', errors);
}

export const INTERNAL = refusal(500, 500, 'The server is malfunctioning.');

/** What becomes the reply's body. */
export function bodyOf({ message, code, errors }: Refusal): object {
  return { error_message: message, error_code: code, errors };
}

function unauthenticated(reason: string): Refusal {
  return refusal(401, 105, "You're not allowed in here unless you're logged in.", { authtoken: [reason] });
}

/** Several parameters at once. */
export function invalidParameters(errors: Refusal['errors']): Refusal {
  return refusal(422, 119, 'The request has missing, invalid or unknown parameters.', errors);
}

/** What every retrieval of a failed job is told. @param problem null for a failure of ours that has no name */
export function jobFailed(problem: Problem | null): Refusal {
  const { message, errors } = problem === null ? INTERNAL : refusalOf(problem);
  const range = problem?.kind === 'invalid_field' ? `${problem.field} ${problem.reason}.` : message;
  return refusal(500, 501, `Job Failed: ${range}`, errors);
}

/** Contract 3: no stack of this organization has that key. */
export const INVALID_API_KEY = refusal(412, 109, 'The API key is not valid.', { api_key: ['is not valid.'] });

function invalid(field: string, reason: string): Refusal {
  return invalidParameters({ [field]: [reason] });
}

function refusal(status: number, code: number, message: string, errors: Refusal['errors'] = {}): Refusal {
  return { status, code, message, errors };
}
