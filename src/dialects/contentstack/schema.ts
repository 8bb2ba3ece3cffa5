import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';

/*
 * Describes the routes for the API reference. Nothing is validated by it: refusals have a form and an order of their
 * own (contract 4.3, 7).
 */

export const description = `How an organization’s APIs are used, asked in two steps: each of seven requests starts a job,
and *Retrieve Data* gives its result.

1. Log in with \`POST /v3/user-session\` and send the \`authtoken\` of the reply as header of that name. It does not expire;
   the 21st log-in of a user ends the earliest token.
2. Call one of the seven requests as owner or admin of the organization in \`orgUid\`. The reply is a job’s \`jobId\`.
3. Call \`GET /analytics/v2/job/{jobId}/data\`. The reply has \`data\` once the job is done.

10 requests in each second of the clock are allowed to an organization (\`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\`).`;

export const securitySchemes = {
  authtoken: {
    type: 'apiKey',
    in: 'header',
    name: 'authtoken',
    description: 'Token of a user, from `POST /v3/user-session`: `blt` and 16 hex digits.',
  },
};

const JSON_CONTENT = 'application/json';

const Instant = Type.String({ format: 'date-time', examples: ['2026-02-24T05:58:55.306Z'] });
const Uid = (description: string): TSchema => Type.String({ description, examples: ['blt0a1b2c3d4e5f6071'] });

const Organization = Type.Object({
  uid: Type.Optional(Uid('Only owners and admins of the organization see it. The `orgUid` of the analytics requests.')),
  name: Type.String(),
  plan_id: Type.String(),
  owner_uid: Type.Union([Uid('User who owns it.'), Type.Null()]),
  enabled: Type.Boolean({ description: 'False while it is suspended.' }),
  created_at: Instant,
  updated_at: Instant,
  owner: Type.Optional(Type.Literal(true, { description: 'Only where the caller owns it.' })),
});

const OrganizationOfUser = Type.Object({
  ...Organization.properties,
  org_roles: Type.Optional(
    Type.Array(
      Type.Object({
        uid: Type.String(),
        name: Type.Union(['owner', 'admin', 'member', 'viewer'].map((role) => Type.Literal(role))),
        org_uid: Type.Optional(Uid('As above.')),
        admin: Type.Boolean(),
        default: Type.Boolean(),
      }),
      { description: 'With `include_orgs_roles=true`: what the caller is in it.' },
    ),
  ),
});

const user = {
  uid: Uid('Of the user.'),
  created_at: Instant,
  updated_at: Instant,
  email: Type.String({ format: 'email' }),
  username: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  org_uid: Type.Array(Type.String(), { description: 'Organizations owned.' }),
  shared_org_uid: Type.Array(Type.String(), { description: 'Organizations joined, as far as their uid may be seen.' }),
  active: Type.Literal(true),
  failed_attempts: Type.Integer(),
  roles: Type.Array(Type.Unknown()),
  authtoken: Type.String({ description: 'The token, to be sent as header `authtoken`.', pattern: '^blt[0-9a-f]{16}$' }),
};

const Stack = Type.Object({
  uid: Type.String(),
  name: Type.String(),
  org_uid: Type.Optional(Uid('Only owners and admins of the organization see it.')),
  api_key: Type.Optional(Type.String({ description: 'Not shown to viewers. The `apiKey` of the analytics requests.' })),
  owner_uid: Type.Union([Uid('User who owns the organization.'), Type.Null()]),
  created_at: Instant,
  updated_at: Instant,
});

const ErrorReply = Type.Object({
  error_message: Type.String({ description: 'For people; programs look at the status and `error_code`.' }),
  error_code: Type.Integer({ examples: [105] }),
  errors: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'What is wrong with which field; `{}` when nothing in particular.',
    examples: [{ from: ['is required.'] }],
  }),
});

export function described(schema: TSchema, text: string): object {
  return { description: text, content: { [JSON_CONTENT]: { schema } } };
}

/** @param refusals status to why */
export function responses(answer: object, refusals: Readonly<Record<number, string>>): object {
  const refused = Object.entries(refusals).map(([status, text]): [string, object] => [
    status,
    described(ErrorReply, text),
  ]);
  return Object.fromEntries([['200', answer], ...refused]);
}

const MANAGEMENT = { tags: ['Log-in and organizations'] };
const AUTHENTICATED = { ...MANAGEMENT, security: [{ authtoken: [] }] };
const NO_TOKEN = { 401: 'No `authtoken`, or one that is not valid (`error_code` 105).' };

export const logInSchema: FastifySchema = {
  ...MANAGEMENT,
  summary: 'Log in to your account',
  description: 'The only way to an authtoken. A user may hold 20; the next one ends the earliest.',
  consumes: [JSON_CONTENT],
  body: Type.Object({
    user: Type.Object({
      email: Type.String({ format: 'email', examples: ['ada@north.example'] }),
      password: Type.String({ examples: ['correct-horse'] }),
      tfa_token: Type.Optional(
        Type.String({ pattern: '^\\d{6}$', description: 'One-time code, of users with a second factor.' }),
      ),
    }),
  }),
  response: responses(described(Type.Object({ notice: Type.String(), user: Type.Object(user) }), 'Logged in.'), {
    400: 'The body is not JSON.',
    401: 'A one-time code is needed (`error_code` 294), or the user comes through an identity provider only (105).',
    422: 'The e-mail address or the password is missing or wrong (`error_code` 104).',
  }),
};

export const logOutSchema: FastifySchema = {
  ...AUTHENTICATED,
  summary: 'Log out of your account',
  description: 'Ends the token that is sent, at once.',
  response: responses(described(Type.Object({ notice: Type.String() }), 'The token is dead.'), NO_TOKEN),
};

export const userSchema: FastifySchema = {
  ...AUTHENTICATED,
  summary: 'Get the user of the token',
  querystring: Type.Object({
    include_orgs_roles: Type.Optional(Type.Boolean({ description: 'Adds `org_roles` to each organization.' })),
  }),
  response: responses(
    described(
      Type.Object({ user: Type.Object({ ...user, organizations: Type.Array(OrganizationOfUser) }) }),
      'The user, with the organizations joined.',
    ),
    NO_TOKEN,
  ),
};

const window = {
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, default: 100 })),
  skip: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  include_count: Type.Optional(Type.Boolean({ description: 'Adds `count`, the number of all.' })),
};
const count = Type.Optional(Type.Integer({ description: 'With `include_count=true`.' }));
const BAD_WINDOW = { ...NO_TOKEN, 422: '`limit` or `skip` is not a whole number in its range.' };
const NOT_JOINED = 'There is no such organization, or the caller does not belong to it.';
const uidInPath = Type.Object({ uid: Uid('Of the organization.') });

export const organizationsSchema: FastifySchema = {
  ...AUTHENTICATED,
  summary: 'List the organizations joined',
  querystring: Type.Object(window),
  response: responses(
    described(Type.Object({ organizations: Type.Array(Organization), count }), 'The organizations.'),
    BAD_WINDOW,
  ),
};

export const organizationSchema: FastifySchema = {
  ...AUTHENTICATED,
  summary: 'Get one organization',
  params: uidInPath,
  response: responses(described(Type.Object({ organization: Organization }), 'The organization.'), {
    ...NO_TOKEN,
    404: NOT_JOINED,
  }),
};

const stackList = described(Type.Object({ stacks: Type.Array(Stack), count }), 'The stacks.');

export const stacksOfOrganizationSchema: FastifySchema = {
  ...AUTHENTICATED,
  summary: 'List the stacks of an organization',
  params: uidInPath,
  querystring: Type.Object(window),
  response: responses(stackList, { ...BAD_WINDOW, 404: NOT_JOINED }),
};

export const stacksSchema: FastifySchema = {
  ...AUTHENTICATED,
  summary: 'List the stacks of all organizations joined',
  description: 'Or of one: name it in the query or in a header `organization_uid`.',
  querystring: Type.Object({ organization_uid: Type.Optional(Uid('Only stacks of this one.')), ...window }),
  response: responses(stackList, BAD_WINDOW),
};
