import Type, { type Static } from 'typebox';

/*
 * What travels over the native API, as schemas that validate requests and describe answers, and as types. Clients of
 * this repository (the dashboard) import this file and nothing else of the server, so it imports nothing of ours.
 */

const closed = { additionalProperties: false } as const;

export const STREAMS = ['requests', 'usage', 'sessions', 'events', 'visits', 'inventory'] as const;
export const Stream = Type.Enum(STREAMS, { description: 'Name of a fact stream.' });
export type Stream = Static<typeof Stream>;

export const Instant = Type.String({
  description: 'RFC 3339 time with offset.',
  examples: ['2026-11-21T10:00:00Z', '2026-11-21T11:00:00+01:00'],
});

/** RFC 9457. `field` is the offending value's path in the request, e.g. `measures[1]` or `bucket.zone`. */
export const ProblemDetails = Type.Object(
  {
    type: Type.String({ description: 'Name of the kind of problem, `urn:tallyhouse:problem:<kind>`.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    field: Type.Optional(Type.String({ description: 'Path of the offending value in the request.' })),
    request_id: Type.String({ description: 'Also in the header X-Request-Id and in the server’s log.' }),
  },
  { ...closed, $id: 'Problem', description: 'RFC 9457 problem details.' },
);
export type ProblemDetails = Static<typeof ProblemDetails>;

export const RejectedRow = Type.Object(
  {
    index: Type.Integer({ minimum: 0, description: 'Number of the row, from 0; empty lines are not counted.' }),
    problem: Type.String({ description: 'What is wrong, in words.' }),
    field: Type.Optional(Type.String({ description: 'The field it is about.' })),
  },
  closed,
);
export type RejectedRow = Static<typeof RejectedRow>;

export const FactsAnswer = Type.Object(
  {
    accepted: Type.Integer({ description: 'Rows that are on disk now and were not before.' }),
    duplicate: Type.Integer({
      description: 'Rows that were there already, by their `id` or by the `Idempotency-Key`.',
    }),
    rejected: Type.Array(RejectedRow),
    rejected_total: Type.Optional(
      Type.Integer({ description: 'Number of rejected rows; only present when the list was cut at 10,000.' }),
    ),
  },
  { ...closed, $id: 'FactsAnswer' },
);
export type FactsAnswer = Static<typeof FactsAnswer>;

export const FILTER_OPERATORS = ['in', 'not_in', 'contains', 'starts_with'] as const;
export const ORDER_DIRECTIONS = ['ascending', 'descending'] as const;
const Name = Type.String({ maxLength: 100 });
const FilterValue = Type.Union([Type.String(), Type.Number(), Type.Null()]);

export const QueryRequest = Type.Object(
  {
    stream: Name,
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    last: Type.Optional(
      Type.String({
        description:
          'Instead of `from` and `to`: so long until now. Minutes and hours are exact, days and longer follow the calendar of the zone.',
        examples: ['90m', '24h', '7d', '4w', '3M', '1y'],
      }),
    ),
    bucket: Type.Optional(
      Type.Object(
        {
          every: Type.String({
            description: 'A number and one of s, m, h, d, w (ISO weeks), M, y.',
            examples: ['15m', '1h', '1d', '1w', '1M'],
          }),
          zone: Type.Optional(Type.String({ description: 'IANA time zone; default is the organization’s.' })),
        },
        closed,
      ),
    ),
    measures: Type.Array(Name, { minItems: 1, maxItems: 50 }),
    dimensions: Type.Optional(Type.Array(Name, { maxItems: 20 })),
    filters: Type.Optional(
      Type.Array(
        Type.Object(
          {
            dimension: Name,
            operator: Type.Optional(Type.Enum(FILTER_OPERATORS, { description: 'Default `in`.' })),
            values: Type.Array(FilterValue, { description: '`null` stands for an absent value.' }),
          },
          closed,
        ),
        { maxItems: 50 },
      ),
    ),
    order: Type.Optional(
      Type.Array(
        Type.Object(
          {
            by: Type.String({ maxLength: 100, description: 'A measure, a dimension, or `bucket`.' }),
            direction: Type.Optional(Type.Enum(ORDER_DIRECTIONS, { description: 'Default `ascending`.' })),
          },
          closed,
        ),
        { maxItems: 20 },
      ),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 0 })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    fill: Type.Optional(Type.Boolean({ description: 'With a bucket: also rows for buckets without facts.' })),
    organizations: Type.Optional(
      Type.Array(Type.String({ description: 'Uid or key.' }), {
        minItems: 1,
        maxItems: 10_000,
        description: 'Whose facts; default is the key’s own organization.',
      }),
    ),
    descendants: Type.Optional(
      Type.Boolean({ description: 'Also the organizations below those named. Default false.' }),
    ),
  },
  closed,
);
export type QueryRequest = Static<typeof QueryRequest>;

/** Integers beyond 2^53 are texts of digits, because JSON readers would round them. */
const Value = Type.Union([Type.String(), Type.Number(), Type.Null()]);

export const QueryAnswer = Type.Object(
  {
    rows: Type.Array(Type.Record(Type.String(), Value), {
      description:
        'One object a row: `bucket` (its beginning, local time with offset) when the query has buckets, then the dimensions and measures by name.',
    }),
    from: Instant,
    to: Instant,
    zone: Type.Union([Type.String(), Type.Null()], { description: 'Zone of the buckets.' }),
    buckets: Type.Array(
      Type.Object(
        {
          start: Instant,
          end: Instant,
          complete: Type.Boolean({ description: 'False for a bucket that is not over yet.' }),
        },
        closed,
      ),
    ),
    watermark: Type.String({ description: 'Rows acknowledged before this instant are counted.' }),
    total_rows: Type.Optional(Type.Integer({ description: 'Rows before `limit` and `offset`, when one was given.' })),
  },
  { ...closed, $id: 'QueryAnswer' },
);
export type QueryAnswer = Static<typeof QueryAnswer>;

const Percent = Type.Union([Type.Number(), Type.Null()]);
const LocalDate = Type.String({ examples: ['2026-11-12'] });
const OptionalDate = Type.Union([LocalDate, Type.Null()]);
const Hits = Type.Integer({ minimum: 0 });
const EngagementGroup = Type.Enum(['never_used', 'stopped', 'consistent']);
const inGroup = { applications: Type.Integer(), accounts: Type.Integer(), share_percent: Percent };

export const EngagementAnswer = Type.Object(
  {
    parameters: Type.Object(
      {
        plan_name: Type.Optional(Type.String({ examples: ['evaluation'] })),
        plan_id: Type.Optional(Type.Integer()),
        service_id: Type.Optional(Type.Integer()),
        state: Type.Optional(Type.String()),
        days: Type.Integer({ examples: [10] }),
        metric_name: Type.String({ examples: ['hits'] }),
        timezone: Type.String({ examples: ['Europe/Berlin'] }),
        since: LocalDate,
        until: LocalDate,
        first_half: Type.Array(LocalDate, { description: 'First and last day.' }),
        second_half: Type.Array(LocalDate, { description: 'Of an odd number of days the middle one is in neither.' }),
      },
      closed,
    ),
    summary: Type.Object(
      {
        applications: Type.Integer(),
        accounts: Type.Integer({ description: 'An account counts once, in its best group.' }),
        groups: Type.Object(
          {
            never_used: Type.Object(inGroup, closed),
            stopped: Type.Object(inGroup, closed),
            consistent: Type.Object({ ...inGroup, growth_percent: Percent, late_starts: Type.Integer() }, closed),
          },
          closed,
        ),
      },
      closed,
    ),
    applications: Type.Array(
      Type.Object(
        {
          group: EngagementGroup,
          application_id: Type.Integer({ examples: [41] }),
          application_name: Type.String(),
          account_id: Type.Integer(),
          org_name: Type.String(),
          name: Type.String({ description: 'Of the account’s contact, empty when unknown.' }),
          email: Type.String(),
          plan_name: Type.String(),
          service_id: Type.Integer(),
          state: Type.String(),
          created_at: Instant,
          hits_total: Hits,
          hits_first_half: Hits,
          hits_second_half: Hits,
          growth_percent: Percent,
          late_start: Type.Boolean({ description: 'Keeps calling, and began in the second half.' }),
          active_days: Hits,
          first_day: OptionalDate,
          last_day: OptionalDate,
          values: Type.Array(Hits, { description: 'Hits of each day of the window.' }),
        },
        closed,
      ),
    ),
  },
  { ...closed, $id: 'EngagementAnswer' },
);

export const StreamField = Type.Object(
  {
    name: Type.String(),
    type: Type.Enum(['time', 'text', 'integer', 'number', 'json']),
    description: Type.String(),
    required: Type.Boolean(),
    dimension: Type.Boolean({ description: 'May be grouped by and filtered on.' }),
    derived: Type.Boolean({ description: 'Set by the server and refused in rows.' }),
    max_length: Type.Optional(Type.Integer({ description: 'In characters (code points).' })),
    max_bytes: Type.Optional(Type.Integer()),
    one_of: Type.Optional(Type.Array(Type.String())),
    minimum: Type.Optional(Type.Integer()),
    maximum: Type.Optional(Type.Integer()),
    default: Type.Optional(Type.Number()),
  },
  closed,
);

export const StreamDeclaration = Type.Object(
  {
    name: Stream,
    description: Type.String(),
    fields: Type.Array(StreamField),
    dimensions: Type.Array(Type.String()),
    measures: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          description: Type.String(),
          unit: Type.Enum(['count', 'bytes', 'ms', 's', 'none']),
          aggregate: Type.Enum(['sum', 'rows', 'uniques', 'min', 'max', 'mean']),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const StreamsAnswer = Type.Object({ streams: Type.Array(StreamDeclaration) }, closed);
export type StreamsAnswer = Static<typeof StreamsAnswer>;

export const EXPORT_FORMATS = ['csv', 'ndjson', 'parquet'] as const;

/** Data of a `counts` event of `GET /api/v1/live`. */
export const LiveCounts = Type.Object(
  {
    from: Instant,
    to: Instant,
    step_ms: Type.Integer(),
    streams: Type.Record(Type.String(), Type.Array(Type.Union([Type.Integer(), Type.String()])), {
      description: 'For each stream one number a step, oldest first; the last step still runs.',
    }),
  },
  { ...closed, $id: 'LiveCounts' },
);
export type LiveCounts = Static<typeof LiveCounts>;

export const KEY_SCOPES = ['ingest', 'read', 'admin'] as const;
export const OrganizationName = Type.Object(
  { uid: Type.String(), key: Type.String(), name: Type.String(), timezone: Type.String() },
  closed,
);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
export const UserName = Type.Object(
  {
    email: Type.String(),
    username: Type.String(),
    first_name: TextOrNull,
    last_name: TextOrNull,
    timezone: TextOrNull,
  },
  closed,
);
export const WhoAmI = Type.Object(
  {
    key: Type.Optional(Type.Object({ prefix: Type.String(), label: TextOrNull }, closed)),
    user: Type.Optional(UserName),
    scopes: Type.Array(Type.Enum(KEY_SCOPES)),
    organization: OrganizationName,
    covers: Type.Array(OrganizationName, { description: 'The organization and those below it, at most 1,000.' }),
  },
  { ...closed, $id: 'WhoAmI' },
);
export type WhoAmI = Static<typeof WhoAmI>;

/** `GET /api/v1/session`, which answers whoever asks. */
export const SessionAnswer = Type.Object(
  {
    log_in: Type.Union([Type.String(), Type.Null()], { description: 'Path to log in at; null when nobody can.' }),
    user: Type.Union([UserName, Type.Null()], { description: 'Null when nobody is logged in.' }),
    organization: Type.Union([OrganizationName, Type.Null()], { description: 'Where the session works.' }),
    scopes: Type.Array(Type.Enum(KEY_SCOPES)),
    choices: Type.Array(OrganizationName, { description: 'Where it may work, at most 1,000.' }),
  },
  { ...closed, $id: 'Session' },
);
export type SessionAnswer = Static<typeof SessionAnswer>;

export const LedgerAnswer = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          minute: Instant,
          organization: Type.String({ description: 'Uid.' }),
          source: Type.String({ description: 'Dialect that the rows came through.' }),
          stream: Type.Union([Type.String(), Type.Null()]),
          received: Type.Integer(),
          accepted: Type.Integer(),
          duplicate: Type.Integer(),
          rejected: Type.Record(Type.String(), Type.Integer(), { description: 'Rejected rows by reason.' }),
        },
        closed,
      ),
      { description: 'In order of time. received = accepted + duplicate + all rejected.' },
    ),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the following page.' }),
  },
  { ...closed, $id: 'LedgerAnswer' },
);
export type LedgerAnswer = Static<typeof LedgerAnswer>;

const InstantOrNull = Type.Union([Instant, Type.Null()]);

/** A question that is answered later. */
export const JobAnswer = Type.Object(
  {
    id: Type.String({ pattern: '^job_[0-9a-f-]{36}$' }),
    kind: Type.String({ description: 'Dialect that asked.', examples: ['contentstack'] }),
    organization: Type.String({ description: 'Uid.' }),
    state: Type.Enum(['waiting', 'running', 'done', 'failed']),
    created_at: Instant,
    started_at: Type.Union([Instant, Type.Null()], { description: 'Begin of the latest attempt.' }),
    finished_at: InstantOrNull,
    expires_at: Type.Union([Instant, Type.Null()], { description: 'When job and result are thrown away.' }),
    attempts: Type.Integer({ description: 'More than 1 when a server died of or beside it.' }),
    rows: Type.Integer({ description: 'Rows of the result that are stored; grows while it runs.' }),
    bytes: Type.Integer({ description: 'What is stored of it.' }),
    problem: Type.Union([Type.String(), Type.Null()], { description: 'Why it has failed.' }),
  },
  { ...closed, $id: 'Job' },
);
export type JobAnswer = Static<typeof JobAnswer>;

export const JobsAnswer = Type.Object(
  {
    jobs: Type.Array(Type.Object(JobAnswer.properties, closed)),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the following page.' }),
  },
  { ...closed, $id: 'JobsAnswer' },
);

export const AuditAnswer = Type.Object(
  {
    events: Type.Array(
      Type.Object(
        {
          at: Instant,
          event: Type.String({ examples: ['login.failed', 'key.created', 'oauth.refresh_replay'] }),
          actor: Type.Union([Type.String(), Type.Null()]),
          organization: Type.Union([Type.String(), Type.Null()]),
          subject: Type.Union([Type.String(), Type.Null()]),
          address: Type.Union([Type.String(), Type.Null()]),
          detail: Type.Unknown(),
        },
        closed,
      ),
      { description: 'Newest first.' },
    ),
    next: Type.Union([Type.String(), Type.Null()]),
  },
  { ...closed, $id: 'AuditAnswer' },
);
export type AuditAnswer = Static<typeof AuditAnswer>;

/** A page of a directory resource; entries have the keys of the directory file, without secrets. */
export const EntriesAnswer = Type.Object(
  {
    entries: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the following page.' }),
  },
  { ...closed, $id: 'Entries' },
);
export type EntriesAnswer = Static<typeof EntriesAnswer>;
