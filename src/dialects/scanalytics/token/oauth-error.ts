import type { Problem } from '../../../domain/problem.ts';

/** The errors of RFC 6749 5.2 with the statuses of the contract (3.6). */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  temporarily_unavailable: 503,
  server_error: 500,
} as const;

export interface OauthError {
  readonly status: number;
  readonly error: keyof typeof STATUS;
  /** ASCII, and nothing of what the caller sent. */
  readonly description: string;
}

export function oauthError(error: keyof typeof STATUS, description: string): OauthError {
  return { status: STATUS[error], error, description };
}

/**
 * Why a log-in failed, in the words of a token endpoint. Unknown users, wrong passwords and guarded ones look alike.
 */
export function oauthErrorOf(problem: Problem): OauthError {
  switch (problem.kind) {
    case 'not_authenticated':
    case 'second_factor_required':
    case 'locked_out':
      return REFUSED_LOGIN;
    case 'overloaded':
    case 'records_unavailable':
    case 'facts_unavailable':
      return UNAVAILABLE;
    case 'malformed_body':
    case 'body_too_large':
    case 'unsupported_media_type':
      return oauthError('invalid_request', 'The body has to be a short form, application/x-www-form-urlencoded.');
    default:
      return oauthError('invalid_request', 'The request is malformed.');
  }
}

const REFUSED_LOGIN = oauthError('invalid_grant', 'The user name or the password is wrong.');

const UNAVAILABLE = oauthError('temporarily_unavailable', 'The server cannot answer now; try again later.');

export const SERVER_ERROR = oauthError('server_error', 'The server failed.');
