import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { OfferedValues } from '../../http/dialect-scope.ts';

/*
 * Describes the routes for the API reference. Nothing is validated by it: refusals have a form and an order of their
 * own (contract 3.6, 4).
 */

export type ObjectSchema = ReturnType<typeof Type.Object>;

export const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An access token from `POST /o/token/`. It may stand in the query or in a form as `access_token` instead.',
  },
};

const Named = { name: Type.String() };
const DeviceInArray = Type.Object({ deviceKey: Type.String(), ...Named });

export const WhoAmI = Type.Object({
  email: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  timezone: Type.String({ description: 'IANA time zone.' }),
});

export const Deployment = Type.Object({
  deploymentKey: Type.String(),
  ...Named,
  timezone: Type.String(),
  permission: Type.Union([Type.Literal('view'), Type.Literal('edit')]),
  arrays: Type.Array(Type.Object({ arrayKey: Type.String(), ...Named, devices: Type.Array(DeviceInArray) })),
});

export const SensorArray = Type.Object({
  arrayKey: Type.String(),
  ...Named,
  deploymentKey: Type.String(),
  devices: Type.Array(DeviceInArray),
});

export const Device = Type.Object({
  deviceKey: Type.String(),
  ...Named,
  arrayKey: Type.String(),
  deploymentKey: Type.String(),
});

const Aggregate = Type.Object({
  arrayKey: Type.String(),
  metric: Type.Literal('visits'),
  bucket: Type.String(),
  timezone: Type.String(),
  start: Type.String({ format: 'date-time' }),
  end: Type.String({ format: 'date-time' }),
  total: Type.Integer(),
  data: Type.Array(Type.Object({ timestamp: Type.String({ format: 'date-time' }), visits: Type.Integer() })),
});

const Refused = Type.Object({
  detail: Type.String(),
  errors: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
});

const OauthRefused = Type.Object({ error: Type.String(), error_description: Type.String() });

const TokenReply = Type.Object({
  access_token: Type.String(),
  expires_in: Type.Literal(86_400),
  token_type: Type.Literal('Bearer'),
  scope: Type.String({ description: '`read`, `write` or `read write`.' }),
  refresh_token: Type.String({ description: 'To be used once; it does not expire.' }),
});

const REFUSALS = {
  401: 'No token, or one that does not count.',
  403: 'The token lacks a scope, or its user the right to edit.',
  404: 'There is no such thing, or you may not see it.',
  429: 'Too many requests; `Retry-After` says when to come back.',
};

/** What a route answers; the same refusals may come from each. */
export function answerOf(answer: TSchema): FastifySchema {
  const refusals = Object.entries(REFUSALS).map(([status, description]) => [status, described(Refused, description)]);
  return {
    security: [{ bearer: [] }],
    response: { 200: described(answer, 'Done.'), ...Object.fromEntries(refusals) },
  };
}

export function listOf(item: ObjectSchema): FastifySchema {
  return answerOf(Type.Array(item));
}

/** @param kind `deployment`, `array` or `device`; those there are are offered */
export function keyed(kind: string): FastifySchema {
  return { params: Type.Object({ key: Type.String({ 'x-values-from': kind }) }) };
}

/** What may be seen, for the API reference to offer. */
export const offeredValues: OfferedValues = Object.fromEntries(
  ['deployment', 'array', 'device'].map((kind) => [
    kind,
    { steps: [{ path: `/v2/${kind}/list`, items: '', value: `${kind}Key`, label: 'name' }] },
  ]),
);

export function changeOf(kind: string): FastifySchema {
  const zone =
    kind === 'deployment' ? { timezone: Type.Optional(Type.String({ description: 'IANA time zone.' })) } : {};
  return { body: Type.Object({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })), ...zone }) };
}

export const aggregateSchema: FastifySchema = {
  summary: 'Visits of an array in buckets of the local clock',
  description:
    'Buckets lie on the wall clock of `timezone`; `start` and `end` clip what is counted, not the labels. ' +
    'Every bucket of the window is there, also those without visits.',
  tags: ['Aggregates'],
  params: Type.Object({
    arrayKey: Type.String({ 'x-values-from': 'array' }),
    bucket: Type.String({ description: 'A number and a unit out of s, m, h, d, w, M (months), e.g. `1h`.' }),
  }),
  querystring: Type.Object({
    start: Type.Optional(
      Type.String({
        description: 'Local time in `timezone`, or with an offset. Default: a day before `end`.',
        'x-picker': 'date',
      }),
    ),
    end: Type.Optional(Type.String({ description: 'Not included. Default: now.', 'x-picker': 'date' })),
    timezone: Type.Optional(
      Type.String({ description: 'IANA time zone. Default: the one `whoami` shows.', 'x-picker': 'zone' }),
    ),
  }),
  ...answerOf(Aggregate),
};

const FORM = 'application/x-www-form-urlencoded';

const CLIENT = {
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String({ description: 'Of confidential clients; or HTTP Basic.' })),
};

export const tokenSchema: FastifySchema = {
  summary: 'Get an access token',
  tags: ['OAuth 2.0'],
  consumes: [FORM],
  body: Type.Object({
    grant_type: Type.Union(['password', 'client_credentials', 'refresh_token'].map((name) => Type.Literal(name))),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    refresh_token: Type.Optional(Type.String()),
    scope: Type.Optional(Type.String()),
    ...CLIENT,
  }),
  response: {
    200: described(TokenReply, 'The token, and the next refresh token.'),
    400: described(OauthRefused, 'RFC 6749 5.2.'),
    401: described(OauthRefused, '`invalid_client`.'),
    503: described(OauthRefused, '`temporarily_unavailable`.'),
  },
};

export const revokeSchema: FastifySchema = {
  summary: 'End a token before its time (RFC 7009)',
  tags: ['OAuth 2.0'],
  consumes: [FORM],
  body: Type.Object({ token: Type.String(), ...CLIENT }),
  response: {
    200: { description: 'It is ended, if it was one.', type: 'null' },
    400: described(OauthRefused, '`invalid_request`.'),
    401: described(OauthRefused, '`invalid_client`.'),
  },
};

function described(schema: TSchema, description: string): object {
  return { description, content: { 'application/json': { schema } } };
}
