import type { FastifyRequest } from 'fastify';
import type { RateLimits } from '../../../access/rate-limit.ts';
import type { OauthScope, OauthTokens, TokenHolder } from '../../../access/oauth/tokens.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/time/durations.ts';
import { refusalOf, SEVERAL_TOKENS, type Refusal } from '../problems.ts';
import { sentToken } from './sent-token.ts';

/** Decides who may go on (contract 4 and 5). */
export interface Admission {
  /** Token, then rate, then scope. */
  admit(request: FastifyRequest): Promise<Result<TokenHolder, Refusal>>;
  /** Rate only: for paths that do not exist, which count too. */
  count(request: FastifyRequest): Promise<Refusal | null>;
}

/** All requests to `/v1` and `/v2` together, whatever becomes of them. */
const OF_CREDENTIALS = [
  { points: 180, ms: MINUTE_MS },
  { points: 1200, ms: HOUR_MS },
];
const ANONYMOUS = [{ points: 20, ms: MINUTE_MS }];

const MISSING = refusalOf({ kind: 'not_authenticated', reason: 'missing' });
const INVALID = refusalOf({ kind: 'not_authenticated', reason: 'invalid' });

export function createAdmission(
  { tokens, limits }: { readonly tokens: OauthTokens; readonly limits: RateLimits },
  { rateLimits }: { readonly rateLimits: boolean },
): Admission {
  const known = limits.sliding({ name: 'scanalytics.credentials', windows: OF_CREDENTIALS });
  const anonymous = limits.sliding({ name: 'scanalytics.anonymous', windows: ANONYMOUS });

  const authenticate = async (request: FastifyRequest): Promise<Result<TokenHolder, Refusal>> => {
    const sent = sentToken(request);
    switch (sent.kind) {
      case 'none':
        return fail(MISSING);
      case 'several':
        return fail(SEVERAL_TOKENS);
      case 'malformed':
        return fail(INVALID);
      case 'one': {
        const holder = await tokens.authenticate(sent.token);
        return holder === null ? fail(INVALID) : ok(holder);
      }
    }
  };

  /** A request whose token does not count is anonymous. */
  const take = async (request: FastifyRequest, holder: Result<TokenHolder, Refusal>): Promise<Refusal | null> => {
    if (!rateLimits) return null;
    const waitMs = holder.ok ? await known.take(holder.value.credential) : await anonymous.take(request.ip);
    return waitMs === 0 ? null : refusalOf({ kind: 'rate_limited', retryAfterMs: waitMs });
  };

  return {
    async admit(request) {
      const holder = await authenticate(request);
      const exceeded = await take(request, holder);
      if (exceeded !== null) return fail(exceeded);
      const needs = scopeNeeded(request.method);
      if (holder.ok && needs !== null && !holder.value.scope.has(needs)) {
        return fail(refusalOf({ kind: 'not_permitted', needs }));
      }
      return holder;
    },
    async count(request) {
      return take(request, await authenticate(request));
    },
  };
}

function scopeNeeded(method: string): OauthScope | null {
  if (method === 'GET' || method === 'HEAD') return 'read';
  return method === 'PUT' || method === 'PATCH' ? 'write' : null;
}
