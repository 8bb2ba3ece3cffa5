/** A parameter of the requests 1 to 7, besides `orgUid` (contract 3). */
export type ParameterName =
  | 'from'
  | 'to'
  | 'services'
  | 'duration'
  | 'includeCount'
  | 'includeTotalCount'
  | 'orderBy'
  | 'skip'
  | 'limit'
  | 'apiKey'
  | 'projectUid'
  | 'environmentUid'
  | 'httpStatusCode'
  | 'cache'
  | 'page';

export type ReadName = 'subscription' | 'devices' | 'usage' | 'url' | 'http-statuses' | 'hit-miss-ratio' | 'sdk';

/** One of the seven requests that start a job. */
export interface Read {
  /** Last part of its path. */
  readonly name: ReadName;
  readonly title: string;
  /** Told in the reply; a paginated result comes in pages of `limit` rows, and its `meta` has numbers and booleans. */
  readonly paginated: boolean;
  readonly required: readonly ParameterName[];
  /** Also accepted, with an effect. Whatever else the table of parameters has is accepted and echoed. */
  readonly optional: readonly ParameterName[];
  /** Shown in `meta` although they were not sent. */
  readonly echoed: readonly ('services' | 'duration' | 'includeCount' | 'orderBy' | 'skip' | 'limit')[];
}

const RANGE: readonly ParameterName[] = ['from', 'to'];
const LOG: readonly ParameterName[] = ['from', 'to', 'services', 'duration'];
const WINDOW = ['skip', 'limit'] as const;

export const READS: readonly Read[] = [
  {
    name: 'subscription',
    title: 'Subscription Usage',
    paginated: false,
    required: RANGE,
    optional: [],
    echoed: [],
  },
  {
    name: 'devices',
    title: 'Device Usage',
    paginated: true,
    required: RANGE,
    optional: ['services', 'duration', 'includeCount', 'orderBy', ...WINDOW, 'apiKey'],
    echoed: ['services', 'duration', 'includeCount', 'orderBy', ...WINDOW],
  },
  {
    name: 'usage',
    title: 'Usage Analytics',
    paginated: false,
    required: RANGE,
    optional: ['services', 'duration', 'includeCount', 'apiKey', 'projectUid', 'environmentUid'],
    echoed: ['services', 'duration'],
  },
  {
    name: 'url',
    title: 'Top URLs',
    paginated: true,
    required: RANGE,
    optional: ['services', 'duration', 'includeTotalCount', 'orderBy', ...WINDOW, 'apiKey'],
    echoed: ['services', 'duration', ...WINDOW],
  },
  {
    name: 'http-statuses',
    title: 'Status Code',
    paginated: false,
    required: LOG,
    optional: ['apiKey', 'httpStatusCode'],
    echoed: ['services', 'duration'],
  },
  {
    name: 'hit-miss-ratio',
    title: 'Cache Usage',
    paginated: false,
    required: LOG,
    optional: ['includeCount', 'apiKey', 'cache'],
    echoed: ['services', 'duration'],
  },
  {
    name: 'sdk',
    title: 'SDK Usage',
    paginated: true,
    required: [...LOG, 'includeCount'],
    optional: ['orderBy', ...WINDOW, 'apiKey'],
    echoed: ['services', 'duration', 'includeCount', 'orderBy', ...WINDOW],
  },
];
