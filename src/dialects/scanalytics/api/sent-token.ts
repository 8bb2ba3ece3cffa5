import type { FastifyRequest } from 'fastify';
import { Form, isForm, queryOf } from '../form.ts';

/** The access token of a request (contract 4). */
export type SentToken =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly token: string }
  /** A Bearer header that has no token. */
  | { readonly kind: 'malformed' }
  /** In several ways, or several times in one. */
  | { readonly kind: 'several' };

const NAME = 'access_token';
const BEARER = /^bearer(?: +([^\s,]+))? *$/i;

/** Header `Authorization: Bearer`, `access_token` in a form body, or in the URL's query. Other schemes are none of ours. */
export function sentToken(request: FastifyRequest): SentToken {
  const { authorization } = request.headers;
  const query = queryOf(request.url);
  const form = formOf(request);
  if (query.isRepeated(NAME) || form?.isRepeated(NAME) === true) return { kind: 'several' };

  const inHeader = authorization !== undefined && /^bearer(\s|$)/i.test(authorization);
  const inBody = form?.get(NAME) ?? null;
  const inQuery = query.get(NAME);
  const ways = [inHeader, inBody !== null, inQuery !== null].filter(Boolean).length;
  if (ways === 0) return { kind: 'none' };
  if (ways > 1) return { kind: 'several' };
  const token = inHeader ? BEARER.exec(authorization)?.[1] : (inBody ?? inQuery);
  return typeof token === 'string' ? { kind: 'one', token } : { kind: 'malformed' };
}

/** Such an answer must not be kept for others (RFC 6750 2.3). */
export function isTokenInUrl({ url }: FastifyRequest): boolean {
  return queryOf(url).get(NAME) !== null;
}

/** The form a request brought; null when its body is no form. */
export function formOf({ body, headers }: FastifyRequest): Form | null {
  return isForm(headers['content-type']) ? new Form(textOf(body)) : null;
}

export function textOf(body: unknown): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
}
