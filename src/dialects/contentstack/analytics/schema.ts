import type { FastifySchema } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { described, responses } from '../schema.ts';
import type { ParameterName, Read, ReadName } from './reads.ts';
import { SERVICES } from './services.ts';
import { MAX_LIMIT } from './parameters.ts';

const NAMES = SERVICES.map((service) => `\`${service}\``).join(', ');
const INT32_MAX = 2_147_483_647;

const orgUid = Type.String({
  description: 'The organization. The caller has to be one of its owners or admins.',
  examples: ['blt0000000000000001'],
});

const day = (description: string, example: string): TSchema =>
  Type.String({ format: 'date', description, examples: [example] });

/** The parameters of the requests 1 to 7 (contract 3). */
const PARAMETERS: Readonly<Record<ParameterName, TSchema>> = {
  from: day('First day, of UTC.', '2026-01-31'),
  to: day('Last day, of UTC, included. More than 90 days after `from` the job fails.', '2026-03-31'),
  services: Type.String({
    description: `JSON array out of ${NAMES}. A comma list, or the parameter several times, does as well. Default \`["cdn","cma"]\`.`,
    examples: ['["cdn","cma"]'],
  }),
  duration: Type.Enum(['day', 'week', 'month'], {
    description: 'Length of the buckets: UTC days, ISO weeks from Monday, calendar months.',
    default: 'day',
  }),
  includeCount: Type.Boolean({ description: 'Adds `total` and `totalDocs` to *Device Usage* and *SDK Usage*.' }),
  includeTotalCount: Type.Boolean({ description: 'Adds `total` and `totalDocs` to *Top URLs*.', default: false }),
  orderBy: Type.Enum([1, -1], { description: 'By `count`: 1 ascending, -1 descending.', default: -1 }),
  skip: Type.Integer({ minimum: 0, maximum: INT32_MAX, default: 0, description: 'Rows left out before page 0.' }),
  limit: Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: MAX_LIMIT, description: 'Rows of a page.' }),
  apiKey: Type.String({
    description: 'Only calls of the stack with this API key.',
    examples: ['bltstack00000001'],
  }),
  projectUid: Type.String({ description: 'Only calls of this Launch project; with `services=["launch"]`.' }),
  environmentUid: Type.String({ description: 'Only calls of this Launch environment; with `services=["launch"]`.' }),
  httpStatusCode: Type.Integer({ minimum: 100, maximum: 599, description: 'Only this status.', examples: [404] }),
  cache: Type.Enum(['HIT', 'MISS'], { description: 'Only this outcome.' }),
  page: Type.Integer({ minimum: 0, maximum: INT32_MAX, default: 0, description: 'Page of a paginated result.' }),
};

const REFUSALS = {
  400: 'A percent escape cannot be decoded, or `services` begins like JSON and is none.',
  401: 'No `authtoken`, or one that is not valid (`error_code` 105).',
  403: 'The caller is no owner or admin of the organization, or has to come through its identity provider, or it has no analytics.',
  422: 'A parameter is missing, invalid, unknown or repeated; `errors` names it (`error_code` 119).',
  429: 'More requests than the organization may send in a second, or too many of its jobs are active.',
};

const RATE_HEADERS = {
  'X-RateLimit-Limit': { description: 'Requests an organization may send in a second.', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'Requests left in this second.', schema: { type: 'integer' } },
};

const DESCRIPTIONS: Readonly<Record<ReadName, string>> = {
  subscription: 'Launch projects, environments and domains created until the end of `to`.',
  devices: 'How often each device or user agent called, in each bucket.',
  usage: 'Calls and bytes of APIs and of the CDN in every bucket of the range, also where nothing happened.',
  url: 'How often each URL was called in the range.',
  'http-statuses': 'How often each HTTP status was answered, in each bucket.',
  'hit-miss-ratio': 'How often the cache had the answer (`HIT`) or not (`MISS`), in each bucket.',
  sdk: 'How often each SDK called, in each bucket.',
};

const Created = Type.Object({
  jobId: Type.String({
    pattern: '^job_[0-9a-f-]{36}$',
    description: 'For *Retrieve Data*.',
    examples: ['job_2b0c9a7e-51d3-4c1e-9f60-7a44c1e0d5aa'],
  }),
  paginated: Type.Boolean({ description: 'Whether the result comes in pages of `limit` rows.' }),
});

export function readSchema(read: Read): FastifySchema {
  const query = Object.fromEntries([
    ['orgUid', orgUid],
    ...read.required.map((name) => [name, PARAMETERS[name]] as const),
    ...read.optional.map((name) => [name, Type.Optional(PARAMETERS[name])] as const),
  ]);
  return {
    tags: ['Analytics'],
    security: [{ authtoken: [] }],
    summary: read.title,
    description: `${DESCRIPTIONS[read.name]} Starts a job; its result is fetched with *Retrieve Data*.`,
    querystring: Type.Object(query),
    response: responses(
      { ...described(Created, 'The job.'), headers: RATE_HEADERS },
      {
        ...REFUSALS,
        412: 'No stack of the organization has that `apiKey` (`error_code` 109).',
        502: 'The analytics store cannot be reached.',
      },
    ),
  };
}

/** A count, as a text of digits where it is larger than 32 bits. */
const Count = Type.Union([Type.Integer({ maximum: INT32_MAX }), Type.String({ pattern: '^[0-9]+$' })]);
const date = Type.String({ format: 'date', description: 'First day of the bucket.' });
const type = Type.Enum([...SERVICES], { description: 'Service.' });
const Marker = Type.Object(
  { date, count: Type.Optional(Type.Literal(0)) },
  { description: 'Last element when the last bucket has no rows.' },
);

const Result = Type.Object({
  total: Type.Optional(Count),
  totalDocs: Type.Optional(Count),
  data: Type.Array(
    Type.Union([
      Type.Object({ total_launch_project: Count, total_launch_env: Count, total_launch_domain: Count }),
      Type.Object({ count: Count, type, device: Type.String(), date }),
      Type.Object({
        total_api_bandwidth: Count,
        total_api_count: Count,
        total_cdn_bandwidth: Count,
        total_cdn_count: Count,
        date,
      }),
      Type.Object({ url: Type.String(), type, count: Type.String({ pattern: '^[0-9]+$' }) }),
      Type.Object({ count: Count, type, status: Type.String(), date }),
      Type.Object({ count: Count, type, sdk: Type.String(), date }),
      Marker,
    ]),
    { description: 'Rows of the request that the job came from, in this order of alternatives.' },
  ),
  urlDataSource: Type.Optional(Type.String({ description: 'Of *Top URLs* only.', examples: ['athena'] })),
  meta: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The request.',
    examples: [{ orgUid: 'blt0000000000000001', from: '2026-01-31', to: '2026-03-31', services: '["cdn","cma"]' }],
  }),
  uid: Type.String({ format: 'uuid', description: 'Of the result.' }),
});

const Active = Type.Object({
  message: Type.Literal('Job active'),
  jobId: Type.String(),
  status: Type.Literal('active'),
});

const { 400: undecodable, 401: noToken, 403: noRight, 429: tooMany } = REFUSALS;

export const retrieveSchema: FastifySchema = {
  tags: ['Analytics'],
  security: [{ authtoken: [] }],
  summary: 'Retrieve Data',
  description:
    'The result of a job; the same at every call. `Job active` means to ask again later. Results are kept for 24 hours, ' +
    'or as long as the operator says.',
  params: Type.Object({ jobId: Type.String({ description: 'From one of the seven requests.' }) }),
  querystring: Type.Object({ orgUid, page: Type.Optional(PARAMETERS.page) }),
  response: responses(
    { ...described(Type.Union([Result, Active]), 'The result, or that there is none yet.'), headers: RATE_HEADERS },
    {
      400: undecodable,
      401: noToken,
      403: noRight,
      404: 'The organization has no such job (any more).',
      422: '`page` is no whole number, or past the end, or not 0 where the result is not paginated.',
      429: tooMany,
      500: 'Job Failed (`error_code` 501): the range is longer than 90 days, or the store failed.',
    },
  ),
};
