import type { FastifyInstance, FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { LocalMs } from '../../domain/time/civil.ts';
import { localMidnightOf } from '../../domain/time/local-text.ts';
import { parseZone } from '../../domain/time/zones.ts';
import { DEFAULT_DAYS, DEFAULT_METRIC, type EngagementRequest } from '../../reports/engagement/engagement.ts';
import { engagementCsv } from '../../reports/engagement/render-csv.ts';
import { engagementJson } from '../../reports/engagement/render-json.ts';
import { engagementText } from '../../reports/engagement/render-text.ts';
import type { EngagementReport } from '../../reports/engagement/report.ts';
import type { Services } from '../dialect.ts';
import { callerOf, type Caller } from './caller.ts';
import { problemAnswers, reference } from './route-schema.ts';
import { sendProblem } from './send-problem.ts';
import { EngagementAnswer } from './wire.ts';

const ID = '^[1-9][0-9]{0,14}$';
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TEXT = { schema: Type.String() };

const Query = Type.Object(
  {
    plan_name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'Exact name of the plan. Required unless `plan_id`.' }),
    ),
    plan_id: Type.Optional(Type.String({ pattern: ID, description: 'Id of the plan.' })),
    service_id: Type.Optional(Type.String({ pattern: ID, description: 'Only plans of this product.' })),
    state: Type.Optional(
      Type.Enum(['live', 'pending', 'suspended'], { description: 'Only applications in this state.' }),
    ),
    days: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,4}$', description: `Days of the window, 2 to 365, default ${DEFAULT_DAYS}.` }),
    ),
    metric_name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: `System name of a metric or method, default \`${DEFAULT_METRIC}\`.`,
      }),
    ),
    timezone: Type.Optional(
      Type.String({ description: 'IANA zone of the days. Default: the zone of the organization.', 'x-picker': 'zone' }),
    ),
    until: Type.Optional(
      Type.String({ description: 'Last day, `2024-03-10`. Default: today in the zone.', 'x-picker': 'date' }),
    ),
    organization: Type.Optional(
      Type.String({
        description: 'Uid or key of the organization. Default: the key’s own.',
        'x-values-from': 'organization',
      }),
    ),
    format: Type.Optional(Type.Enum(['json', 'csv', 'txt'], { description: 'Default `json`.' })),
  },
  { additionalProperties: false },
);
type Query = Static<typeof Query>;

/** `GET /api/v1/reports/engagement`: contract 6 of the 3scale dialect as a report of Tallyhouse's own (design 7). */
export function registerEngagement(
  api: FastifyInstance,
  { engagement, directory }: Pick<Services, 'engagement' | 'directory'>,
): void {
  api.get<{ Querystring: Query }>('/reports/engagement', {
    config: { needs: 'read' },
    schema: {
      operationId: 'reportEngagement',
      tags: ['Questions'],
      summary: 'Which new applications never called, stopped, or keep calling',
      description:
        'Of the applications that signed up for a plan within the window: `never_used` had no hits, `stopped` had some, but ' +
        'none in the second half of the window, `consistent` had hits in the second half. Growth is from the first half to ' +
        'the second, in percent. With the name and e-mail address of whom to write to, so the key needs the scopes `read` ' +
        'and `admin`.',
      security: [{ key: ['read', 'admin'] }],
      querystring: Query,
      response: {
        200: {
          description: 'The report.',
          content: {
            'application/json': { schema: reference(EngagementAnswer) },
            'text/csv': TEXT,
            'text/plain': TEXT,
          },
        },
        ...problemAnswers([400, 401, 403, 422, 429, 503]),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      if (!caller.credential.scopes.has('admin')) {
        const needs = 'a key with the scopes "read" and "admin", for it shows names and e-mail addresses';
        return sendProblem(request, reply, { kind: 'not_permitted', needs });
      }
      const asked = await requestFromWire(request.query, caller, directory);
      if (!asked.ok) return sendProblem(request, reply, asked.problem);
      const aborted = new AbortController();
      reply.raw.once('close', () => aborted.abort());
      const report = await engagement.run(asked.value, { tag: 'native:engagement', signal: aborted.signal });
      if (!report.ok) return sendProblem(request, reply, report.problem);
      return sendReport(reply.header('cache-control', 'no-store'), report.value, request.query.format ?? 'json');
    },
  });
}

async function requestFromWire(
  query: Query,
  caller: Caller,
  directory: Services['directory'],
): Promise<Result<EngagementRequest>> {
  const organization =
    query.organization === undefined ? caller.organization : caller.organizationNamed(query.organization);
  const own = organization === null ? undefined : (await directory.organizations()).byId(organization);
  if (own === undefined) return invalid('organization', 'is none of the organizations that the key covers');
  const zone = query.timezone === undefined ? own.zone : parseZone(query.timezone);
  if (zone === null) return invalid('timezone', 'is no IANA time zone');
  const until = query.until === undefined ? null : dateOf(query.until);
  if (until === 'no date') return invalid('until', 'has to be a date like 2024-03-10');
  return ok({
    organization: own.id,
    planName: query.plan_name ?? null,
    planId: numberOf(query.plan_id),
    serviceId: numberOf(query.service_id),
    state: query.state ?? null,
    days: numberOf(query.days) ?? DEFAULT_DAYS,
    metricName: query.metric_name ?? DEFAULT_METRIC,
    zone,
    until,
  });
}

function sendReport(reply: FastifyReply, report: EngagementReport, format: 'json' | 'csv' | 'txt'): FastifyReply {
  switch (format) {
    case 'json':
      return reply.send(engagementJson(report));
    case 'csv':
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', 'attachment; filename="engagement.csv"')
        .send(engagementCsv(report));
    case 'txt':
      return reply.type('text/plain; charset=utf-8').send(engagementText(report));
  }
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

function dateOf(text: string): LocalMs | 'no date' {
  const [, year, month, day] = DATE.exec(text) ?? [];
  return localMidnightOf(Number(year), Number(month), Number(day)) ?? 'no date';
}

function invalid(field: string, reason: string): Result<never> {
  return fail({ kind: 'invalid_field', field, reason });
}
