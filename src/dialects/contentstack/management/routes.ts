import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { UserTokens } from '../../../access/user-tokens.ts';
import type { Directory } from '../../../directory/directory.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Services } from '../../dialect.ts';
import { callerOf, type Caller } from '../authtoken.ts';
import { refusalOf } from '../problems.ts';
import { isDecodable, parseQuery, UNDECODABLE, type Query } from '../query.ts';
import { answer, refuse } from '../send.ts';
import { getsThrough } from '../without-sso.ts';
import {
  logInSchema,
  logOutSchema,
  organizationSchema,
  organizationsSchema,
  stacksOfOrganizationSchema,
  stacksSchema,
  userSchema,
} from '../schema.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { isTrue, paged, pageOf } from './page.ts';
import { logIn } from './user-session.ts';
import { organizationToWire, stackToWire, userToWire, type Joined } from './wire.ts';

/** Also under `/api`, where the vendor's app host has them. */
const PREFIXES = ['/v3', '/api/v3'];
/** Far more than a log-in. */
const MAX_BODY_BYTES = 64 * 1024;

interface Call extends Caller {
  readonly joined: readonly Joined[];
  readonly query: Query;
  readonly request: FastifyRequest;
}

type Read = (call: Call) => Promise<Result<object>>;

/** The calls a client needs before it can ask for numbers (contract 9). */
export function registerManagement(scope: FastifyInstance, { access, directory }: Services, tokens: UserTokens): void {
  const memberships = createMemberships(directory);
  const reads: Readonly<Record<string, { readonly schema: FastifySchema; readonly read: Read }>> = {
    '/user': { schema: userSchema, read: readUser },
    '/organizations': { schema: organizationsSchema, read: listOrganizations },
    '/organizations/:uid': { schema: organizationSchema, read: readOrganization },
    '/organizations/:uid/stacks': {
      schema: stacksOfOrganizationSchema,
      read: (call) => listStacksOfOrganization(call, directory),
    },
    '/stacks': { schema: stacksSchema, read: (call) => listStacks(call, directory) },
  };
  for (const prefix of PREFIXES) {
    const shown = (schema: FastifySchema): FastifySchema => (prefix === '/v3' ? schema : { hide: true });
    const session = `${prefix}/user-session`;
    scope.post(session, { schema: shown(logInSchema), bodyLimit: MAX_BODY_BYTES }, (request, reply) =>
      logIn({ logins: access.logins, tokens, memberships }, request, reply),
    );
    scope.delete(session, { schema: shown(logOutSchema), bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const caller = await callerOf(tokens, request);
      if (!caller.ok) return refuse(reply, refusalOf(caller.problem));
      await tokens.end(caller.value.authtoken);
      return answer(reply, { notice: "You've logged out successfully." });
    });
    for (const [path, { schema, read }] of Object.entries(reads)) {
      scope.get(`${prefix}${path}`, { schema: shown(schema), exposeHeadRoute: false }, (request, reply) =>
        answerRead({ tokens, memberships }, read, request, reply),
      );
    }
  }
}

async function answerRead(
  { tokens, memberships }: { readonly tokens: UserTokens; readonly memberships: Memberships },
  read: Read,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = await callerOf(tokens, request);
  if (!caller.ok) return refuse(reply, refusalOf(caller.problem));
  if (!isDecodable(request.originalUrl)) {
    return refuse(reply, refusalOf({ kind: 'malformed_body', reason: UNDECODABLE }));
  }
  const query = parseQuery(request.url);
  if (!query.ok) return refuse(reply, refusalOf(query.problem));
  const joined = await memberships.of(caller.value.user);
  const result = await read({ ...caller.value, joined, query: query.value, request });
  return result.ok ? answer(reply, result.value) : refuse(reply, refusalOf(result.problem));
}

const readUser: Read = async ({ user, joined, authtoken, query }) => {
  const withRoles = isTrue(query, 'include_orgs_roles');
  const organizations = joined.map((each) => organizationToWire(each, withRoles));
  return ok({ user: { ...userToWire(user, joined, authtoken), organizations } });
};

const listOrganizations: Read = async ({ joined, query }) => {
  const page = pageOf(query);
  if (!page.ok) return page;
  const organizations = joined.map((each) => organizationToWire(each, false));
  return ok(paged('organizations', organizations, page.value));
};

const readOrganization: Read = async (call) => {
  const found = joinedOf(call);
  return found.ok ? ok({ organization: organizationToWire(found.value, false) }) : found;
};

async function listStacksOfOrganization(call: Call, directory: Directory): Promise<Result<object>> {
  const found = joinedOf(call);
  if (!found.ok) return found;
  const { organization, membership } = found.value;
  return getsThrough(organization, membership) ? stacksIn([found.value], call.query, directory) : fail(NOT_PERMITTED);
}

const NOT_PERMITTED = { kind: 'not_permitted', needs: 'a member who is let in without single sign-on' } as const;

/** All that the caller may see, or those of the organization that a header or the query names. */
async function listStacks({ joined, query, request }: Call, directory: Directory): Promise<Result<object>> {
  const uid = query.get('organization_uid')?.at(-1) ?? request.headers['organization_uid'];
  const open = joined.filter(({ organization, membership }) => getsThrough(organization, membership));
  const among = uid === undefined || uid === '' ? open : open.filter((each) => each.organization.uid === uid);
  return stacksIn(among, query, directory);
}

async function stacksIn(among: readonly Joined[], query: Query, directory: Directory): Promise<Result<object>> {
  const page = pageOf(query);
  if (!page.ok) return page;
  const stacks = await directory.stacks();
  const visible = among.flatMap((each) => stacks.of(each.organization.id).map((stack) => stackToWire(stack, each)));
  return ok(paged('stacks', visible, page.value));
}

/** The organization in the path; one that the caller does not belong to does not exist. */
function joinedOf({ joined, request }: Call): Result<Joined> {
  const { uid } = request.params as { readonly uid: string };
  const found = joined.find(({ organization }) => organization.uid === uid);
  return found === undefined ? fail({ kind: 'not_found', what: 'organization', key: uid }) : ok(found);
}
