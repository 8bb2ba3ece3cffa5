import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClockSecondLimiter } from '../../../access/clock-seconds.ts';
import type { UserTokens } from '../../../access/user-tokens.ts';
import type { Directory } from '../../../directory/directory.ts';
import type { Organization } from '../../../directory/organizations.ts';
import type { User } from '../../../directory/users.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { callerOf } from '../authtoken.ts';
import { parseQuery, UNDECODABLE, valuesOf, type Query } from '../query.ts';
import { getsThrough } from '../without-sso.ts';

/** A request 1 to 8 that may go on. */
export interface Admitted {
  readonly organization: Organization;
  readonly query: Query;
}

export interface AdmissionParts {
  readonly tokens: UserTokens;
  readonly directory: Directory;
  readonly limiter: ClockSecondLimiter;
  /** Requests of an organization in a second. */
  readonly rate: number;
}

/**
 * Decides who may go on (contract 2, 4.3, 6): token, organization, right, rate; then whether the query can be read. Puts
 * the budget into the reply's headers, whatever the outcome.
 */
export async function admit(
  { tokens, directory, limiter, rate }: AdmissionParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Result<Admitted>> {
  reply.header('x-ratelimit-limit', rate).header('x-ratelimit-remaining', rate);
  const caller = await callerOf(tokens, request);
  if (!caller.ok) return caller;
  const uid = organizationUid(request.url);
  if (!uid.ok) return uid;
  const organization = (await directory.organizations()).byUid(uid.value);
  if (organization === undefined || !mayAsk(caller.value.user, organization)) return fail(NOT_PERMITTED);
  const { allowed, remaining } = await limiter.take(organization.uid);
  reply.header('x-ratelimit-remaining', remaining);
  if (!allowed) return fail({ kind: 'rate_limited', retryAfterMs: 1_000 });
  const query = parseQuery(request.url);
  return query.ok ? ok({ organization, query: query.value }) : query;
}

/** The same for an organization that does not exist, so that uids cannot be probed. */
const NOT_PERMITTED = {
  kind: 'not_permitted',
  needs: 'an owner or admin of an organization with analytics, let in without single sign-on where that is on',
} as const;

/** Found although the rest of the query may be unreadable, which is told only after the caller was let in. */
function organizationUid(url: string): Result<string> {
  const values = valuesOf(url, 'orgUid');
  const [uid] = values;
  if (uid === undefined || uid === '') return fail({ kind: 'missing_field', field: 'orgUid' });
  if (values.length > 1) return fail({ kind: 'invalid_field', field: 'orgUid', reason: 'was sent more than once' });
  return uid === null ? fail({ kind: 'malformed_body', reason: UNDECODABLE }) : ok(uid);
}

/** Rights do not reach down the tree here: only the organization's own owners and admins. */
function mayAsk(user: User, organization: Organization): boolean {
  const { id, analyticsEnabled, suspended } = organization;
  const membership = user.memberships.find((each) => each.organization === id);
  if (membership === undefined || suspended || !analyticsEnabled) return false;
  const { role } = membership;
  return (role === 'owner' || role === 'admin') && getsThrough(organization, membership);
}
