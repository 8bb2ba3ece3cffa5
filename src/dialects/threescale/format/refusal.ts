import type { Problem } from '../../../domain/problem.ts';
import { refusalOf } from '../problems.ts';
import { CONTENT_TYPES, PLAIN, type Format } from './format.ts';
import { element, xmlText } from './xml.ts';

/** How `/admin/api` and `/stats` refuse (contract 2.3): each row of that table is one of these. */
export interface ReadRefusal {
  readonly status: number;
  /**
   * `message`: `<error>`, `{"error":…}`; `not_found`: empty, `{"status":"Not found"}`; `empty`: no body in any format;
   * `text`: the same plain text in every format.
   */
  readonly form: 'message' | 'not_found' | 'empty' | 'text';
  readonly message: string;
  readonly retryAfter?: number;
}

export const ACCESS_DENIED = message(403, 'Access denied');
export const WRONG_SCOPE = message(403, 'Your access token does not have the correct permissions');
export const TENANT_SUSPENDED: ReadRefusal = { status: 403, form: 'empty', message: '' };
export const NOT_FOUND: ReadRefusal = { status: 404, form: 'not_found', message: 'Not found' };

/** `<error>…</error>`, `{"error":"…"}`. */
export function message(status: number, text: string): ReadRefusal {
  return { status, form: 'message', message: text };
}

/** 400 of a parameter that is not there or blank. */
export function missing(name: string): ReadRefusal {
  return { status: 400, form: 'text', message: `Required parameter missing: ${name}` };
}

/** 406 of a suffix or an `Accept` header that the path has no form for. */
export function notUnderstood(called: string): ReadRefusal {
  return { status: 406, form: 'text', message: `The server does not understand "${called}" request.` };
}

export function readRefusalOf(problem: Problem): ReadRefusal {
  if (problem.kind === 'missing_field') return missing(problem.field);
  const { status, message: words, retryAfter } = refusalOf(problem);
  const told = words === null ? NOT_FOUND : message(status, words);
  return retryAfter === undefined ? told : { ...told, retryAfter };
}

/** A refusal on the wire. */
export function refusalBody(refusal: ReadRefusal, format: Format): { readonly type: string; readonly body: string } {
  const { form, message: words } = refusal;
  if (form === 'text' || format === 'csv' || format === 'txt') return { type: PLAIN, body: words };
  const type = CONTENT_TYPES[format];
  if (form === 'empty' || (form === 'not_found' && format === 'xml')) return { type, body: '' };
  if (format === 'xml') return { type, body: xmlText(element('error', words)) };
  return { type, body: JSON.stringify(form === 'not_found' ? { status: words } : { error: words }) };
}
