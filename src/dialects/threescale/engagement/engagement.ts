import type { FastifySchema } from 'fastify';
import Type from 'typebox';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { localMidnight, type LocalMs } from '../../../domain/time/civil.ts';
import type { ZoneId } from '../../../domain/time/instant.ts';
import { localMsAt } from '../../../domain/time/local.ts';
import {
  DEFAULT_DAYS,
  DEFAULT_METRIC,
  type EngagementReports,
  type EngagementRequest,
} from '../../../reports/engagement/engagement.ts';
import { engagementCsv } from '../../../reports/engagement/render-csv.ts';
import { engagementJson, type EngagementJson } from '../../../reports/engagement/render-json.ts';
import { engagementText } from '../../../reports/engagement/render-text.ts';
import { choice, date, describe, idOf } from '../describe.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { Float, jsonText, type Json } from '../format/json.ts';
import { message, missing, readRefusalOf, type ReadRefusal } from '../format/refusal.ts';
import { parseDate } from '../time/dates.ts';
import { railsZones, zoneNamed } from '../time/zone-names.ts';
import { EXAMPLES } from './examples.ts';

/** No object has it as its id. */
const NO_ID = 0;

const FORMATS = ['json', 'csv', 'txt'] as const;

const schema: FastifySchema = describe({
  summary: 'Engagement report',
  description:
    'Of the applications that signed up for a plan in the last days: which never called (`never_used`), which called and ' +
    'stopped (`stopped`: nothing in the second half of the window), and which keep calling (`consistent`), with the growth ' +
    'from the first half to the second and whom to write to. A token needs both scopes.',
  tag: 'Reports',
  formats: FORMATS,
  query: {
    plan_name: Type.Optional(
      Type.String({
        description: 'Exact name of the application plan. Required unless `plan_id`.',
        examples: ['evaluation'],
        'x-values-from': 'plan_names',
      }),
    ),
    plan_id: Type.Optional(idOf('plans', 'Id of the application plan.', 3)),
    service_id: Type.Optional(idOf('services', 'Only plans of this service.', 7)),
    state: Type.Optional(choice(['live', 'pending', 'suspended'], 'Only applications in this state.')),
    days: Type.Optional(
      Type.Integer({ minimum: 2, maximum: 365, default: DEFAULT_DAYS, description: 'Days of the window.' }),
    ),
    metric_name: Type.Optional(
      Type.String({
        default: DEFAULT_METRIC,
        description: 'System name of a metric or method.',
        'x-values-from': 'metrics',
      }),
    ),
    timezone: Type.Optional(
      Type.String({
        description: 'Zone of the days. Default: the zone of the tenant.',
        'x-picker': 'zone',
        'x-zone-names': [...railsZones.keys()],
      }),
    ),
    until: Type.Optional(date('Last day of the window. Default: today.', '2024-03-10')),
  },
  examples: EXAMPLES,
});

/** `/stats/reports/engagement` (contract 6). */
export function engagementEndpoint(engagement: EngagementReports): Endpoint {
  return {
    path: '/stats/reports/engagement',
    formats: FORMATS,
    needs: ['stats', 'account_management'],
    schema,
    async run(call) {
      const request = requestOf(call);
      if (!request.ok) return request;
      const report = await engagement.run(request.value, { tag: 'threescale:engagement', signal: call.signal });
      // A refused value is told in the report's own words.
      if (!report.ok) {
        const { problem } = report;
        return fail(problem.kind === 'invalid_field' ? message(400, problem.reason) : readRefusalOf(problem));
      }
      return ok({
        json: () => jsonText(withFractions(engagementJson(report.value))),
        csv: () => ({ file: 'engagement.csv', text: engagementCsv(report.value) }),
        txt: () => engagementText(report.value),
      });
    },
  };
}

/** Percents have their decimal also where it is 0, as the other fractions of this dialect have: `25.0`. */
function withFractions({ parameters, summary, applications }: EngagementJson): Json {
  const groups = Object.entries(summary.groups).map(([group, figures]) => [group, fractioned(figures)] as const);
  return {
    parameters: { ...parameters },
    summary: { ...summary, groups: Object.fromEntries(groups) },
    applications: applications.map(fractioned),
  };
}

function fractioned(figures: { readonly [name: string]: Json }): { readonly [name: string]: Json } {
  const percents = Object.entries(figures).filter(([name]) => name.endsWith('_percent'));
  return {
    ...figures,
    ...Object.fromEntries(
      percents.map(([name, value]) => [name, typeof value === 'number' ? new Float(value) : value]),
    ),
  };
}

function requestOf({ tenant, parameters }: Call): Result<EngagementRequest, ReadRefusal> {
  const [planName, planText] = [parameters.get('plan_name'), parameters.get('plan_id')];
  if (planName === null && planText === null) return fail(missing('plan_name'));
  const planId = parameters.id('plan_id');
  if (planId === 'none') return fail(message(400, `plan ${planName ?? planText} not found`));
  const serviceId = parameters.id('service_id');
  const zone = zoneNamed(parameters.get('timezone'), tenant.zone);
  const until = dateOf(parameters.get('until'), zone);
  if (until === 'no date') return fail(message(400, 'Date parameters should have valid date/time format.'));
  return ok({
    organization: tenant.id,
    planName,
    planId,
    serviceId: serviceId === 'none' ? NO_ID : serviceId,
    state: parameters.get('state'),
    days: numberOf(parameters.get('days')),
    metricName: parameters.get('metric_name') ?? DEFAULT_METRIC,
    zone,
    until,
  });
}

/** NaN for what is no number, which the report refuses like any other that is out of bounds. */
function numberOf(text: string | null): number {
  if (text === null) return DEFAULT_DAYS;
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** A time of day is allowed, as in `until` of the other reads, and only its date counts. */
function dateOf(text: string | null, zone: ZoneId): LocalMs | null | 'no date' {
  if (text === null) return null;
  const at = parseDate(text, zone);
  return at === null ? 'no date' : localMidnight(localMsAt(at, zone));
}
