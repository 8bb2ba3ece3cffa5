import type { Problem, ProblemKind, ProblemOf } from '../../domain/problem.ts';
import type { ProblemDetails } from './wire.ts';

/** How a problem looks on this wire: RFC 9457 with the offending field. */
interface Form {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly field?: string;
  /** Extra header fields. */
  readonly headers?: Readonly<Record<string, string>>;
}

type Forms = { readonly [K in ProblemKind]: (problem: ProblemOf<K>) => Form };

const RECORDS_RETRY_MS = 5_000;
const FACTS_RETRY_MS = 5_000;

/** Every problem of the product as the native API tells it. A new kind does not compile until it has a line here. */
const FORMS = {
  malformed_body: ({ reason }) => ({ status: 400, title: 'Malformed body', detail: sentence(reason) }),
  body_too_large: ({ limitBytes, limitRows }) => ({
    status: 413,
    title: 'Body too large',
    detail:
      limitRows === undefined
        ? `A body may have ${limitBytes} bytes, decompressed too. Send it in parts.`
        : `A request may have ${limitRows} rows. Send them in parts.`,
  }),
  unsupported_media_type: ({ mediaType }) => ({
    status: 415,
    title: 'Unsupported media type',
    detail: `${mediaType === '' ? 'This Content-Type' : quote(mediaType)} is not accepted here.`,
  }),
  missing_field: ({ field }) => ({
    status: 400,
    title: 'Missing field',
    detail: `${quote(field)} is required.`,
    field,
  }),
  unknown_field: ({ field }) => ({
    status: 400,
    title: 'Unknown field',
    detail: `There is no field ${quote(field)}.`,
    field,
  }),
  invalid_field: ({ field, reason }) => ({
    status: 400,
    title: 'Invalid field',
    detail: `${quote(field)}: ${reason}.`,
    field,
  }),
  not_authenticated: ({ reason }) => ({
    status: 401,
    title: 'Not authenticated',
    detail:
      reason === 'missing'
        ? 'Send the key in the header "Authorization: Bearer <key>".'
        : 'The key is not valid, or no longer.',
    headers: {
      'www-authenticate':
        reason === 'missing' ? 'Bearer realm="tallyhouse"' : 'Bearer realm="tallyhouse", error="invalid_token"',
    },
  }),
  second_factor_required: () => ({
    status: 401,
    title: 'Second factor required',
    detail: 'A one-time code is needed.',
  }),
  locked_out: () => ({ status: 403, title: 'Locked out', detail: 'Too many failed attempts; try again later.' }),
  not_permitted: ({ needs }) => ({ status: 403, title: 'Not permitted', detail: `This needs ${needs}.` }),
  not_found: ({ what, key }) => ({ status: 404, title: 'Not found', detail: `There is no ${what} ${quote(key)}.` }),
  conflict: ({ what, reason }) => ({ status: 409, title: 'Conflict', detail: `${what}: ${reason}.` }),
  idempotency_mismatch: () => ({
    status: 409,
    title: 'Idempotency-Key reused',
    detail: 'This Idempotency-Key was used with another body before.',
    field: 'Idempotency-Key',
  }),
  too_many_buckets: ({ field, limit }) => ({
    status: 400,
    title: 'Too many buckets',
    detail: `The range has more than ${limit} buckets; take a longer bucket or a shorter range.`,
    field,
  }),
  rate_limited: ({ retryAfterMs }) => ({
    status: 429,
    title: 'Too many requests',
    detail: 'The key has used up its requests for now.',
    headers: retryAfter(retryAfterMs),
  }),
  overloaded: ({ retryAfterMs }) => ({
    status: 503,
    title: 'Overloaded',
    detail: 'The server cannot take this now; send the same request again later.',
    headers: retryAfter(retryAfterMs),
  }),
  query_limit: ({ limit }) => ({
    status: 422,
    title: 'Query too expensive',
    detail: QUERY_LIMITS[limit],
  }),
  facts_unavailable: () => ({
    status: 503,
    title: 'Facts unavailable',
    detail: 'The facts store does not answer; try again later.',
    headers: retryAfter(FACTS_RETRY_MS),
  }),
  records_unavailable: () => ({
    status: 503,
    title: 'Records unavailable',
    detail: 'The records store does not answer; send the same request again later.',
    headers: retryAfter(RECORDS_RETRY_MS),
  }),
} satisfies Forms;

const QUERY_LIMITS = {
  time: 'The query took too long and was stopped. Shorten the range or ask for less detail.',
  memory: 'The query needed too much memory and was stopped. Shorten the range or ask for fewer dimensions.',
  rows: 'The answer would have more than 100,000 rows. Use limit, fewer dimensions or longer buckets.',
} as const;

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDetails;
}

export function renderProblem(problem: Problem, requestId: string): ProblemAnswer {
  // Each function takes the problem of its own kind; the compiler cannot follow the lookup.
  const { status, title, detail, field, headers = {} } = (FORMS[problem.kind] as (problem: Problem) => Form)(problem);
  return { status, headers, body: details(problem.kind, { status, title, detail, field }, requestId) };
}

/** For what is no problem of the domain: unknown paths, wrong methods, our own mistakes. */
export function details(
  kind: string,
  { status, title, detail, field }: { status: number; title: string; detail: string; field?: string | undefined },
  requestId: string,
): ProblemDetails {
  const type = `urn:tallyhouse:problem:${kind}`;
  return { type, title, status, detail, ...(field === undefined ? {} : { field }), request_id: requestId };
}

/** A problem of one row, in the words that stand beside its index. */
export function renderRowProblem(problem: Problem): { readonly problem: string; readonly field?: string } {
  switch (problem.kind) {
    case 'missing_field':
      return { problem: 'is required', field: problem.field };
    case 'unknown_field':
      return { problem: 'unknown field', field: shorten(problem.field) };
    case 'invalid_field':
      return { problem: problem.reason, field: shorten(problem.field) };
    case 'malformed_body':
      return { problem: problem.reason };
    default: {
      const { detail, field } = renderProblem(problem, '').body;
      return { problem: detail, ...(field === undefined ? {} : { field }) };
    }
  }
}

function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) };
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/** The caller's own words, short enough for a message. */
function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
