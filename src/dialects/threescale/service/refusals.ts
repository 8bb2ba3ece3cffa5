import type { Problem } from '../../../domain/problem.ts';
import { refusalOf } from '../problems.ts';

/** A call that gets no verdict (contract 5.4). */
export interface ServiceRefusal {
  readonly status: number;
  /** Null for an empty body. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly retryAfter?: number;
}

export const BAD_REQUEST = refusal(
  400,
  'bad_request',
  'request contains syntax errors, should not be repeated without modification',
);
export const KEY_OR_TOKEN_REQUIRED = refusal(
  403,
  'provider_key_or_service_token_required',
  'Provider key or service token are required',
);
export const SERVICE_ID_MISSING = refusal(422, 'service_id_missing', 'Service ID is missing');
export const NOT_VALID_DATA = refusal(422, 'not_valid_data', 'all data must be valid UTF8');
export const BOTH_NAMES = refusal(403, 'authentication_error', 'either app_id or user_key is allowed, not both');
export const USER_ID_SENT = refusal(
  400,
  'end_users_no_longer_supported',
  'End-users are no longer supported, do not specify the user_id parameter',
);
export const TRANSACTIONS_BLANK = refusal(400, 'transactions_is_blank', 'transactions parameter is blank');
export const TRANSACTIONS_FORMAT = refusal(400, 'transactions_format_invalid', 'transactions format is invalid');
export const TRANSACTION_NIL = refusal(400, 'transactions_has_nil_transaction', 'transactions has a nil transaction');
/** `usage` that is no map, and tenants that are suspended. */
export const FORBIDDEN: ServiceRefusal = { status: 403, error: null };

export const serviceTokenInvalid = (token: string, id: string): ServiceRefusal =>
  refusal(403, 'service_token_invalid', `service token "${token}" or service id "${id}" is invalid`);
export const keyInvalidOrServiceMissing = (key: string): ServiceRefusal =>
  refusal(403, 'provider_key_invalid_or_service_missing', `provider key "${key}" invalid and/or service ID missing`);
export const providerKeyInvalid = (key: string): ServiceRefusal =>
  refusal(403, 'provider_key_invalid', `provider key "${key}" is invalid`);
export const serviceIdInvalid = (id: string): ServiceRefusal =>
  refusal(403, 'service_id_invalid', `service id "${id}" is invalid`);
export const applicationNotFound = (id: string): ServiceRefusal =>
  refusal(
    404,
    'application_not_found',
    id === '' ? 'application id is missing' : `application with id="${id}" was not found`,
  );
export const userKeyInvalid = (key: string): ServiceRefusal =>
  refusal(403, 'user_key_invalid', key === '' ? 'user key is missing' : `user key "${key}" is invalid`);
export const metricInvalid = (name: string): ServiceRefusal =>
  refusal(404, 'metric_invalid', `metric "${name}" is invalid`);
export const contentTypeInvalid = (type: string): ServiceRefusal =>
  refusal(400, 'content_type_invalid', `invalid Content-Type: ${type}`);

/** @param value null when it is no text */
export function usageValueInvalid(metric: string, value: string | null): ServiceRefusal {
  return value === null || value.trim() === ''
    ? refusal(403, 'usage_value_invalid', `usage value for metric "${metric}" can not be empty`)
    : refusal(403, 'usage_value_invalid', `usage value "${value}" for metric "${metric}" is invalid`);
}

/** A failure that is none of the caller's. */
export function troubled(problem: Problem): ServiceRefusal {
  const { status, code, message, retryAfter } = refusalOf(problem);
  const refused = { status, error: message === null ? null : { code, message } };
  return retryAfter === undefined ? refused : { ...refused, retryAfter };
}

function refusal(status: number, code: string, message: string): ServiceRefusal {
  return { status, error: { code, message } };
}
