import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { EpochMs } from '../../domain/time/instant.ts';
import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';
import type { Job } from '../../jobs/job.ts';
import type { Services } from '../dialect.ts';
import { callerOf, type Caller } from './caller.ts';
import { namedOrganizations, OrganizationsQuery } from './organizations-query.ts';
import { limitOf, LimitQuery } from './paging.ts';
import { renderRowProblem } from './problems.ts';
import { answers } from './route-schema.ts';
import { sendProblem } from './send-problem.ts';
import { JobAnswer, JobsAnswer, type JobAnswer as Wire } from './wire.ts';

const Query = Type.Object(
  {
    ...OrganizationsQuery,
    ...LimitQuery,
    cursor: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,15}\\.job_[0-9a-f-]{36}$', description: '`next` of the page before.' }),
    ),
  },
  { additionalProperties: false },
);
const Params = Type.Object({ id: Type.String({ description: 'The `jobId` that a dialect gave out.' }) });

/** `GET /api/v1/jobs` and `/api/v1/jobs/{id}`: questions that are answered later, their progress and their history. */
export function registerJobs(api: FastifyInstance, { jobs }: Pick<Services, 'jobs'>): void {
  api.get<{ Querystring: Static<typeof Query> }>('/jobs', {
    config: { needs: 'read' },
    schema: {
      operationId: 'listJobs',
      tags: ['Questions'],
      summary: 'Jobs, newest first',
      description:
        'Questions that a dialect answers later. Active ones and those that ended and have not expired, the newest first.',
      querystring: Query,
      response: answers(JobsAnswer, 'A page of jobs.', [400, 401, 403, 429]),
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const organizations = namedOrganizations(caller, request.query);
      if (!organizations.ok) return sendProblem(request, reply, organizations.problem);
      const limit = limitOf(request.query);
      const found = await jobs.list({
        organizations: organizations.value,
        limit: limit + 1,
        before: placeOf(request.query.cursor),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        jobs: page.map((job) => jobToWire(job, caller)),
        next: found.length > limit && last !== undefined ? `${last.createdAt}.${last.id}` : null,
      };
    },
  });

  api.get<{ Params: Static<typeof Params> }>('/jobs/:id', {
    config: { needs: 'read' },
    schema: {
      operationId: 'getJob',
      tags: ['Questions'],
      summary: 'One job',
      params: Params,
      response: answers(JobAnswer, 'The job.', [401, 403, 404, 429]),
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const job = await jobs.find(id);
      const covered = caller.organizations().some((each) => each.id === job?.organization);
      if (job === null || !covered) return sendProblem(request, reply, { kind: 'not_found', what: 'job', key: id });
      return jobToWire(job, caller);
    },
  });
}

function placeOf(cursor: string | undefined): { readonly at: number; readonly id: string } | null {
  if (cursor === undefined) return null;
  const dot = cursor.indexOf('.');
  return { at: Number(cursor.slice(0, dot)), id: cursor.slice(dot + 1) };
}

function jobToWire(job: Job, caller: Caller): Wire {
  const { id, kind, state, attempts, rows, bytes, failure } = job;
  return {
    id,
    kind,
    organization: caller.uidOf(job.organization) ?? '',
    state,
    created_at: formatRfc3339Utc(job.createdAt),
    started_at: instant(job.startedAt),
    finished_at: instant(job.finishedAt),
    expires_at: instant(job.expiresAt),
    attempts,
    rows,
    bytes,
    problem: failure === null ? null : failure.problem === null ? INTERNAL : problemText(failure.problem),
  };
}

const INTERNAL = 'The server failed; its log has the id of the job.';

function problemText(problem: Parameters<typeof renderRowProblem>[0]): string {
  const { problem: text, field } = renderRowProblem(problem);
  return field === undefined ? text : `${field} ${text}`;
}

function instant(at: EpochMs | null): string | null {
  return at === null ? null : formatRfc3339Utc(at);
}
