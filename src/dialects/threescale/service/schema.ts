import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { Variant } from './authorize.ts';

/*
 * Describes the routes for the API reference; nothing is validated by it, because refusals have a form and an order of
 * their own (contract 5.4).
 */

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

const TAGS = ['Service Management API'];

function named(from: string, description: string, more: Readonly<Record<string, unknown>> = {}): TSchema {
  return Type.Optional(Type.String({ description, 'x-values-from': from, ...more }));
}

/** The page hides it until it is asked to show it. */
const SECRET = { format: 'password' };

const CREDENTIALS = {
  service_token: named('service_tokens', 'Token of the service; needs `service_id`.', SECRET),
  service_id: named('services', 'Id of the service. With `provider_key` the default service when absent.'),
  provider_key: Type.Optional(Type.String({ description: 'Instead of `service_token`.', ...SECRET })),
};

const USAGE = Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
  description: 'Amounts by system name of the metric or method: `usage[hits]=1`.',
  'x-values-from': 'metrics',
});

const LOG = Type.Object({
  code: Type.Optional(Type.Integer({ minimum: 100, maximum: 999, description: 'Status that the API answered.' })),
});

const OPTIONS = Type.Object({
  '3scale-options': Type.Optional(
    Type.String({
      description:
        'Joined by `&`: `no_body=1`, `rejection_reason_header=1`, `limit_headers=1`, `hierarchy=1`, `flat_usage=1`, ' +
        '`list_app_keys=1`.',
    }),
  ),
});

const ERRORS = {
  400: xml('The request cannot be read.', '<error code="bad_request">…</error>'),
  403: xml('Credentials, application or usage value are not accepted.', '<error code="user_key_invalid">…</error>'),
  404: xml(
    'There is no such application or metric.',
    '<error code="metric_invalid">metric "clicks" is invalid</error>',
  ),
  422: xml('Something is missing or not UTF-8.', '<error code="service_id_missing">Service ID is missing</error>'),
};

const SUMMARIES: Readonly<Record<string, string>> = {
  authorize: 'Would a call be allowed?',
  authrep: 'May a call be made? Counts it if so',
  oauth_authorize: 'Would a call be allowed? (OAuth)',
  oauth_authrep: 'May a call be made? Counts it if so (OAuth)',
};

export function authorizeSchema(name: string, { counts, oauth }: Variant): FastifySchema {
  return {
    summary: SUMMARIES[name] ?? name,
    description: counts
      ? 'The verdict, and the usage is counted when it is positive. Without `usage` nothing is counted.'
      : 'The verdict only; `usage` is a prediction and is not counted.',
    tags: TAGS,
    headers: OPTIONS,
    querystring: Type.Object({
      ...CREDENTIALS,
      ...(oauth ? {} : { user_key: named('user_keys', 'Of an application of a service with user keys.') }),
      app_id: named('app_ids', 'Of an application of any other service; in OAuth the client id.'),
      app_key: Type.Optional(Type.String({ description: 'One of the application’s keys, when it has any.' })),
      usage: Type.Optional(USAGE),
      ...(counts ? { log: Type.Optional(LOG) } : {}),
      referrer: Type.Optional(Type.String({ description: 'Where the call comes from; `*` passes every filter.' })),
      ...(oauth
        ? { redirect_url: Type.Optional(Type.String({ description: 'Has to be the application’s own.' })) }
        : {}),
      no_body: Type.Optional(Type.String({ description: 'Only the status code.' })),
    }),
    response: {
      200: xml('Authorized.', statusExample(true, oauth)),
      409: xml('Refused; `reason` says why.', statusExample(false, oauth)),
      ...ERRORS,
    },
  };
}

export const reportSchema: FastifySchema = {
  summary: 'Count calls that were made',
  description:
    'All transactions or none: one that is wrong drops them all, and the mistake is kept in the integration errors of ' +
    'the service. Limits do not stop a report.',
  tags: TAGS,
  consumes: ['application/x-www-form-urlencoded'],
  body: Type.Object({
    ...CREDENTIALS,
    transactions: Type.Array(
      Type.Object({
        user_key: named('user_keys', 'Of an application of a service with user keys.'),
        app_id: named('app_ids', 'Of an application of any other service.'),
        usage: USAGE,
        timestamp: Type.Optional(
          Type.String({ description: '`YYYY-MM-DD HH:MM:SS` of UTC, at most 24 hours old. Default: now.' }),
        ),
        log: Type.Optional(LOG),
      }),
      { description: 'Up to 1000: `transactions[0][usage][hits]=1`.' },
    ),
  }),
  response: { 202: { description: 'Stored.', type: 'null' }, ...ERRORS },
};

function xml(description: string, example: string): object {
  return {
    description,
    content: {
      'application/vnd.3scale-v2.0+xml': { schema: Type.String(), example: `${DECLARATION}${example}` },
    },
  };
}

function statusExample(authorized: boolean, oauth: boolean): string {
  const client =
    '<application><id>a1b2c3d4</id><key>k1</key><redirect_url>https://app.example/back</redirect_url></application>';
  return (
    `<status><authorized>${authorized}</authorized>` +
    (authorized ? '' : '<reason>usage limits are exceeded</reason>') +
    (oauth ? client : '') +
    '<plan>evaluation</plan><usage_reports><usage_report metric="hits" period="day">' +
    '<period_start>2024-03-09 00:00:00 +0000</period_start><period_end>2024-03-10 00:00:00 +0000</period_end>' +
    `<max_value>100</max_value><current_value>${authorized ? 42 : 100}</current_value></usage_report></usage_reports></status>`
  );
}
