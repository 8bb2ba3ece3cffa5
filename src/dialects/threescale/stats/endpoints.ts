import Type from 'typebox';
import { fail } from '../../../domain/result.ts';
import type { Services } from '../../dialect.ts';
import { choice, date, describe, idOf, type Described } from '../describe.ts';
import type { Endpoint } from '../endpoint.ts';
import { exampleOf } from '../examples/examples.ts';
import type { Format } from '../format/format.ts';
import { NOT_FOUND } from '../format/refusal.ts';
import { railsZones } from '../time/zone-names.ts';
import { summary } from './summary.ts';
import { topApplications } from './top-applications.ts';
import { usage, usageResponseCode } from './usage.ts';

const EVERY: readonly Format[] = ['xml', 'json', 'csv'];

const timezone = Type.Optional(
  Type.String({
    description:
      'An IANA time zone or a Rails display name; any other name means UTC. Default: the zone of the tenant.',
    examples: ['Europe/Madrid'],
    'x-picker': 'zone',
    'x-zone-names': [...railsZones.keys()],
  }),
);

const metric = Type.String({
  description: 'System name of a metric or method of the service; `method_name` does as well.',
  default: 'hits',
  examples: ['hits'],
  'x-values-from': 'metrics',
});

const range = {
  since: Type.Optional(date('Beginning, rounded down to its bucket. Required without `period`.', '2024-03-01')),
  until: Type.Optional(date('End, rounded up to its bucket; ignored with `period`.', '2024-03-10')),
  granularity: Type.Optional(
    choice(
      ['month', 'day', 'hour', '21600', '6h', 'eternity'],
      'Length of a bucket. Required without `period`; `eternity` only with `period=eternity`.',
    ),
  ),
  period: Type.Optional(
    choice(
      ['year', 'month', 'week', 'day', 'eternity'],
      'From `since`, or up to now without it; wins over `until`. Its granularity is month, day, 21600 and hour.',
    ),
  ),
  timezone,
  skip_change: Type.Optional(choice(['true', 'false'], '`false` compares with the range before (JSON only).', 'true')),
};

const LENGTHS = 'At most 10 years of months, 1 year of days, 6 months of six hours, 90 days of hours.';

/** The Analytics API (contract 4), in the order of the API reference. */
export function analytics({ providers, questions, clock }: Services): readonly Endpoint[] {
  const reads = { providers, questions, clock };
  const route = (
    path: string,
    formats: readonly Format[],
    described: Omit<Described, 'tag' | 'formats'>,
    run: Endpoint['run'],
  ): Endpoint => ({
    path,
    formats,
    needs: ['stats'],
    schema: describe({ ...described, tag: 'Analytics API', formats }),
    run,
  });
  const application = { application_id: idOf('applications', 'Id of the application, not its `app_id`.', 41) };
  const service = { service_id: idOf('services', 'Id of the service.', 7) };
  const code = Type.String({
    description: 'A code of three digits, or a group: `1XX` to `5XX`.',
    examples: ['200'],
  });
  return [
    route(
      '/stats/applications/:application_id/usage',
      EVERY,
      {
        summary: 'Use of a metric by an application',
        description: LENGTHS,
        path: application,
        query: { metric_name: metric, ...range },
        examples: exampleOf('applicationUsage'),
      },
      usage(reads, 'application'),
    ),
    route(
      '/stats/services/:service_id/usage',
      EVERY,
      {
        summary: 'Use of a metric by all applications of a service',
        description: LENGTHS,
        path: service,
        query: { metric_name: metric, ...range },
        examples: exampleOf('serviceUsage'),
      },
      usage(reads, 'service'),
    ),
    route(
      '/stats/backend_apis/:backend_id/usage',
      ['json'],
      {
        summary: 'Use of a backend',
        description: 'There are no backends here: always 404.',
        always: 404,
        path: { backend_id: Type.Integer({ minimum: 1, description: 'Id of a backend.', examples: [1] }) },
        examples: exampleOf('noBackend'),
      },
      async () => fail(NOT_FOUND),
    ),
    route(
      '/stats/applications/:application_id/usage_response_code',
      EVERY,
      {
        summary: 'Calls of an application by what the API answered',
        description: LENGTHS,
        path: application,
        query: { response_code: code, ...range },
        examples: exampleOf('applicationCodes'),
      },
      usageResponseCode(reads, 'application'),
    ),
    route(
      '/stats/services/:service_id/usage_response_code',
      EVERY,
      {
        summary: 'Calls of a service by what the API answered',
        description: LENGTHS,
        path: service,
        query: { response_code: code, ...range },
        examples: exampleOf('serviceCodes'),
      },
      usageResponseCode(reads, 'service'),
    ),
    route(
      '/stats/services/:service_id/top_applications',
      EVERY,
      {
        summary: 'Applications that used a metric most',
        description: 'In the calendar period that holds `since`; weeks begin on Monday.',
        path: service,
        query: {
          metric_name: metric,
          period: choice(['year', 'month', 'week', 'day'], 'Calendar period.'),
          since: date('A date in the period.', '2024-03-01'),
          timezone,
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'How many at most.' }),
          ),
        },
        examples: exampleOf('topApplications'),
      },
      topApplications(reads),
    ),
    route(
      '/stats/applications/:application_id/summary',
      ['json'],
      {
        summary: 'Metrics and methods of an application',
        path: application,
        examples: exampleOf('applicationSummary'),
      },
      summary(reads, 'application'),
    ),
    route(
      '/stats/services/:service_id/summary',
      ['json'],
      { summary: 'Methods of a service', path: service, examples: exampleOf('serviceSummary') },
      summary(reads, 'service'),
    ),
  ];
}
