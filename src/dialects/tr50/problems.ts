import type { Problem, ProblemKind, ProblemOf } from '../../domain/problem.ts';

/** The error codes of this dialect, with the level at which the contract (section 7) places them. */
export const CODES = {
  secondFactor: { code: -90041, level: 'packet', meaning: 'second factor required' },
  notFound: { code: -90008, level: 'command', meaning: 'organization not found or not allowed' },
  malformed: { code: -99001, level: 'packet', meaning: 'body is not a JSON object, or has too many commands' },
  noCredentials: { code: -99002, level: 'packet', meaning: 'no credentials' },
  sessionInvalid: { code: -99003, level: 'packet', meaning: 'session invalid or expired' },
  loginRejected: { code: -99004, level: 'packet', meaning: 'login rejected' },
  lockedOut: { code: -99005, level: 'packet', meaning: 'user locked out' },
  unknownCommand: { code: -99010, level: 'command', meaning: 'unknown command' },
  badParameter: { code: -99011, level: 'command', meaning: 'bad or missing parameter, malformed command object' },
  notPermitted: { code: -99012, level: 'command', meaning: 'not permitted (Super-Ops needed)' },
  storeFailed: { code: -99013, level: 'command', meaning: 'analytics store failed' },
  rateExceeded: { code: -99014, level: 'packet', meaning: 'rate exceeded' },
} as const;

/** One entry of the two parallel arrays of a failure. */
export interface WireError {
  readonly code: number;
  readonly message: string;
}

/** Clients look for this text to log in again and repeat the packet (contract 3.2). */
const SESSION_INVALID = 'Authentication session is invalid: Error: Session ';

/** Every problem in this dialect's words. A failing store of records has no code of its own: it is a store, too. */
const errors = {
  malformed_body: ({ reason }) => error('malformed', `Malformed packet: ${reason}.`),
  body_too_large: () => error('malformed', 'The packet is larger than 1 MiB.'),
  unsupported_media_type: () => error('malformed', 'Malformed packet: the body is not JSON.'),
  missing_field: ({ field }) => error('badParameter', `Missing parameter ${field}.`),
  unknown_field: ({ field }) => error('badParameter', `Unknown parameter ${field}.`),
  invalid_field: ({ field, reason }) => error('badParameter', `Bad parameter ${field}: ${reason}.`),
  not_authenticated: ({ reason }) => {
    switch (reason) {
      case 'missing':
        return error('noCredentials', 'No credentials: send a session id in auth or log in with api.authenticate.');
      case 'invalid':
        return error('sessionInvalid', `${SESSION_INVALID}was not found.`);
      case 'expired':
        return error('sessionInvalid', `${SESSION_INVALID}has expired.`);
      case 'rejected':
        return error('loginRejected', 'Login rejected.');
    }
  },
  second_factor_required: () =>
    error('secondFactor', 'Second factor required: repeat the login with the six-digit code as password.'),
  locked_out: () => error('lockedOut', 'The user is locked out after too many failed logins; try again later.'),
  not_permitted: ({ needs }) => error('notPermitted', `Not permitted: ${needs} needed.`),
  not_found: ({ what, key }) =>
    what === 'command'
      ? error('unknownCommand', `Unknown command: ${excerpt(key)}`)
      : error('notFound', `The ${what} ${excerpt(key)} was not found.`),
  conflict: ({ what, reason }) => error('badParameter', `The ${what} cannot be changed: ${reason}.`),
  idempotency_mismatch: () => error('badParameter', 'The key was used before with another content.'),
  too_many_buckets: ({ limit }) => error('badParameter', `More than ${limit} positions.`),
  rate_limited: ({ retryAfterMs }) => error('rateExceeded', `Rate exceeded: try again in ${retryAfterMs} ms.`),
  overloaded: ({ retryAfterMs }) => error('rateExceeded', `Too busy: try again in ${retryAfterMs} ms.`),
  query_limit: ({ limit }) =>
    error(
      'storeFailed',
      `The analytics store gave up: the answer takes too much ${limit === 'rows' ? 'room' : limit}.`,
    ),
  facts_unavailable: () => error('storeFailed', 'The analytics store failed; try again later.'),
  records_unavailable: () => error('storeFailed', 'The store failed; try again later.'),
} satisfies { readonly [K in ProblemKind]: (problem: ProblemOf<K>) => WireError };

export function errorOf(problem: Problem): WireError {
  const render = errors[problem.kind] as (problem: Problem) => WireError;
  return render(problem);
}

/** The refusal of a session, naming it as the imitated server does. */
export function sessionError(sessionId: string): WireError {
  return error('sessionInvalid', `${SESSION_INVALID}${excerpt(sessionId)} was not found.`);
}

/** A login whose form is wrong. */
export function loginError(reason: string): WireError {
  return error('loginRejected', `Login rejected: ${reason}.`);
}

/** What is answered to a failure of ours that no problem names. */
export const INTERNAL_ERROR: WireError = error('storeFailed', 'Internal error.');

function error(name: keyof typeof CODES, message: string): WireError {
  return { code: CODES[name].code, message };
}

const MAX_EXCERPT = 100;

/** The caller's own text, short enough for a message and without half a character at the end. */
function excerpt(text: string): string {
  if (text.length <= MAX_EXCERPT) return text;
  return `${text.slice(0, MAX_EXCERPT).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
